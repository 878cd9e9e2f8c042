"""Governance as one Temporal interceptor: hand it to a worker and no activity runs past it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from baton.governance.courtesy import Courtesy
from baton.governance.declare import Declaration, declaration_of
from baton.governance.desk import STEP_HEADER, StepHeader
from baton.governance.engine import Engine
from baton.governance.governor import Governor
from baton.governance.workflows import Inbound


class Governance(Interceptor):
    """Everything a worker needs so that policy decides and the ledger knows."""

    def __init__(self, engine: Engine) -> None:
        self._governor, self._courtesy = Governor(engine), engine.courtesy

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Put the governor before every activity."""
        return _Activities(next, self._governor, self._courtesy)

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        """Put a desk beside every case."""
        return Inbound


class _Activities(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, governor: Governor, courtesy: Courtesy) -> None:
        super().__init__(next)
        self._governor, self._courtesy = governor, courtesy

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

        await self._courtesy.give_way()

        async def perform(*args: Any) -> Any:
            input.args = args
            return await super(_Activities, self).execute_activity(input)

        try:
            async with signs_of_life(declared):
                return await self._governor.run(declared, _typed(declared, input.args[0]), header, perform)
        except BatonError as error:
            # Said in the domain's words already; trying again would say the same.
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error


@asynccontextmanager
async def signs_of_life(declared: Declaration) -> AsyncIterator[None]:
    """Tell the server that an agent still thinks, so that one whose worker was killed begins again soon."""
    if declared.kind != "agent":
        yield
        return
    telling = asyncio.create_task(_tell(declared))
    try:
        yield
    finally:
        telling.cancel()


async def _tell(declared: Declaration) -> None:
    assert declared.silence
    while True:
        activity.heartbeat()
        await asyncio.sleep(declared.silence.total_seconds() / 6)


def _typed(declared: Declaration, argument: Any) -> BaseModel:
    """The argument as its model: Temporal leaves it plain where the function takes more than the process passed."""
    return argument if isinstance(argument, BaseModel) else declared.action.model_validate(argument)


def _header(input: ExecuteActivityInput) -> StepHeader | None:
    payload = input.headers.get(STEP_HEADER)
    return activity.payload_converter().from_payload(payload, StepHeader) if payload else None
