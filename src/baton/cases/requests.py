"""What a workflow asks of the engine's bookkeeping, and what it hears back. One model in, one model out."""

from datetime import timedelta

from pydantic import AwareDatetime, Field

from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.cases import Outcome
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId, PersonId, StepKey, TaskId


class OpenCase(Frozen):
    """A message becomes a case: its customer's owner is named."""

    message: str = Field(description="id of the message")


class LeaveStage(Frozen):
    """The stage's clock stops."""

    position: int
    at: AwareDatetime = Field(description="the case's own time")
    returned: str = ""


class Meanwhile(Frozen):
    """What has happened to a case since its last request. It rides on the next one: every round trip saved is throughput."""

    opened: OpenCase | None = None
    left: tuple[LeaveStage, ...] = ()

    def __bool__(self) -> bool:
        return self.opened is not None or bool(self.left)


class CatchUp(Frozen):
    """Put on record what happened before, when no other request is due."""

    case: CaseId
    meanwhile: Meanwhile


class EnterStage(Frozen):
    """A department takes the case over, with its package."""

    case: CaseId
    process: str
    position: int
    stage: str
    before: str
    package: dict[str, Json] = Field(default_factory=dict)
    within: timedelta
    at: AwareDatetime = Field(description="the case's own time: its timers and its due dates run on one clock")
    meanwhile: Meanwhile = Meanwhile()


class Entered(Frozen):
    """Who holds the stage and until when."""

    holder: PersonId | None
    due: AwareDatetime


class OpenQuestion(Frozen):
    """A department is asked something only a person can say."""

    case: CaseId
    process: str
    stage: str
    step: StepKey
    department: str
    question: str
    options: tuple[str, ...]
    evidence: dict[str, Json] = Field(default_factory=dict)
    kind: str = "question"


class Escalate(Frozen):
    """A clock ran out: the next named person takes over."""

    case: CaseId
    task: TaskId
    rung: int
    at: AwareDatetime = Field(description="the case's own time")


class Escalated(Frozen):
    """Who has it now, and when the next rung is due; None when the ladder has ended."""

    assignee: PersonId | None
    next_due: AwareDatetime | None


class Opened(Frozen):
    """A task stands; when the first rung of its ladder is due: at once where nobody is assigned."""

    task: TaskId
    next_due: AwareDatetime | None = None


class Judged(Frozen):
    """What became of a person's answer."""

    task: TaskId
    accepted: bool
    says: Says
    refusal: str = ""
    answer: DecisionId
    by: PersonId
    reason: str = ""
    code: str = ""
    changes: dict[str, Json] = Field(default_factory=dict)


class CloseCase(Frozen):
    """The process came to its end."""

    case: CaseId
    outcome: Outcome
    meanwhile: Meanwhile = Meanwhile()


class CaseStuck(Frozen):
    """The process cannot go on by itself."""

    case: CaseId
    trouble: str
    meanwhile: Meanwhile = Meanwhile()


class CloseTask(Frozen):
    """Nobody needs to decide this any more."""

    task: TaskId
    why: str


class Await(Frozen):
    """The case waits for its customer, or goes on."""

    case: CaseId
    waiting: bool


class Nothing(Frozen):
    """Done; there is nothing to say."""
