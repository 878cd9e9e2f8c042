"""Why a recorded verdict came out as it did: the rules of then in their authors' words, and what would have changed it."""

from collections.abc import Sequence

from pydantic import Field

from baton.governance.policy.bundle import Bundle
from baton.governance.policy.changes import Change
from baton.governance.policy.engine import Policies, policies_of
from baton.types.frozen import Frozen
from baton.types.ids import Hash
from baton.types.people import Person
from baton.types.verdicts import Proposal, Verdict


class Recorded(Frozen):
    """What the record holds about one verdict."""

    proposal: Proposal
    bundle: Bundle
    people: tuple[Person, ...] = Field(default=(), description="the staff of then, where the verdict depended on it")


class Said(Frozen):
    """One rule that decided."""

    rule: str
    reason: str
    place: str = Field(description="file and line in the bundle of then")


class Why(Frozen):
    """A verdict, explained from the text of then."""

    action: str
    outcome: str
    rules: tuple[Said, ...]
    changes: tuple[Change, ...] = Field(description="every condition that failed, and what would have satisfied it")
    approvers: tuple[str, ...]
    errors: tuple[str, ...]
    bundle: Hash


def why(recorded: Recorded) -> Why:
    """Judge a recorded proposal again under its own bundle, and say why it comes out so."""
    policies = policies_of(recorded.bundle.to_json())
    verdict = policies.judge(recorded.proposal, recorded.people)
    return Why(
        action=recorded.proposal.action,
        outcome=verdict.outcome,
        rules=_said(policies, verdict),
        changes=policies.would_change(recorded.proposal, recorded.people),
        approvers=verdict.approvers,
        errors=verdict.errors,
        bundle=verdict.bundle,
    )


def _said(policies: Policies, verdict: Verdict) -> tuple[Said, ...]:
    known: Sequence[Said] = [
        Said(rule=rule.id, reason=rule.reason, place=f"{rule.file}:{rule.line}")
        for rule in policies.rules
        if rule.id in verdict.rules
    ]
    return tuple(known)
