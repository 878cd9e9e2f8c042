"""Why a proposal needs a person: every failed condition with its rule, what is and what would have to be, and what held."""

from collections.abc import Iterator
from functools import lru_cache

from baton.console.bench import Bench
from baton.console.i18n import _, spoken
from baton.console.wording import words
from baton.governance.policy.changes import Need
from baton.governance.policy.engine import Policies
from baton.governance.policy.rules import Rule
from baton.types.cases import Task
from baton.types.frozen import Frozen
from baton.types.identity import ByIdentity
from baton.types.verdicts import Proposal


class Reason(Frozen):
    """One condition that did not hold."""

    rule: str
    position: int
    words: str
    now: str = ""
    """What is, and what would have to be, where that can be said in one line."""
    cites: tuple[str, ...] = ()


class Passed(Frozen):
    """One rule of which something held."""

    rule: str
    words: tuple[str, ...]


class Why(Frozen):
    """Everything that the policies said about acting alone."""

    reasons: tuple[Reason, ...]
    passed: tuple[Passed, ...]
    version: str
    """The hash of the policies and tables that judged."""
    nobody: bool = False
    """No rule lets an agent do this alone, whatever the facts."""

    @property
    def held(self) -> int:
        """How many conditions held."""
        return sum(len(rule.words) for rule in self.passed)


def why(bench: Bench, task: Task) -> Why:
    """The reasons of a task's verdict, in the words of the rules that are in force."""
    return _why(bench.engine.policies, ByIdentity(task), spoken())


@lru_cache(maxsize=1024)
def _why(policies: Policies, very: ByIdentity[Task], language: str) -> Why:
    task = very.it
    assert task.proposal is not None
    changes = policies.wanted_by(task.proposal, task.failed)
    needs = {(change.clause.policy, change.clause.position): change.needs for change in changes}
    reasons = tuple(
        Reason(
            rule=clause.policy,
            position=clause.position,
            words=clause.words,
            now="; ".join(_need(need) for need in needs.get((clause.policy, clause.position), ())),
            cites=tuple(cite.partition(".")[2] for cite in clause.cites),
        )
        for clause in task.failed
    )
    rules = _alone(policies, task.proposal)
    failed = {(clause.policy, clause.position) for clause in task.failed}
    named = {reason.rule for reason in reasons}
    passed = tuple(
        Passed(rule=rule.id, words=held)
        for rule in rules
        if rule.id in named and (held := tuple(text for at, text in enumerate(rule.words, 1) if (rule.id, at) not in failed))
    )
    return Why(reasons=reasons, passed=passed, version=policies.hash, nobody=not reasons)


def _alone(policies: Policies, proposal: Proposal) -> Iterator[Rule]:
    """The rules by which an agent may do it alone."""
    return (rule for rule in policies.rules_about(proposal.action) if rule.permits)


def _need(need: Need) -> str:
    if need.value in ("yes", "no"):
        return _("%(what)s: %(now)s") % {"what": _attribute(need.attribute), "now": need.now}
    parts = {"what": _attribute(need.attribute), "now": need.now, "op": _(need.op), "value": need.value}
    return _("%(what)s is %(now)s, would have to be %(op)s %(value)s") % parts


def _attribute(dotted: str) -> str:
    parts = [part for part in dotted.split(".") if part not in ("action", "facts", "resource")]
    return words(parts[0]) if parts else dotted
