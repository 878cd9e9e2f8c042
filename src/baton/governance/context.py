"""The governed step that the present activity runs in; set by the inbound interceptor, read by agents and adapters."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from baton.errors import BatonError
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId, StepKey
from baton.types.people import Actor


class NoStep(BatonError):
    """This code runs only inside a governed step: call it through a process."""


class StepContext(Frozen):
    """Where the running code stands: which case, which step, under which decision, as whom."""

    case: CaseId
    process: str
    stage: str
    step: StepKey
    decision: DecisionId
    agent: Actor


_current: ContextVar[StepContext | None] = ContextVar("baton_step", default=None)


def current() -> StepContext:
    """The step at hand. Raises `NoStep` outside one."""
    found = _current.get()
    if found is None:
        raise NoStep("no governed step is running here: call this through a process")
    return found


@contextmanager
def entered(step: StepContext) -> Iterator[StepContext]:
    """Make `step` the current one while the block runs."""
    token = _current.set(step)
    try:
        yield step
    finally:
        _current.reset(token)
