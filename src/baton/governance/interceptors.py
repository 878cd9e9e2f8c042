"""Governance as one Temporal interceptor: hand it to a worker and no activity runs past it."""

from typing import Any

from pydantic import BaseModel
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from baton.errors import BatonError
from baton.governance.declare import Declaration, declaration_of
from baton.governance.desk import STEP_HEADER, StepHeader
from baton.governance.engine import Engine
from baton.governance.governor import Governor
from baton.governance.workflows import Inbound


class Governance(Interceptor):
    """Everything a worker needs so that policy decides and the ledger knows."""

    def __init__(self, engine: Engine) -> None:
        self._governor = Governor(engine)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Put the governor before every activity."""
        return _Activities(next, self._governor)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        """Put a desk beside every case."""
        return Inbound


class _Activities(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, governor: Governor) -> None:
        super().__init__(next)
        self._governor = governor

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        declared = declaration_of(input.fn)
        header = _header(input)
        if header is None:
            if declared.kind != "engine":
                raise ApplicationError(
                    f"activity `{declared.name}` was called outside a case: call it through a process",
                    type="forbidden",
                    non_retryable=True,
                )
            return await super().execute_activity(input)

        async def perform(*args: Any) -> Any:
            input.args = args
            return await super(_Activities, self).execute_activity(input)

        try:
            return await self._governor.run(declared, _typed(declared, input.args[0]), header, perform)
        except BatonError as error:
            # Said in the domain's words already; trying again would say the same.
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error


def _typed(declared: Declaration, argument: Any) -> BaseModel:
    """The argument as its model: Temporal leaves it plain where the function takes more than the process passed."""
    return argument if isinstance(argument, BaseModel) else declared.action.model_validate(argument)


def _header(input: ExecuteActivityInput) -> StepHeader | None:
    payload = input.headers.get(STEP_HEADER)
    return activity.payload_converter().from_payload(payload, StepHeader) if payload else None
