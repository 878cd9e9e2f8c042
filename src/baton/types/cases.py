"""A case and what happens to it."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.ids import (
    CaseId,
    CustomerId,
    DecisionId,
    Hash,
    PersonId,
    StepKey,
    TaskId,
)
from baton.types.verdicts import Clause, Proposal

CaseStatus: TypeAlias = Literal["open", "waiting", "stuck", "closed"]
TaskStatus: TypeAlias = Literal["open", "deciding", "decided", "closed"]


class Outcome(Frozen):
    """How a case ended, in the process's own words."""

    result: str = Field(description="as in `gift card`, `repair`, `declined`")
    words: str = Field(default="", description="one sentence for the table of cases")
    aside: bool = Field(default=False, description="nobody was asked and nobody answered: people look through such in bulk")


class Case(Frozen):
    """One running instance of a process."""

    id: CaseId
    process: str
    status: CaseStatus
    stage: str = ""
    subject: str = Field(default="", description="the message's subject line")
    customer: CustomerId | None = None
    tier: str = "standard"
    owner: PersonId | None = Field(
        default=None, description="the customer's named owner, constant to the end; None is `unassigned`"
    )
    holder: PersonId | None = Field(default=None, description="who holds the present stage")
    opened: AwareDatetime
    due: AwareDatetime | None = None
    closed: AwareDatetime | None = None
    outcome: Outcome | None = None
    trouble: str = Field(default="", description="why it is stuck")


class Task(Frozen):
    """Something a person has to decide: a proposal that policy does not allow alone, or a question."""

    id: TaskId
    kind: Literal["proposal", "question", "stuck"]
    case: CaseId
    process: str
    stage: str
    step: StepKey
    department: str
    title: str
    proposal: Proposal | None = None
    hash: Hash
    verdict: DecisionId | None = None
    failed: tuple[Clause, ...] = ()
    approvers: tuple[PersonId, ...] = ()
    assignee: PersonId | None = None
    editable: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    evidence: dict[str, Json] = Field(default_factory=dict)
    status: TaskStatus = "open"
    rung: int = Field(default=0, description="how often it was escalated")
    opened: AwareDatetime
    due: AwareDatetime | None = None
    decided: AwareDatetime | None = None
    note: str = Field(default="", description="what changed since it was last looked at")

    @property
    def why(self) -> str:
        """Why it needs a person, in words for staff."""
        if self.proposal is None:
            return f"a question to {self.department}: {' or '.join(self.options)}" if self.options else "a question"
        return self.note or "; ".join(clause.words for clause in self.failed) or "only a person may do this"

    @property
    def first_due(self) -> AwareDatetime | None:
        """When the first rung of the escalation ladder is due: at once where nobody is assigned."""
        return self.due if self.assignee else self.opened
