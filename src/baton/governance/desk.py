"""What one running case remembers between its steps. Lives on the workflow instance; there is no module-level state."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

from baton.cases.requests import Await, CatchUp, CloseTask, Escalate, Escalated, Judged, Meanwhile, Nothing
from baton.governance.refusals import REFUSED_ANSWER
from baton.types.answers import Answer
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, StepKey, TaskId

R = TypeVar("R", bound=BaseModel)

STEP_HEADER = "baton-step"
_ATTRIBUTE = "_baton_desk"
_PATIENCE = timedelta(minutes=10)


class StepHeader(Frozen):
    """What travels with every activity: which step of which case it is, and which answer allows it."""

    case: CaseId
    process: str
    stage: str
    number: int
    revision: int = 0
    answer: str = ""
    task: str = ""

    @property
    def key(self) -> StepKey:
        """`case/step/revision`, stable over retries and replays."""
        return StepKey(f"{self.case}/{self.number}/{self.revision}")


async def book(name: str, request: BaseModel, reply: type[R]) -> R:
    """One piece of the engine's bookkeeping, as a local activity: no round trip to the server's queues."""
    return await workflow.execute_local_activity(  # type: ignore[no-any-return]  # called by name, decoded as `reply`
        name,
        request,
        result_type=reply,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5)),
        local_retry_threshold=_PATIENCE,
    )


@dataclass
class Desk:
    """One case's place: its step counter, the tasks it waits for, and the messages that came in."""

    case: CaseId
    process: str
    stage: str = "intake"
    stages: int = 0
    steps: int = 0
    deciding: set[str] = field(default_factory=set)
    judged: dict[str, Judged] = field(default_factory=dict)
    replies: list[Message] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)
    meanwhile: Meanwhile = field(default_factory=Meanwhile)

    def took(self) -> Meanwhile:
        """What the next request puts on record besides its own."""
        meanwhile, self.meanwhile = self.meanwhile, Meanwhile()
        return meanwhile

    async def catch_up(self) -> None:
        """Have it on record before anything else happens, when no handoff takes it along."""
        if self.meanwhile:
            await book("cases.catch_up", CatchUp(case=self.case, meanwhile=self.took()), Nothing)

    def step(self) -> StepHeader:
        """The next governed step. Deterministic: it counts the process's own calls."""
        self.steps += 1
        return StepHeader(case=self.case, process=self.process, stage=self.stage, number=self.steps)

    def check_shape(self, answer: Answer) -> None:
        """Refuse, before anything is written, what cannot be an answer to this case."""
        if not answer.id or not answer.task.startswith("t-"):
            raise ValueError("the answer names no task")

    async def take(self, answer: Answer) -> Judged:
        """Have an answer judged, once: while one is being judged, another for the same task is told so."""
        if answer.task in self.deciding:
            raise ApplicationError("somebody else is deciding this task just now", type=REFUSED_ANSWER, non_retryable=True)
        self.deciding.add(answer.task)
        try:
            judged = await book("cases.judge_answer", answer, Judged)
            if judged.accepted:
                self.judged[answer.task] = judged
            return judged
        finally:
            self.deciding.discard(answer.task)

    async def answer_to(self, task: TaskId, due: datetime | None) -> Judged:
        """Wait until somebody's answer is accepted, while the clock and the escalation ladder run.

        `due`: when the first rung is. Cancelling the case closes the task.
        """
        try:
            return await self._answer_on_the_clock(task, due)
        except asyncio.CancelledError:
            await book("cases.close_task", CloseTask(task=task, why="the case was cancelled"), Nothing)
            raise

    async def _answer_on_the_clock(self, task: TaskId, due: datetime | None) -> Judged:
        rung = 0
        while True:
            wait = max(due - workflow.now(), timedelta()) if due else None
            try:
                await workflow.wait_condition(lambda: task in self.judged, timeout=wait)
                return self.judged.pop(task)
            except TimeoutError:
                rung += 1
                late = Escalate(case=self.case, task=task, rung=rung, at=workflow.now())
                due = (await book("cases.escalate", late, Escalated)).next_due

    def hear(self, message: Message) -> None:
        """A message for the case; brought twice it counts once."""
        if message.id not in self.heard:
            self.heard.add(message.id)
            self.replies.append(message)

    async def next_reply(self, within: timedelta) -> Message | None:
        """The customer's next message, or None when none came in time."""
        await self.catch_up()
        if not self.replies:
            await book("cases.wait", Await(case=self.case, waiting=True), Nothing)
            try:
                await workflow.wait_condition(lambda: bool(self.replies), timeout=within)
            except TimeoutError:
                return None
            finally:
                await book("cases.wait", Await(case=self.case, waiting=False), Nothing)
        return self.replies.pop(0)


def place(desk: Desk) -> None:
    """Put the desk where the running case finds it."""
    setattr(workflow.instance(), _ATTRIBUTE, desk)


def desk() -> Desk:
    """The running case's desk."""
    found: Any = getattr(workflow.instance(), _ATTRIBUTE)
    assert isinstance(found, Desk)
    return found
