"""Conditions taken apart into simple comparisons, where they are such: what is cited, what holds, where the boundary lies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import reduce
from typing import Any, Literal, TypeAlias

from cedarpy import pst

Is: TypeAlias = Literal["=", "is not", "less than", "at most", "more than", "at least", "one of", "none of"]
_OPERATORS: dict[str, Is] = {
    "eq": "=", "not_eq": "is not", "less": "less than", "less_eq": "at most", "greater": "more than",
    "greater_eq": "at least", "decimal_less_than": "less than", "decimal_less_eq": "at most",
    "decimal_greater": "more than", "decimal_greater_eq": "at least",
}  # fmt: skip
_OPPOSITES: dict[Is, Is] = {
    "=": "is not", "less than": "at least", "at most": "more than", "one of": "none of",
}  # fmt: skip
_OPPOSITES |= {other: one for one, other in list(_OPPOSITES.items())}
_MIRRORED: dict[Is, Is] = {"less than": "more than", "at most": "at least", "more than": "less than", "at least": "at most"}


@dataclass(frozen=True)
class Path:
    """An attribute of what is judged, as in `facts.in_warranty`."""

    dotted: str

    def of(self, attributes: Mapping[str, Any]) -> Any:
        """Its value."""
        value: Any = attributes
        for name in self.dotted.split("."):
            value = value[name]
        return value


@dataclass(frozen=True)
class Atom:
    """One simple comparison of an attribute with a value or with another attribute."""

    left: Path
    op: Is
    right: Any

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Whether it is true of these attributes."""
        left, right = self.left.of(attributes), self.value(attributes)
        if isinstance(right, Decimal) or (isinstance(self.right, Path) and self.op not in ("=", "is not")):
            left, right = Decimal(str(left)), Decimal(str(right))
        match self.op:
            case "=":
                return _same(left, right)
            case "is not":
                return not _same(left, right)
            case "one of":
                return left in right
            case "none of":
                return left not in right
            case "less than":
                return bool(left < right)
            case "at most":
                return bool(left <= right)
            case "more than":
                return bool(left > right)
            case "at least":
                return bool(left >= right)

    def value(self, attributes: Mapping[str, Any]) -> Any:
        """What the attribute is compared with."""
        return self.right.of(attributes) if isinstance(self.right, Path) else self.right


def atoms_of(clause: pst.Clause) -> tuple[Atom, ...] | None:
    """The comparisons that must all hold, or None where the condition is not that simple."""
    found = _atoms(clause.expr, isinstance(clause, pst.When))
    return None if found is None else tuple(found)


def cites(clause: pst.Clause) -> tuple[str, ...]:
    """The attributes a condition reads, one level below `action`, `facts`, `trust`, `spent` and `case`."""
    found: dict[str, None] = {}
    for path in _paths(clause.expr):
        found[".".join(path.split(".")[:2])] = None
    return tuple(found)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, Mapping) and isinstance(right, Mapping) and left.keys() == right.keys() == {"amount", "currency"}:
        return left["currency"] == right["currency"] and Decimal(left["amount"]) == Decimal(right["amount"])
    return bool(left == right)


def _atoms(node: pst.Expr, wanted: bool) -> list[Atom] | None:
    match node:
        case pst.UnaryOp(op="not", arg=arg):
            return _atoms(arg, not wanted)
        case pst.BinaryOp(op="and" | "or" as op, left=left, right=right) if (op == "and") == wanted:
            first, second = _atoms(left, wanted), _atoms(right, wanted)
            return None if first is None or second is None else first + second
        case pst.BinaryOp(op="contains", left=pst.Set(elements=elements), right=right):
            path, values = _path(right), [_literal(item) for item in elements]
            op_: Is = "one of" if wanted else "none of"
            return None if path is None or None in values else [Atom(Path(path), op_, tuple(values))]
        case pst.BinaryOp(op=op, left=left, right=right) if op in _OPERATORS:
            return _comparison(left, _OPERATORS[op] if wanted else _OPPOSITES[_OPERATORS[op]], right)
        case pst.GetAttr():
            path = _path(node)
            return None if path is None else [Atom(Path(path), "=", wanted)]
    return None


def _comparison(left: pst.Expr, op: Is, right: pst.Expr) -> list[Atom] | None:
    path, other = _path(left), _path(right)
    if path is not None:
        value = Path(other) if other is not None else _literal(right)
        return None if value is None else [Atom(Path(path), op, value)]
    value = _literal(left)
    return None if other is None or value is None else [Atom(Path(other), _MIRRORED.get(op, op), value)]


def _literal(node: pst.Expr) -> Any:
    match node:
        case pst.BoolLit(value=value) | pst.LongLit(value=value) | pst.StringLit(value=value):
            return value
        case pst.UnaryOp(op="neg", arg=pst.LongLit(value=value)):
            return -value
        case pst.UnaryOp(op="decimal", arg=pst.StringLit(value=text)):
            return Decimal(text)
    return None


def _path(node: pst.Expr) -> str | None:
    match node:
        case pst.GetAttr(base=pst.Var(name="resource"), attr=attr):
            return attr
        case pst.GetAttr(base=pst.Var(name="principal" | "context" as var), attr=attr):
            return f"{var}.{attr}"
        case pst.GetAttr(base=base, attr=attr):
            inner = _path(base)
            return None if inner is None else f"{inner}.{attr}"
    return None


def _paths(node: Any) -> Iterator[str]:
    """Every attribute path in an expression, the longest form of each."""
    if isinstance(node, pst.HasAttr):
        node = reduce(pst.GetAttr, node.attrs, node.base)
    if isinstance(node, pst.GetAttr) and (path := _path(node)) is not None:
        yield path
    elif isinstance(node, Mapping):
        for item in node.values():
            yield from _paths(item)
    elif isinstance(node, tuple):
        for item in node:
            yield from _paths(item)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _paths(getattr(node, field.name))
