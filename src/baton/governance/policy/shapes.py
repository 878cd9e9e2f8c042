"""The shapes of actions and facts, taken from their models: what a policy may read, and of which kind it is."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Protocol, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Field

from baton.governance.policy.problems import PolicyProblem
from baton.types.actions import Undoing
from baton.types.frozen import Frozen
from baton.types.money import Money

Kind: TypeAlias = Literal["text", "flag", "count", "decimal", "money", "set", "keys", "people", "record"]
_SIMPLE: dict[Any, Kind] = {
    str: "text", date: "text", datetime: "text", time: "text", bool: "flag", int: "count",
    float: "decimal", Decimal: "decimal", Money: "money",
}  # fmt: skip
_SETS = (tuple, set, frozenset, list)


class Shape(Frozen):
    """What one attribute is to a policy."""

    kind: Kind
    of: "Shape | None" = None
    """What a set holds."""
    fields: dict[str, "Shape"] = Field(default_factory=dict)
    """What a record holds."""
    optional: bool = False
    """May be absent in an action: the policy then sees an empty value, and `<field>_known` is false."""
    about: str = ""


def _plain(kind: Kind, *names: str, about: str = "") -> Shape:
    return Shape(kind="record", fields={name: Shape(kind=kind) for name in names}, about=about)


_ABOUT_EVERY_EFFECT = {
    "trust": Shape(
        kind="record",
        fields={
            "grounded": Shape(kind="flag"),
            "disputed": Shape(kind="flag"),
            "confidence": Shape(kind="decimal"),
            "instruction_like_text": Shape(kind="flag"),
        },
    ),
    "spent": _plain("decimal", "customer_year", "process_day", about="with this one included; 0 for what does not spend"),
    "case": _plain("text", "process", "stage", "tier"),
    "proposers": Shape(kind="people", about="people who proposed or edited it"),
    "stopped": Shape(kind="flag"),
}


class EffectShape(Frozen):
    """What policies may read about one effect."""

    name: str
    resource: str
    action: Shape
    facts: Shape
    spends: str | None
    undo: Undoing

    @property
    def whole(self) -> Shape:
        """Everything that policies may read about it."""
        return Shape(kind="record", fields={"action": self.action, "facts": self.facts, **_ABOUT_EVERY_EFFECT})

    @property
    def money(self) -> str | None:
        """Where the money at stake stands, as in `action.amount`; what the action costs where it names no sum."""
        candidates = (f"action.{self.spends}" if self.spends else "", "action.amount", "facts.cost")
        return next((path for path in candidates if path and self._is_money(path)), None)

    def _is_money(self, path: str) -> bool:
        side, _, name = path.partition(".")
        fields = self.action.fields if side == "action" else self.facts.fields
        return name in fields and fields[name].kind == "money"


class Shapes(Frozen):
    """The shapes of every declared effect; a bundle carries them, so that old proposals are read as they were meant."""

    effects: tuple[EffectShape, ...]

    def of(self, action: str) -> EffectShape | None:
        """The effect of this name, or None."""
        return next((effect for effect in self.effects if effect.name == action), None)


class _Undo(Protocol):
    @property
    def how(self) -> Undoing: ...


class Declared(Protocol):
    """What policies need to know of a declaration (`baton.governance.declare.Declaration` fits)."""

    @property
    def name(self) -> str:
        """The activity's name."""
        ...

    @property
    def action(self) -> type[BaseModel]:
        """The model of its first argument."""
        ...

    @property
    def facts_type(self) -> type[BaseModel]:
        """The model that its facts loader returns."""
        ...

    @property
    def undo(self) -> _Undo:
        """How it is taken back."""
        ...

    @property
    def spends(self) -> str | None:
        """The field that counts towards cumulative caps."""
        ...


def shapes_of(declarations: Iterable[Declared]) -> Shapes:
    """The shapes of these effects, by name. Raises `PolicyProblem` for a model that policies cannot read."""
    effects = tuple(sorted((_effect(item) for item in declarations), key=lambda effect: effect.name))
    seen: dict[str, EffectShape] = {}
    for effect in effects:
        twin = seen.setdefault(effect.resource, effect)
        if (twin.action, twin.facts) != (effect.action, effect.facts):
            raise PolicyProblem(
                f"`{twin.name}` and `{effect.name}` both act on `{effect.resource}` but differ: rename one action model"
            )
    return Shapes(effects=effects)


def _effect(item: Declared) -> EffectShape:
    return EffectShape(
        name=item.name,
        resource=item.action.__name__,
        action=_record(item.action, item.action.__name__, may_be_absent=True),
        facts=_record(item.facts_type, item.facts_type.__name__, may_be_absent=False),
        spends=item.spends,
        undo=item.undo.how,
    )


def _record(model: type[BaseModel], where: str, may_be_absent: bool) -> Shape:
    fields: dict[str, Shape] = {}
    for name, field in model.model_fields.items():
        shape = _shape(field.annotation, f"{where}.{name}", may_be_absent)
        fields[name] = shape.model_copy(update={"about": " ".join((field.description or "").split())})
        if shape.optional and f"{name}_known" in model.model_fields:
            raise PolicyProblem(f"`{where}.{name}_known` is what policies read when `{name}` is absent: rename the field")
    return Shape(kind="record", fields=fields)


def _shape(hint: Any, where: str, may_be_absent: bool) -> Shape:
    hint = getattr(hint, "__supertype__", hint)
    if hint in _SIMPLE:
        return Shape(kind=_SIMPLE[hint])
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _record(hint, where, may_be_absent)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _closed([member.value for member in hint], where)
    match get_origin(hint):
        case origin if origin is Annotated:
            return _shape(get_args(hint)[0], where, may_be_absent)
        case origin if origin is Literal:
            return _closed(list(get_args(hint)), where)
        case origin if origin in (Union, UnionType):
            return _absent(get_args(hint), where, may_be_absent)
        case origin if origin in _SETS:
            return _set(get_args(hint), where, may_be_absent)
        case origin if origin is dict and getattr(get_args(hint)[0], "__supertype__", get_args(hint)[0]) is str:
            return Shape(kind="keys")
    raise PolicyProblem(f"policies cannot read `{where}` of type `{hint}`: use text, flag, number, money, date, set or model")


def _closed(values: list[Any], where: str) -> Shape:
    if all(isinstance(value, str) for value in values):
        return Shape(kind="text")
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return Shape(kind="count")
    raise PolicyProblem(f"policies cannot read the choices of `{where}`: use text")


def _absent(hints: tuple[Any, ...], where: str, may_be_absent: bool) -> Shape:
    rest = [hint for hint in hints if hint is not NoneType]
    if len(rest) != 1 or len(rest) == len(hints):
        raise PolicyProblem(f"policies cannot read `{where}`: it may be of several types, choose one")
    if not may_be_absent:
        raise PolicyProblem(f"fact `{where}` may be absent: unknown is a value, so add a `..._known` flag and a plain value")
    return _shape(rest[0], where, may_be_absent).model_copy(update={"optional": True})


def _set(hints: tuple[Any, ...], where: str, may_be_absent: bool) -> Shape:
    members = {hint for hint in hints if hint is not Ellipsis}
    if len(members) != 1:
        raise PolicyProblem(f"policies cannot read `{where}`: a set holds one type of value")
    inner = _shape(members.pop(), where, may_be_absent)
    if inner.optional:
        raise PolicyProblem(f"policies cannot read `{where}`: a set holds no absent values")
    return Shape(kind="set", of=inner)
