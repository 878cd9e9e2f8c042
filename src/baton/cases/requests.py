"""What a workflow asks of the engine's bookkeeping, and what it hears back. One model in, one model out."""

from datetime import timedelta

from pydantic import AwareDatetime, Field

from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.cases import Outcome
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId, PersonId, StepKey, TaskId


class OpenCase(Frozen):
    """A message becomes a case."""

    case: CaseId
    process: str
    message: Message


class Opened(Frozen):
    """The case stands, with its owner named."""

    owner: PersonId | None


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


class Entered(Frozen):
    """Who holds the stage and until when."""

    holder: PersonId | None
    due: AwareDatetime


class LeaveStage(Frozen):
    """The stage's clock stops."""

    case: CaseId
    position: int
    returned: str = ""


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


class TaskRef(Frozen):
    """A task, by id."""

    task: TaskId


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


class CaseStuck(Frozen):
    """The process cannot go on by itself."""

    case: CaseId
    trouble: str


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
