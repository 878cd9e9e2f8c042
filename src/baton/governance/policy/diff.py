"""Two versions of the policies compared: what would flip on a boundary grid and on past decisions, and how much money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal

from cedarpy import pst
from pydantic import Field

from baton.governance.policy.engine import Policies
from baton.governance.policy.grid import grid
from baton.governance.policy.rules import Rule
from baton.governance.policy.shapes import EffectShape
from baton.types.frozen import Frozen
from baton.types.ids import PersonId
from baton.types.money import Money
from baton.types.people import Person
from baton.types.verdicts import Proposal, Verdict

GRID_SIZE: Final = 800
"""Proposals an action: enough for every single boundary of some twenty rules."""


class Flip(Frozen):
    """Decisions that the new version takes otherwise, all in the same way."""

    source: Literal["grid", "past"]
    action: str
    before: str = Field(description="as in `alone`, `approval by claims-handler`, `forbidden`")
    after: str
    count: int
    currency: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    total: Decimal | None = Field(default=None, description="the money at stake in past decisions")
    example: str = Field(default="", description="the case, for a past decision; what is peculiar, for one on the grid")


class Difference(Frozen):
    """What two versions decide differently."""

    grid: int = Field(description="proposals tried on the boundary grid")
    missed: int = Field(description="single boundaries there was no room for: ask for more points to try them")
    past: int = Field(description="past decisions tried")
    flips: tuple[Flip, ...]


def diff(
    old: Policies,
    new: Policies,
    people: Sequence[Person] = (),
    past: Iterable[Proposal] = (),
    size: int = GRID_SIZE,
    seed: int = 1,
) -> Difference:
    """Judge the same proposals under both. On the grid, one imagined person holds each role; on past decisions, `people` do."""
    tried, missed, flips = 0, 0, []
    for effect in _effects(old, new):
        around = grid(effect, _families(effect, old, new), size, seed)
        tried, missed = tried + len(around.proposals), missed + around.missed
        flips += _flips("grid", around.proposals, old, new, _cast(effect, old, new))
    recorded = list(past)
    flips += _flips("past", recorded, old, new, people)
    return Difference(grid=tried, missed=missed, past=len(recorded), flips=tuple(flips))


def _effects(old: Policies, new: Policies) -> tuple[EffectShape, ...]:
    known = {effect.name: effect for policies in (old, new) for effect in policies.shapes.effects}
    return tuple(known[name] for name in sorted(known))


def _families(effect: EffectShape, old: Policies, new: Policies) -> list[list[Rule]]:
    """The permits about an effect, both versions of one rule together."""
    families: dict[str, list[Rule]] = {}
    for policies in (old, new):
        for action in (effect.name, f"{effect.name}:approve"):
            for rule in policies.rules_about(action):
                if rule.permits:
                    families.setdefault(rule.id, []).append(rule)
    return [families[name] for name in sorted(families)]


def _cast(effect: EffectShape, old: Policies, new: Policies) -> list[Person]:
    rules = [rule for policies in (old, new) for rule in policies.rules_about(f"{effect.name}:approve")]
    roles = sorted({role for rule in rules if (role := _role(rule))})
    return [
        Person(id=PersonId(role), name=role, department="imagined", roles=frozenset({role}), email="nobody@example.invalid")
        for role in roles
    ]


def _role(rule: Rule) -> str:
    scope = rule.template.principal
    return scope.entity.id if isinstance(scope, pst.ScopeIsIn) and isinstance(scope.entity, pst.EntityUid) else ""


def _flips(
    source: Literal["grid", "past"], proposals: Iterable[Proposal], old: Policies, new: Policies, people: Sequence[Person]
) -> list[Flip]:
    found: dict[tuple[str, str, str, str], list[tuple[Decimal | None, Proposal]]] = {}
    for proposal in proposals:
        before, after = (_words(version.judge(proposal, people, explained=False)) for version in (old, new))
        if before != after:
            money = _money(proposal, new) or _money(proposal, old)
            key = (proposal.action, before, after, money.currency if money else "")
            found.setdefault(key, []).append((money.amount if money else None, proposal))
    return [_flip(source, key, cases, old, new) for key, cases in sorted(found.items())]


def _flip(
    source: Literal["grid", "past"],
    key: tuple[str, str, str, str],
    cases: list[tuple[Decimal | None, Proposal]],
    old: Policies,
    new: Policies,
) -> Flip:
    action, before, after, currency = key
    amounts = [amount for amount, _ in cases if amount is not None]
    return Flip(
        source=source,
        action=action,
        before=before,
        after=after,
        count=len(cases),
        currency=currency,
        lowest=min(amounts, default=None),
        highest=max(amounts, default=None),
        total=sum(amounts, Decimal(0)) if source == "past" and amounts else None,
        example=cases[0][1].case if source == "past" else _peculiar([proposal for _, proposal in cases], old, new),
    )


def _peculiar(proposals: list[Proposal], old: Policies, new: Policies) -> str:
    """The conditions that decide between the two, most often named first."""
    named: Counter[str] = Counter()
    for proposal in proposals[:50]:
        failed = [{clause.words for clause in policies.judge(proposal, ()).failed} for policies in (old, new)]
        named.update(failed[0] ^ failed[1])
    return "; ".join(words for words, _ in named.most_common(2))


def _words(verdict: Verdict) -> str:
    if verdict.outcome == "needs_approval":
        return f"approval by {', '.join(verdict.approvers) or 'nobody'}"
    return "alone" if verdict.outcome == "autonomous" else "forbidden"


def _money(proposal: Proposal, policies: Policies) -> Money | None:
    effect = policies.shapes.of(proposal.action)
    if effect is None or effect.money is None:
        return None
    side, _, name = effect.money.partition(".")
    return Money.model_validate((proposal.arguments if side == "action" else proposal.facts)[name])
