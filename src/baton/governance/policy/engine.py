"""Policies judge: may the agent act alone, who may approve, and what stands in the way, in words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from pydantic import Field

from baton.governance.policy.asking import Asking
from baton.governance.policy.bundle import Bundle
from baton.governance.policy.changes import Change, changes_of
from baton.governance.policy.clocks import Clocks
from baton.governance.policy.compiled import Compiled, compile_bundle
from baton.governance.policy.encode import attributes_of, proposers
from baton.governance.policy.lens import Answer
from baton.governance.policy.probes import Condition
from baton.governance.policy.problems import CannotJudge
from baton.governance.policy.rules import Rule
from baton.governance.policy.schema import ENGINE_ACTIONS, ENGINE_CONTEXT, verbs_of
from baton.governance.policy.shapes import Declared, EffectShape, Shapes, shapes_of
from baton.types.frozen import Frozen
from baton.types.ids import PersonId
from baton.types.people import Person
from baton.types.verdicts import Clause, Proposal, Verdict

Verb: TypeAlias = Literal["approve", "edit", "undo"]


class Permission(Frozen):
    """Whether one person may do one thing, by which rules, and what stands in the way."""

    allowed: bool
    rules: tuple[str, ...] = Field(description="ids of the rules that decided; empty where none gives the right")
    failed: tuple[Clause, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Why, in one line."""
        if self.errors:
            return "; ".join(self.errors)
        if self.allowed or self.rules:
            return f"{'allowed' if self.allowed else 'forbidden'} by {', '.join(self.rules)}"
        return "not so: " + "; ".join(clause.words for clause in self.failed) if self.failed else "no rule gives this right"


class Policies:
    """The policies in force. Compiled once; judging does no I/O and changes nothing."""

    def __init__(self, bundle: Bundle, declarations: Iterable[Declared] | None = None) -> None:
        """Raises `PolicyProblem` naming file and line when the bundle cannot be used.

        Without declarations, a stored bundle judges with the shapes it carries: those of then.
        """
        compiled = compile_bundle(bundle, None if declarations is None else shapes_of(declarations))
        self._compiled: Compiled = compiled
        self.bundle: Bundle = compiled.bundle
        """What to store by hash: the texts, with the shapes they were compiled against."""
        self.clocks: Clocks = compiled.clocks
        self.shapes: Shapes = compiled.shapes
        self.hash = self.bundle.hash

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that judges, those made from tables included."""
        return self._compiled.rules

    @property
    def actions(self) -> tuple[str, ...]:
        """Everything that can be asked about: effects, what people do about them, and the engine's own actions."""
        return self._compiled.actions()

    def rules_about(self, action: str) -> tuple[Rule, ...]:
        """The rules that can have a say about this action; none for one that is not declared."""
        return self._compiled.lens(action).rules if action in self.actions else ()

    def judge(self, proposal: Proposal, people: Sequence[Person], stopped: bool = False, *, explained: bool = True) -> Verdict:
        """The verdict on a proposal; `people` are the staff who might approve.

        A person's own proposal (an edit) is judged by their `edit` right. Anything that goes wrong denies.
        Without `explained`, failed conditions are left out: faster, for those who only compare outcomes.
        """
        try:
            effect = self._effect(proposal.action)
            asking = Asking(self._compiled, effect.resource, attributes_of(proposal, effect, stopped))
            alone = self._alone(asking, proposal, people)
        except CannotJudge as error:
            return Verdict(outcome="forbidden", rules=(), errors=(str(error),), bundle=self.hash)
        if alone.allowed:
            return Verdict(outcome="autonomous", rules=alone.rules, bundle=self.hash)
        failed = tuple(condition.clause for condition in asking.failed(alone)) if explained else ()
        if alone.rules or alone.errors or effect.name not in self._compiled.approvable:
            return Verdict(outcome="forbidden", rules=alone.rules, failed=failed, errors=alone.errors, bundle=self.hash)
        return self._for_people(asking, effect, people, failed)

    def may(self, person: Person, verb: Verb, proposal: Proposal, stopped: bool = False) -> Permission:
        """Whether this person may approve, edit or undo. Pass the edited proposal, with its editor as proposer, for `edit`."""
        try:
            effect = self._effect(proposal.action)
            if verb not in verbs_of(effect):
                raise CannotJudge(f"`{effect.name}` cannot be undone")
            asking = Asking(self._compiled, effect.resource, attributes_of(proposal, effect, stopped))
            return self._permission(asking, self._person(asking, person, verb, proposal))
        except CannotJudge as error:
            return Permission(allowed=False, rules=(), errors=(str(error),))

    def may_do(self, person: Person, action: str, context: Mapping[str, str] | None = None) -> Permission:
        """Whether this person may do this to the engine: `baton:stop`, `baton:resume` or `baton:answer`.

        `context` may say `process`, `agent`, `stage` and `department`.
        """
        said = dict.fromkeys(ENGINE_CONTEXT, "") | dict(context or {})
        if strangers := said.keys() - set(ENGINE_CONTEXT):
            return Permission(allowed=False, rules=(), errors=(f"`{min(strangers)}` is not known about `{action}`",))
        if action not in ENGINE_ACTIONS:
            return Permission(allowed=False, rules=(), errors=(f"`{action}` is not something to do to the engine",))
        asking = Asking(self._compiled, "Engine", {}, said)
        return self._permission(asking, asking.person(person, action))

    def would_change(self, proposal: Proposal, people: Sequence[Person] = (), stopped: bool = False) -> tuple[Change, ...]:
        """What would have to be otherwise to act alone: every failed condition, with its boundary where it has one."""
        try:
            effect = self._effect(proposal.action)
            asking = Asking(self._compiled, effect.resource, attributes_of(proposal, effect, stopped))
            alone = self._alone(asking, proposal, people)
            return () if alone.allowed else changes_of(asking.failed(alone), asking.attributes)
        except CannotJudge:
            return ()

    def wanted_by(self, proposal: Proposal, failed: Sequence[Clause]) -> tuple[Change, ...]:
        """What conditions that are known to have failed want, as far as they do not hold; nothing is judged anew."""
        try:
            attributes = attributes_of(proposal, self._effect(proposal.action), False)
        except CannotJudge:
            return ()
        known = {(clause.policy, clause.position) for clause in failed}
        asked = f"{proposal.action}:edit" if proposal.proposer.kind == "person" else proposal.action
        conditions = self._compiled.lens(asked).conditions
        return changes_of([one for one in conditions if (one.clause.policy, one.clause.position) in known], attributes)

    def _effect(self, action: str) -> EffectShape:
        effect = self._compiled.effects.get(action)
        if effect is None:
            raise CannotJudge(f"`{action}` is not a declared effect")
        return effect

    def _alone(self, asking: Asking, proposal: Proposal, people: Sequence[Person]) -> Answer:
        proposer = proposal.proposer
        if proposer.kind != "person":
            return asking.agent(proposer.id, proposal.action)
        person = next((person for person in people if person.id == proposer.id), None)
        if person is None:
            raise CannotJudge(f"`{proposer.id}` proposed this and is not on the staff")
        return self._person(asking, person, "edit", proposal)

    def _person(self, asking: Asking, person: Person, verb: Verb, proposal: Proposal) -> Answer:
        answerable = proposers(proposal)
        if verb == "edit" and proposal.proposer.kind == "person" and proposal.proposer.id == person.id:
            # Their own edit is theirs to make; somebody who proposed before they edited is named in the proposal they edit.
            answerable = answerable - {person.id}
        return asking.person(person, f"{proposal.action}:{verb}", sorted(answerable))

    def _permission(self, asking: Asking, answer: Answer) -> Permission:
        failed: tuple[Condition, ...] = () if answer.allowed else asking.failed(answer)
        return Permission(
            allowed=answer.allowed,
            rules=answer.rules,
            failed=tuple(condition.clause for condition in failed),
            errors=answer.errors,
        )

    def _for_people(self, asking: Asking, effect: EffectShape, people: Sequence[Person], failed: tuple[Clause, ...]) -> Verdict:
        active = [person for person in people if person.active]
        answers = asking.people(active, f"{effect.name}:approve")
        return Verdict(
            outcome="needs_approval",
            rules=tuple(sorted({rule for answer in answers if answer.allowed for rule in answer.rules})),
            failed=failed,
            approvers=tuple(PersonId(who.id) for who, answer in zip(active, answers, strict=True) if answer.allowed),
            errors=tuple(sorted({error for answer in answers for error in answer.errors})),
            bundle=self.hash,
        )


@lru_cache(maxsize=16)
def policies_of(stored: str) -> Policies:
    """The policies in a stored bundle's JSON; kept, since replay asks the same few again and again."""
    return Policies(Bundle.from_json(stored))
