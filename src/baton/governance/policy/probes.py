"""Probes: every permit split into its scope and its conditions, so that Cedar itself says which condition failed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cedarpy import PolicySet, pst

from baton.governance.policy.atoms import Atom, atoms_of, cites
from baton.governance.policy.rules import Rule, policy_set
from baton.types.verdicts import Clause


@dataclass(frozen=True)
class Condition:
    """One condition of one rule, as it is explained."""

    clause: Clause
    atoms: tuple[Atom, ...] | None

    @property
    def probe(self) -> str:
        """The id under which Cedar is asked about it."""
        return f"{self.clause.policy}#{self.clause.position}"


@dataclass(frozen=True)
class Probe:
    """One rule, ready to be asked piece by piece."""

    rule: Rule
    conditions: tuple[Condition, ...]

    @property
    def leading(self) -> tuple[Condition, ...]:
        """The conditions that say what the rule is about."""
        return self.conditions[: self.rule.applies]


class Probes:
    """The permits about one action, asked piece by piece."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.probes = tuple(Probe(rule, tuple(_conditions(rule))) for rule in rules if rule.permits)
        self.policies: PolicySet = policy_set(piece for probe in self.probes for piece in _pieces(probe.rule))

    def failed(self, ask: Callable[[PolicySet], Iterable[str]]) -> tuple[Condition, ...]:
        """Every failed condition of the rules whose scope fits and which are about what is asked.

        Where no rule is about it (another currency, another process), only what says so, of the rules that come nearest.
        """
        fired = set(ask(self.policies))
        fitting = [probe for probe in self.probes if f"{probe.rule.id}#0" in fired]
        astray = {probe.rule.id: [c for c in probe.leading if c.probe not in fired] for probe in fitting}
        fewest = min((len(missing) for missing in astray.values()), default=0)
        if fewest:
            return tuple(condition for missing in astray.values() if len(missing) == fewest for condition in missing)
        about = (probe for probe in fitting if not astray[probe.rule.id])
        return tuple(condition for probe in about for condition in probe.conditions if condition.probe not in fired)


def _conditions(rule: Rule) -> Iterable[Condition]:
    for position, (clause, words) in enumerate(zip(rule.template.clauses, rule.words, strict=True), start=1):
        said = words or f"condition {position} of `{rule.id}`"
        yield Condition(Clause(policy=rule.id, position=position, words=said, cites=cites(clause)), atoms_of(clause))


def _pieces(rule: Rule) -> Iterable[pst.Template]:
    notes: Mapping[str, Any] = {}
    yield replace(rule.template, id=f"{rule.id}#0", clauses=(), annotations=notes)
    for position, clause in enumerate(rule.template.clauses, start=1):
        yield replace(rule.template, id=f"{rule.id}#{position}", clauses=(clause,), annotations=notes)
