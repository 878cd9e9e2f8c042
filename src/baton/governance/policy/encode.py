"""Proposals and people as Cedar entities, read by the shapes that the policies were written for."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, TypeAlias

from baton.governance.policy.problems import CannotJudge
from baton.governance.policy.shapes import EffectShape, Shape
from baton.types.people import Person
from baton.types.verdicts import Proposal

Uid: TypeAlias = dict[str, str]
Attributes: TypeAlias = dict[str, Any]

_PLACES = Decimal("0.0001")
_LARGEST = Decimal(2**63 - 1) * _PLACES
_PLAIN = re.compile(r"-?[0-9]{1,14}\.[0-9]{1,4}")
_NOTHING: dict[str, Any] = {
    "text": "", "flag": False, "count": 0, "decimal": "0.0", "money": {"amount": "0.0", "currency": ""}, "set": [], "keys": [],
}  # fmt: skip


def attributes_of(proposal: Proposal, effect: EffectShape, stopped: bool) -> Attributes:
    """What policies see of a proposal. Raises `CannotJudge` for one that has another shape."""
    if proposal.resource != effect.resource:
        raise CannotJudge(f"`{proposal.action}` acts on `{effect.resource}`, not on `{proposal.resource}`")
    trust = proposal.trust
    return {
        "action": _record(effect.action, proposal.arguments, "action"),
        "facts": _record(effect.facts, proposal.facts, "facts"),
        "trust": {
            "grounded": trust.grounded,
            "disputed": trust.disputed,
            # Rounded down, so that a policy never sees more confidence than there is.
            "confidence": _decimal(Decimal(str(trust.confidence)).quantize(_PLACES, ROUND_FLOOR), "trust.confidence"),
            "instruction_like_text": trust.instruction_like_text,
        },
        "spent": {name: _spent(proposal, effect, name) for name in ("customer_year", "process_day")},
        "case": {"process": proposal.process, "stage": proposal.stage, "tier": proposal.tier},
        "proposers": [uid("Person", person) for person in sorted(proposers(proposal))],
        "stopped": stopped,
    }


def proposers(proposal: Proposal) -> set[str]:
    """Everybody who proposed or edited it."""
    own = {proposal.proposer.id} if proposal.proposer.kind == "person" else set()
    return own | set(proposal.answerable)


def uid(kind: str, name: str) -> Uid:
    """A Cedar entity's name."""
    return {"type": kind, "id": name}


def entity(who: Uid, attributes: Attributes | None = None, roles: tuple[str, ...] = ()) -> dict[str, Any]:
    """A Cedar entity with the roles it holds."""
    return {"uid": who, "attrs": attributes or {}, "parents": [uid("Role", role) for role in roles]}


def person_entity(person: Person) -> dict[str, Any]:
    """A person or integration as policies see them: their own roles, never those of whom they stand in for."""
    attributes = {"active": person.active, "department": person.department}
    return entity(uid(person.kind.title(), person.id), attributes, tuple(sorted(person.roles)))


def _spent(proposal: Proposal, effect: EffectShape, name: str) -> str:
    if name in proposal.spent:
        return _decimal(proposal.spent[name], f"spent.{name}")
    if effect.spends is not None:
        raise CannotJudge(f"`spent.{name}` is not known for `{proposal.action}`: load the running totals first")
    return "0.0"


def _record(shape: Shape, value: Any, where: str) -> Attributes:
    if not isinstance(value, Mapping):
        raise CannotJudge(f"`{where}` is not a record")
    if strangers := value.keys() - shape.fields.keys():
        raise CannotJudge(f"`{where}` has `{min(strangers)}`, which no policy knows")
    known: Attributes = {}
    for name, field in shape.fields.items():
        given = value.get(name)
        if given is None and not field.optional:
            raise CannotJudge(f"`{where}.{name}` is missing")
        known[name] = _nothing(field) if given is None else _value(field, given, f"{where}.{name}")
        if field.optional:
            known[f"{name}_known"] = given is not None
    return known


def _nothing(shape: Shape) -> Any:
    if shape.kind != "record":
        return _NOTHING[shape.kind]
    empty = {name: _nothing(field) for name, field in shape.fields.items()}
    return empty | {f"{name}_known": False for name, field in shape.fields.items() if field.optional}


def _value(shape: Shape, value: Any, where: str) -> Any:
    if shape.kind == "record":
        return _record(shape, value, where)
    if shape.kind == "set" and shape.of is not None:
        return [_value(shape.of, item, where) for item in _checked(value, list | tuple, "a list", where)]
    return _ENCODERS[shape.kind](value, where)


def _checked(value: Any, kind: Any, words: str, where: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise CannotJudge(f"`{where}` is `{value}`, not {words}")
    return value


def _count(value: Any, where: str) -> int:
    if not -(2**63) <= _checked(value, int, "a whole number", where) < 2**63:
        raise CannotJudge(f"`{where}` is `{value}`, too large to compare")
    return int(value)


def _decimal(value: Any, where: str) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    try:
        number = Decimal(str(value))
        exact = number.quantize(_PLACES)
    except InvalidOperation as error:
        raise CannotJudge(f"`{where}` is `{value}`, not a number that can be compared") from error
    if isinstance(value, bool) or exact != number or abs(exact) > _LARGEST:
        raise CannotJudge(f"`{where}` is `{value}`: at most 14 digits and four decimal places can be compared")
    return f"{exact:f}"


def _money(value: Any, where: str) -> Attributes:
    if not isinstance(value, Mapping) or value.keys() != {"amount", "currency"}:
        raise CannotJudge(f"`{where}` is not an amount with a currency")
    currency = _checked(value["currency"], str, "a currency", f"{where}.currency")
    return {"amount": _decimal(value["amount"], f"{where}.amount"), "currency": currency}


_ENCODERS: dict[str, Callable[[Any, str], Any]] = {
    "text": lambda value, where: _checked(value, str, "text", where),
    "flag": lambda value, where: _checked(value, bool, "yes or no", where),
    "keys": lambda value, where: sorted(_checked(value, Mapping, "a mapping", where)),
    "count": _count,
    "decimal": _decimal,
    "money": _money,
}
