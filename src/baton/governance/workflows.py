"""The workflow side of governance: every step gets its key, waits for its person, and every case its bookkeeping."""

import re
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception
from temporalio.worker import (
    ExecuteWorkflowInput,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowOutboundInterceptor,
)

from baton.cases.requests import CaseStuck, CloseCase, Judged, Meanwhile, Nothing, OpenCase
from baton.governance import alarm
from baton.governance.desk import STEP_HEADER, Desk, StepHeader, book, desk, place
from baton.governance.refusals import Asked, Rejected, Returned, in_the_processes_words, waiting_in
from baton.types.answers import Answer
from baton.types.cases import Outcome
from baton.types.documents import Message
from baton.types.ids import CaseId, TaskId


def process_name(workflow_type: str) -> str:
    """`WarrantyClaim` is the process `warranty_claim`, whatever file it stands in."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", workflow_type).lower()


class _Step(workflow.ActivityHandle[Any]):
    """A governed step under way. `start_activity` must return a handle at once, so the waiting happens in its task."""

    def __init__(self, run: Coroutine[Any, Any, Any]) -> None:
        super().__init__(run)


class Outbound(WorkflowOutboundInterceptor):
    """Gives each activity its step key; when a person is needed, waits for them and calls again."""

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        """Start the step; the handle resolves when its effect stands or somebody said no."""
        return _Step(self._run(input, desk().step()))

    async def _run(self, call: StartActivityInput, step: StepHeader) -> Any:
        await desk().catch_up()
        while True:
            try:
                return await self._call(call, step)
            except ActivityError as error:
                waiting = waiting_in(error)
                if waiting is None:
                    raise in_the_processes_words(error) from error
            judged = await desk().answer_to(waiting.task, waiting.next_due)
            call, step = _after(judged, call, step, waiting.task)

    async def _call(self, call: StartActivityInput, step: StepHeader) -> Any:
        payload = workflow.payload_converter().to_payload(step)
        headers = {**call.headers, STEP_HEADER: payload}
        return await self.next.start_activity(replace(call, headers=headers))


def _after(judged: Judged, call: StartActivityInput, step: StepHeader, task: TaskId) -> tuple[StartActivityInput, StepHeader]:
    """What follows an accepted answer: the same call with leave, an edited call, or an error the process can catch."""
    match judged.says:
        case "approve":
            return call, step.model_copy(update={"answer": judged.answer, "task": task})
        case "edit":
            edited = type(call.args[0]).model_validate(call.args[0].model_dump(mode="json") | judged.changes)
            revised = step.model_copy(update={"revision": step.revision + 1, "answer": judged.answer, "task": task})
            return replace(call, args=[edited, *call.args[1:]]), revised
        case "reject":
            raise Rejected(judged.reason or "rejected", judged.code, judged.by)
        case "return":
            raise Returned(judged.reason or "returned", judged.code, judged.by)
        case "ask":
            raise Asked(judged.reason, judged.by)


class Inbound(WorkflowInboundInterceptor):
    """Opens the case, hears answers and messages, and closes the case with its outcome."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        """Put governance between the process and its activities."""
        super().init(Outbound(outbound))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        """Run a process as a case; a workflow that is not about a message runs as it is."""
        message = input.args[0] if input.args else None
        if not isinstance(message, Message):
            return await super().execute_workflow(input)
        info = workflow.info()
        case = CaseId(info.workflow_id)
        here = Desk(case=case, process=process_name(info.workflow_type))
        place(here)
        _listen(here)
        here.meanwhile = Meanwhile(opened=OpenCase(message=message.id))
        try:
            outcome = await super().execute_workflow(input)
        except FailureError as error:
            await _ended_badly(here, error)
            raise
        except Exception as error:
            # The code is wrong, not the world: the task fails and is tried again once the code is mended.
            alarm.drop(case, error)
            raise
        await workflow.wait_condition(workflow.all_handlers_finished)
        await book("cases.close", CloseCase(case=case, outcome=Outcome.model_validate(outcome), meanwhile=here.took()), Nothing)
        return outcome


async def _ended_badly(here: Desk, error: FailureError) -> None:
    await workflow.wait_condition(workflow.all_handlers_finished, timeout=timedelta(minutes=1))
    if is_cancelled_exception(error):
        cancelled = CloseCase(case=here.case, outcome=Outcome(result="cancelled"), meanwhile=here.took())
        await book("cases.close", cancelled, Nothing)
        return
    cause = error.cause if isinstance(error.cause, ApplicationError) else error
    await book("cases.stuck", CaseStuck(case=here.case, trouble=str(cause), meanwhile=here.took()), Nothing)


def _listen(here: Desk) -> None:
    """Handlers are set before `run`, so that nothing that arrives early is lost."""

    async def answer(said: Answer) -> Judged:
        return await here.take(said)

    def check(said: Answer) -> None:
        here.check_shape(said)

    def message(received: Message) -> None:
        here.hear(received)

    workflow.set_update_handler("answer", answer, validator=check)
    workflow.set_signal_handler("message", message)
