"""Asks for an undo and waits for it."""

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError

from baton.cases.clock import now
from baton.governance.stamps import SignIn
from baton.governance.undoing import CannotUndo, Undone, UndoRequest
from baton.types.answers import Stamp
from baton.types.ids import DecisionId, PersonId


async def ask_for_undo(
    client: Client, sign_in: SignIn, decision: DecisionId, person: PersonId, reason: str, queue: str
) -> Undone:
    """Have an effect taken back; asked twice it happens once. Raises `CannotUndo` with the reason."""
    if not reason.strip():
        raise CannotUndo("say why: an undo needs a reason")
    unsigned = UndoRequest(decision=decision, person=person, reason=reason, stamp=Stamp(expires=now(), signature=""))
    request = unsigned.model_copy(update={"stamp": sign_in.stamp(unsigned)})
    try:
        return await client.execute_workflow(  # type: ignore[no-any-return]  # started by name
            "Undo",
            request,
            id=f"undo-{decision}",
            task_queue=queue,
            result_type=Undone,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
    except WorkflowFailureError as error:
        cause = error.cause.cause if isinstance(error.cause, ActivityError) else error.cause
        raise CannotUndo(cause.message if isinstance(cause, ApplicationError) else str(cause)) from error
