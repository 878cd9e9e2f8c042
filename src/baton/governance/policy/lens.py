"""The part of the policies that can have a say about one action, ready to be asked.

Cedar spends most of its time reading attributes, so a lens shows it those that its own rules name, and no others.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cedarpy

from baton.governance.policy.atoms import cites
from baton.governance.policy.encode import Uid, uid
from baton.governance.policy.probes import Condition, Probes
from baton.governance.policy.problems import CannotJudge
from baton.governance.policy.rules import Rule, cedar_text, policy_set
from baton.governance.policy.schema import cedar_schema
from baton.governance.policy.shapes import EffectShape, Shape, Shapes

_KEPT: Final = 256


@dataclass(frozen=True)
class Answer:
    """What Cedar said to one question, and the question, so that it can be asked again piece by piece."""

    allowed: bool
    rules: tuple[str, ...]
    """The permits that let it pass; or the forbids that do not."""
    errors: tuple[str, ...]
    request: dict[str, Any]
    entities: cedarpy.Entities


class Lens:
    """The rules about one action. The same question gets the answer it got before, without asking Cedar again."""

    def __init__(self, action: str, effect: EffectShape | None, rules: Iterable[Rule]) -> None:
        self.action = action
        self.rules = tuple(rules)
        self._shown = Shape(kind="record") if effect is None else _narrowed(effect, self.rules)
        own = {} if effect is None else {effect.resource: self._shown}
        schema = cedar_schema(Shapes(effects=() if effect is None else (effect,)), own)
        self.schema = cedarpy.Schema.from_str(schema)
        self._policies = policy_set(rule.template for rule in self.rules)
        self._probes = Probes(self.rules)
        self._answers = lru_cache(maxsize=_KEPT)(self._asked)
        self._people = lru_cache(maxsize=64)(self._read)
        self._failed: dict[int, tuple[Answer, tuple[Condition, ...]]] = {}

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition of its permits."""
        return tuple(condition for probe in self._probes.probes for condition in probe.conditions)

    def answers(self, it: dict[str, Any], askers: list[dict[str, Any]], context: str) -> tuple[Answer, ...]:
        """The answer for each asker, in their order."""
        text = json.dumps([{**it, "attrs": _seen(it["attrs"], self._shown)}])
        return self._answers(text, json.dumps(askers), it["uid"]["type"], context)

    def failed(self, answer: Answer) -> tuple[Condition, ...]:
        """Every condition that stood in the way of this answer."""

        def ask(probes: cedarpy.PolicySet) -> list[str]:
            return cedarpy.is_authorized(answer.request, probes, answer.entities, self.schema).diagnostics.reasons

        if (known := self._failed.get(id(answer))) is None or known[0] is not answer:
            if len(self._failed) >= _KEPT:
                self._failed.clear()
            known = self._failed[id(answer)] = (answer, self._probes.failed(ask))
        return known[1]

    def _asked(self, text: str, askers: str, kind: str, context: str) -> tuple[Answer, ...]:
        try:
            people, who = self._people(askers)
            entities = people.with_added_json_str(text, self.schema)
        except ValueError as error:
            raise CannotJudge(f"what is known about `{self.action}` does not fit the schema: {error}") from error
        requests = [self._request(one, kind, context) for one in who]
        results = cedarpy.is_authorized_batch(requests, self._policies, entities, self.schema)
        return tuple(_answer(result, request, entities) for result, request in zip(results, requests, strict=True))

    def _read(self, askers: str) -> tuple[cedarpy.Entities, tuple[Uid, ...]]:
        """Whoever may be asked about: the same staff about one thing after the other."""
        return cedarpy.Entities.from_json_str(askers, self.schema), tuple(one["uid"] for one in json.loads(askers))

    def _request(self, who: Uid, kind: str, context: str) -> dict[str, Any]:
        return {"principal": who, "action": uid("Action", self.action), "resource": uid(kind, "it"), "context": context}


def check_all(schema: cedarpy.Schema, rules: Sequence[Rule]) -> None:
    """Raise `PolicyProblem` for the first rule that Cedar's strict validation does not pass."""
    if not cedarpy.validate_policies(str(policy_set(rule.template for rule in rules)), schema):
        for rule in rules:
            check_against(schema, rule)


def check_against(schema: cedarpy.Schema, rule: Rule) -> None:
    """Raise `PolicyProblem` unless Cedar's strict validation passes the rule."""
    result = cedarpy.validate_policies(cedar_text(rule), schema)
    if not result:
        said = dict.fromkeys(error.error.replace("for policy `policy0`, ", "") for error in result.errors)
        raise rule.problem(f"does not fit the schema: {'; '.join(said)}")


def _answer(result: cedarpy.AuthzResult, request: dict[str, Any], entities: cedarpy.Entities) -> Answer:
    errors, rules = tuple(result.diagnostics.errors), tuple(sorted(result.diagnostics.reasons))
    # invariant: an error refuses, whatever else was said; a rule that errors is skipped by Cedar, a forbid too.
    return Answer(result.allowed and not errors, rules, errors, request, entities)


def _narrowed(effect: EffectShape, rules: Iterable[Rule]) -> Shape:
    cited = {path for rule in rules for clause in rule.template.clauses for path in cites(clause)}
    whole = effect.whole
    sides = {side: _keeping(shape, side, cited) for side, shape in whole.fields.items()}
    return whole.model_copy(update={"fields": {side: shape for side, shape in sides.items() if shape.fields or side in cited}})


def _keeping(shape: Shape, side: str, cited: set[str]) -> Shape:
    if side in cited:
        return shape
    fields = {
        name: field
        for name, field in shape.fields.items()
        if f"{side}.{name}" in cited or (field.optional and f"{side}.{name}_known" in cited)
    }
    return shape.model_copy(update={"fields": fields})


def _seen(attributes: dict[str, Any], shown: Shape) -> dict[str, Any]:
    return {
        side: {name: attributes[side][name] for name in _names(shape)} if shape.kind == "record" else attributes[side]
        for side, shape in shown.fields.items()
    }


def _names(shape: Shape) -> Iterator[str]:
    for name, field in shape.fields.items():
        yield name
        if field.optional:
            yield f"{name}_known"
