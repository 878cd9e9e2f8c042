"""One row of the ledger."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId, Hash, StepKey
from baton.types.people import Actor
from baton.types.verdicts import Clause

DecisionKind: TypeAlias = Literal["finding", "verdict", "answer", "effect", "undo", "handoff", "stop"]


class Decision(Frozen):
    """Who decided what, when, on which facts, under which rules. Written before the effect it allows."""

    id: DecisionId
    kind: DecisionKind
    at: AwareDatetime
    by: Actor
    outcome: str = Field(description="as in `autonomous`, `needs_approval`, `approve`, `refused`, `written`, `failed`")
    case: CaseId | None = None
    process: str = ""
    stage: str = ""
    step: StepKey | None = None
    action: str = ""
    proposal: Hash | None = None
    rules: tuple[str, ...] = ()
    failed: tuple[Clause, ...] = ()
    bundle: Hash | None = None
    links: dict[str, str] = Field(
        default_factory=dict, description="other decisions it rests on: `verdict`, `answer`, `effect`, `undoes`"
    )
    detail: dict[str, Json] = Field(default_factory=dict, description="no personal data: it stays readable after an erasure")
    private: dict[str, Json] = Field(
        default_factory=dict, description="sealed under the subject's key; unreadable after an erasure"
    )
    subject: str = Field(default="", description="whose personal data `private` holds, as a customer id")
    trace: str = Field(default="", description="32 hexadecimal digits")
    span: str = Field(default="", description="16 hexadecimal digits")
