"""The verbs a process is written in: `stage`, `do`, `ask`, `reply`.

    async with stage(CLAIMS, within=hours(8), package=ClaimFile(...)):
        card = await do(erp.issue_gift_card, GiftCard(order=order.order, amount=order.paid))

Governance is not something a process remembers to call: it happens inside every activity.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NewType, TypeVar, overload

from pydantic import BaseModel, Field
from temporalio import workflow
from temporalio.common import RetryPolicy

from baton.cases.requests import Entered, EnterStage, LeaveStage, Opened, OpenQuestion
from baton.governance.declare import About, declaration_of
from baton.governance.desk import book, desk
from baton.governance.permits import Permit
from baton.governance.refusals import Asked, Forbidden, Rejected, Returned, Unknown
from baton.types.canonical import Json, plain
from baton.types.cases import Outcome
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import PersonId

__all__ = [
    "Asked",
    "Choice",
    "Department",
    "Forbidden",
    "Message",
    "Outcome",
    "Rejected",
    "Returned",
    "Takes",
    "Unknown",
    "ask",
    "days",
    "do",
    "hours",
    "reply",
    "stage",
]

Department = NewType("Department", str)
A = TypeVar("A", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)


class Takes(Frozen):
    """Which messages a process is for: a module-level `TAKES` in its file; without one, the door never chooses it."""

    means: str
    """In one sentence, what such a message wants."""
    examples: tuple[str, ...] = ()
    """How people put it, in any language; the offline classifier learns from them."""


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    """So many days."""
    return timedelta(days=count)


@overload
async def do(activity: Callable[[A], Awaitable[R]], argument: A) -> R: ...
@overload
async def do(activity: Callable[[A, Permit], Awaitable[R]], argument: A) -> R: ...
@overload
async def do(activity: Callable[[A, Permit, About], Awaitable[R]], argument: A) -> R: ...
@overload
async def do(activity: Callable[[A, About], Awaitable[R]], argument: A) -> R: ...
@overload
async def do(activity: Callable[[A], Awaitable[BaseModel]], argument: A, *, into: type[R]) -> R: ...
async def do(activity: Callable[..., Awaitable[Any]], argument: BaseModel, *, into: type[Any] | None = None) -> Any:
    """Do one thing in the world, or look one up: `workflow.execute_activity` with what the activity declared.

    Raises `Forbidden` when policy allows it to nobody, `Rejected`, `Returned` or `Asked` when a person says so, and `Unknown`
    when nobody can tell whether it happened.
    Faults of the outside world are tried again until they pass.
    """
    declared = declaration_of(activity)
    return await workflow.execute_activity(
        declared.name,
        argument,
        result_type=into or declared.result,
        task_queue=f"{workflow.info().task_queue}-pages" if declared.queue == "pages" else None,
        start_to_close_timeout=declared.timeout,
        heartbeat_timeout=declared.silence,
        retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
        summary=declared.name,
    )


@asynccontextmanager
async def stage(department: Department, *, within: timedelta, package: BaseModel | None = None) -> AsyncIterator[Entered]:
    """One department's part of the case.

    On entry the package is handed over, somebody there is named and the clock starts; on leaving it stops. `within` counts
    unless the clock table has a row for this process, stage and customer tier.
    """
    here = desk()
    before, here.stage = here.stage, department
    here.stages += 1
    position = here.stages
    contents: dict[str, Json] = plain(package) if package else {}
    handoff = EnterStage(
        case=here.case,
        process=here.process,
        position=position,
        stage=department,
        before=before,
        package=contents,
        within=within,
        at=workflow.now(),
        meanwhile=here.took(),
    )
    entered = await book("cases.enter_stage", handoff, Entered)
    code, forgotten = "", False
    try:
        yield entered
    except Returned as returned:
        code = returned.code
        raise
    except GeneratorExit:
        forgotten = True  # the worker lets go of the case; where it goes on, this stage is still held
        raise
    finally:
        if not forgotten:
            here.stage = before
            left = LeaveStage(position=position, at=workflow.now(), returned=code)
            here.meanwhile = here.meanwhile.model_copy(update={"left": (*here.meanwhile.left, left)})


class Choice(Frozen):
    """What a person chose, and why."""

    option: str
    reason: str = ""
    by: PersonId
    values: dict[str, Json] = Field(default_factory=dict)


async def ask(department: Department, question: str, *, options: Sequence[str], evidence: BaseModel | None = None) -> Choice:
    """Ask a department something only a person can say; the clock of the stage and its escalation ladder run."""
    here = desk()
    await here.catch_up()
    step = here.step()
    asked = OpenQuestion(
        case=here.case,
        process=here.process,
        stage=here.stage,
        step=step.key,
        department=department,
        question=question,
        options=tuple(options),
        evidence=plain(evidence) if evidence else {},
    )
    opened = await book("cases.open_question", asked, Opened)
    said = await here.answer_to(opened.task, opened.next_due)
    if said.says == "return":
        raise Returned(said.reason or "returned", said.code, said.by)
    if said.says == "ask":
        raise Asked(said.reason, said.by)
    option = str(said.changes.get("option", options[0] if said.says == "approve" else options[-1]))
    return Choice(option=option, reason=said.reason, by=said.by, values=said.changes)


async def reply(*, within: timedelta) -> Message | None:
    """The customer's next message for this case, or None when none came in time."""
    return await desk().next_reply(within)
