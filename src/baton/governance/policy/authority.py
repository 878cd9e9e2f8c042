"""Who may do what, up to which limit: the list an auditor asks for, read off the rules themselves."""

from collections.abc import Iterator, Sequence

from cedarpy import pst

from baton.governance.policy.engine import Policies
from baton.governance.policy.rules import Rule
from baton.types.frozen import Frozen
from baton.types.people import Person


class Right(Frozen):
    """One right that one rule gives."""

    action: str
    verb: str
    """`alone` for an agent; `approve`, `edit`, `undo` for people; empty for what is done to the engine."""
    role: str
    """Empty where the rule is not about a role."""
    people: tuple[str, ...]
    limit: str
    conditions: tuple[str, ...]
    rule: str
    reason: str


def authority(policies: Policies, people: Sequence[Person]) -> tuple[Right, ...]:
    """Every right, by action; people who are not active hold none."""
    active = [person for person in people if person.active]
    rights = (right for action in policies.actions for right in _rights(policies, action, active))
    return tuple(rights)


def roles_of(policies: Policies, kind: str) -> frozenset[str]:
    """The roles that rules name for `person` or `integration`."""
    named = (_role(rule) for rule in policies.rules if rule.permits and _kind(rule) == kind)
    return frozenset(role for role in named if role)


def _rights(policies: Policies, action: str, active: list[Person]) -> Iterator[Right]:
    name, _, verb = ("", "", "") if action.startswith("baton:") else action.partition(":")
    for rule in policies.rules_about(action):
        if rule.permits:
            role = _role(rule)
            mine = [who for who in active if who.kind == _kind(rule)]
            holders = () if role == "agent" else tuple(sorted(who.id for who in mine if not role or role in who.roles))
            yield Right(
                action=name or action,
                verb=verb or ("alone" if name else ""),
                role=role,
                people=holders,
                limit=rule.limit,
                conditions=rule.words,
                rule=rule.id,
                reason=rule.reason,
            )


def _kind(rule: Rule) -> str:
    match rule.template.principal:
        case pst.ScopeIsIn(entity_type=kind) | pst.ScopeIs(entity_type=kind):
            return str(kind).lower()
    return "person"


def _role(rule: Rule) -> str:
    match rule.template.principal:
        case pst.ScopeIsIn(entity=pst.EntityUid(id=role)) | pst.ScopeIn(entity=pst.EntityUid(id=role)):
            return role
    return ""
