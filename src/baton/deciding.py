"""How what a person says reaches the case: signed, sent as a Temporal update under its own id, safe to send again."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from baton.cases.clock import now
from baton.cases.requests import Judged
from baton.errors import BatonError
from baton.governance.stamps import SignIn
from baton.types.answers import Answer, Says, Stamp
from baton.types.canonical import Json
from baton.types.cases import Task
from baton.types.ids import PersonId

PATIENCE = 20.0
"""Seconds to wait for the case to take an answer before it is shown as pending."""


class Pending(BatonError):
    """The answer was sent and nobody has taken it yet; the same answer can be sent again."""


class Refused(BatonError):
    """The answer does not count; the reason is on record."""


class NobodyWaits(Refused):
    """The case has ended: nothing there takes answers any more."""


def signed(
    sign_in: SignIn,
    task: Task,
    person: PersonId,
    says: Says,
    *,
    changes: Mapping[str, Json] | None = None,
    reason: str = "",
    code: str = "",
    seconds: float = 0,
    shown: Sequence[str] = (),
) -> Answer:
    """An answer to the task as it was seen, signed for the person who signed in."""
    unsigned = Answer(
        id=str(uuid.uuid4()),
        task=task.id,
        person=person,
        says=says,
        proposal=task.hash,
        changes=dict(changes or {}),
        reason=reason,
        code=code,
        seconds=seconds,
        shown=tuple(shown),
        stamp=Stamp(expires=now(), signature=""),
    )
    return unsigned.model_copy(update={"stamp": sign_in.stamp(unsigned)})


async def send(client: Client, case: str, answer: Answer, patience: float = PATIENCE) -> Judged:
    """Hand the answer to its case. Raises `Refused` with the reason, or `Pending` while nobody takes it."""
    handle = client.get_workflow_handle(case)
    try:
        judged: Judged = await asyncio.wait_for(
            handle.execute_update("answer", answer, id=answer.id, result_type=Judged), timeout=patience
        )
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise Pending(
            f"answer to `{answer.task}` is pending: it counts as soon as a worker takes it; `baton up` starts one"
        ) from error
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        raise Refused(cause.message if isinstance(cause, ApplicationError) else str(cause)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NobodyWaits(f"case `{case}` does not wait for answers any more") from error
        raise Pending(
            f"answer to `{answer.task}` could not be delivered: {error.message}; send it again when the server is back"
        ) from error
    if not judged.accepted:
        raise Refused(judged.refusal)
    return judged
