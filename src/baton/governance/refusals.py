"""How governance says no through Temporal: typed errors that a process can catch, and their wire form."""

from datetime import timedelta
from typing import Any

from pydantic import AwareDatetime
from temporalio.exceptions import ActivityError, ApplicationError, ApplicationErrorCategory

from baton.types.frozen import Frozen
from baton.types.ids import DecisionId, TaskId

NEEDS_APPROVAL = "needs_approval"
FORBIDDEN = "forbidden"
STOPPED = "stopped"
BUSY = "busy"
FATE_UNKNOWN = "fate_unknown"
REJECTED = "rejected"
RETURNED = "returned"
ASKED = "asked"
REFUSED_ANSWER = "refused"


class Forbidden(ApplicationError):
    """Policy allows this to nobody. `rules` names what decided."""

    def __init__(self, message: str, decision: str = "") -> None:
        super().__init__(message, decision, type=FORBIDDEN, non_retryable=True)
        self.decision = decision


class Rejected(ApplicationError):
    """A person said no to the proposal; `code` and `reason` say why."""

    def __init__(self, message: str, code: str = "", by: str = "") -> None:
        super().__init__(message, code, by, type=REJECTED, non_retryable=True)
        self.code = code
        self.by = by


class Returned(ApplicationError):
    """The receiving department sent the case back with a coded reason."""

    def __init__(self, message: str, code: str = "", by: str = "") -> None:
        super().__init__(message, code, by, type=RETURNED, non_retryable=True)
        self.code = code
        self.by = by


class Asked(ApplicationError):
    """A person wants something from the customer before they decide; `message` is their question."""

    def __init__(self, message: str, by: str = "") -> None:
        super().__init__(message, by, type=ASKED, non_retryable=True)
        self.by = by


class Unknown(ApplicationError):
    """Nobody can tell whether the effect happened: the process asks a person, and never simply repeats it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, type=FATE_UNKNOWN, non_retryable=True)


class Waiting(Frozen):
    """What a `needs_approval` error carries back to the workflow."""

    task: TaskId
    title: str
    department: str
    verdict: DecisionId
    approvers: tuple[str, ...] = ()
    next_due: AwareDatetime | None = None


def needs_approval(waiting: Waiting) -> ApplicationError:
    """The error that makes the workflow wait for a person. Benign: it is everyday work, not a fault."""
    return ApplicationError(
        waiting.title,
        waiting.model_dump(mode="json"),
        type=NEEDS_APPROVAL,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )


def stopped(words: str, every: timedelta) -> ApplicationError:
    """The stop switch is on: Temporal asks again after `every`, and goes on once it is lifted."""
    return ApplicationError(words, type=STOPPED, next_retry_delay=every, category=ApplicationErrorCategory.BENIGN)


def busy(words: str, every: timedelta) -> ApplicationError:
    """Another step is changing the same facts: Temporal asks again after `every`."""
    return ApplicationError(words, type=BUSY, next_retry_delay=every, category=ApplicationErrorCategory.BENIGN)


def waiting_in(error: ActivityError) -> Waiting | None:
    """What the error waits for, or None when it is another kind of error."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == NEEDS_APPROVAL:
        return Waiting.model_validate(cause.details[0])
    return None


def in_the_processes_words(error: ActivityError) -> Exception:
    """The error as a process catches it: `Forbidden` rather than an activity error with a cause."""
    cause: Any = error.cause
    if isinstance(cause, ApplicationError) and cause.type == FORBIDDEN:
        return Forbidden(cause.message, *[str(detail) for detail in cause.details[:1]])
    if isinstance(cause, ApplicationError) and cause.type == FATE_UNKNOWN:
        return Unknown(cause.message)
    return error
