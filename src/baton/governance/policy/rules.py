"""Rules: the policies of a bundle, each known by its id, with its conditions in the author's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cedarpy
from cedarpy import pst

from baton.governance.policy.problems import PolicyProblem
from baton.governance.policy.source import parse


@dataclass(frozen=True)
class Rule:
    """One permit or forbid. `applies` counts the leading conditions that say what the rule is about at all."""

    id: str
    template: pst.Template
    words: tuple[str, ...]
    reason: str
    file: str
    line: int
    applies: int = 0
    table: str = ""
    """The table whose rows complete this rule; by itself such a rule permits nothing."""
    limit: str = ""
    """Up to how much, in words, for a rule that a row completed."""

    @property
    def permits(self) -> bool:
        """Whether this is a permit rather than a forbid."""
        return self.template.effect == "permit"

    @property
    def hard(self) -> bool:
        """Whether the author marked it as a rule that nothing overrules."""
        return self.template.annotations.get("class") == "hard"

    def problem(self, message: str) -> PolicyProblem:
        """A problem with this rule, where it stands."""
        return PolicyProblem(f"rule `{self.id}` {message}", self.file, self.line)

    def actions(self) -> tuple[str, ...] | None:
        """The actions and groups that the rule names; None for any action."""
        match self.template.action:
            case pst.ActionEq(entity=entity):
                return (entity.id,)
            case pst.ActionIn(entities=entities):
                return tuple(entity.id for entity in entities)
        return None

    def about(self, action: str, group: str) -> bool:
        """Whether the rule's scope names this action or its group."""
        named = self.actions()
        return named is None or action in named or group in named


def read_rules(texts: dict[str, str]) -> tuple[Rule, ...]:
    """The rules of every `.cedar` text. Raises `PolicyProblem` naming file and line."""
    files = ((name, text) for name, text in sorted(texts.items()) if name.endswith(".cedar"))
    rules = [_rule(template, file, line) for file, text in files for line, template in parse(text, file)]
    return unique(rules)


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, once it is certain that no two share an id."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if twin := seen.get(rule.id):
            raise rule.problem(f"has the same id as the one in {twin.file}:{twin.line}: choose another")
        seen[rule.id] = rule
    return tuple(seen.values())


def _rule(template: pst.Template, file: str, line: int) -> Rule:
    notes = template.annotations
    name = notes.get("id", "")
    if not name or "#" in name:
        raise PolicyProblem('a rule has no `@id("...")`: name it, without `#`', file, line)
    applies = notes.get("applies", "0")
    if not applies.isdecimal() or int(applies) > len(template.clauses):
        raise PolicyProblem(f'rule `{name}` has `@applies("{applies}")`: write how many leading conditions it means', file, line)
    return Rule(
        id=name,
        template=replace(template, id=name),
        words=tuple(notes.get(f"when{position}", "") for position in range(1, len(template.clauses) + 1)),
        reason=notes.get("reason", ""),
        file=file,
        line=line,
        applies=int(applies),
        table=notes.get("table", ""),
    )


def cedar_text(rule: Rule, clauses: Sequence[pst.Clause] | None = None) -> str:
    """The rule as Cedar text, or as it would be with only these clauses."""
    template = replace(rule.template, id=rule.id, annotations={"id": rule.id})
    chosen = template if clauses is None else replace(template, clauses=tuple(clauses))
    return str(policy_set([chosen]))


def policy_set(templates: Iterable[pst.Template]) -> cedarpy.PolicySet:
    """A set that Cedar can ask, whose policy ids are the rules' own."""
    named = {template.id: template for template in templates}
    return cedarpy.PolicySet.from_pst(pst.PolicySet(templates={}, static_policies=named, template_links=()))
