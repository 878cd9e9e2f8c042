"""The policy's answer to a proposal, as data: outcome, rules, and every condition that failed."""

from typing import Literal, TypeAlias

from pydantic import Field

from baton.types.canonical import Json, hash_of
from baton.types.findings import Trust
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId, Hash, PersonId, StepKey
from baton.types.people import Actor

Outcome: TypeAlias = Literal["autonomous", "needs_approval", "forbidden"]


class Clause(Frozen):
    """One condition of one rule that did not hold."""

    policy: str = Field(description="the rule's id, as in `gift-card.alone`")
    position: int = Field(description="1 for the first `when` or `unless` of the rule")
    words: str = Field(description="the condition in words, from the rule's own annotation")
    cites: tuple[str, ...] = Field(default=(), description="attributes it reads, as in `facts.in_warranty`")


class Proposal(Frozen):
    """An action, the facts about it and the findings it rests on: what a verdict judges and an approval is bound to."""

    case: CaseId
    process: str
    stage: str
    tier: str = Field(default="standard", description="customer tier, a fact")
    step: StepKey
    action: str = Field(description="the activity's name, as in `erp.issue_gift_card`")
    resource: str = Field(description="the action model's name, as in `GiftCard`")
    arguments: dict[str, Json]
    facts: dict[str, Json]
    trust: Trust
    findings: tuple[DecisionId, ...] = ()
    spent: dict[str, str] = Field(
        default_factory=dict, description="cumulative amounts with this one included: `customer_year`, `process_day`"
    )
    proposer: Actor
    answerable: tuple[PersonId, ...] = Field(
        default=(), description="people who proposed or edited it, and so may not approve it"
    )

    @property
    def hash(self) -> Hash:
        """What an approval is bound to: everything but the running totals, which move with other cases."""
        return hash_of(self.model_dump(mode="json", exclude={"spent"}))


class Verdict(Frozen):
    """What policy says. `forbidden` when nothing permits it or a hard rule forbids it."""

    outcome: Outcome
    rules: tuple[str, ...] = Field(description="ids of the rules that decided")
    failed: tuple[Clause, ...] = Field(default=(), description="every failed condition of the rules for acting alone")
    approvers: tuple[PersonId, ...] = Field(default=(), description="active people who may approve it")
    errors: tuple[str, ...] = Field(default=(), description="what the policy engine stumbled over; any error denies")
    bundle: Hash = Field(description="hash of the policies and tables that judged")
