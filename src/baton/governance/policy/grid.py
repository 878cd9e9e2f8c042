"""A boundary grid: proposals on and beside every literal that the rules about an action compare with."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from typing import Any, Final

from baton.governance.policy.atoms import Atom, Path, atoms_of
from baton.governance.policy.rules import Rule
from baton.governance.policy.shapes import EffectShape, Shape
from baton.types.findings import Trust
from baton.types.people import Actor
from baton.types.verdicts import Proposal

_CENT: Final = Decimal("0.01")
_OTHER: Final = "something else"
_SIDES: Final = ("action", "facts", "trust", "spent", "case")
Point = dict[str, Any]
"""Attribute to value; what is left out is empty."""


@dataclass(frozen=True)
class Axis:
    """Attributes that are compared with each other, and so move together, with the values worth trying."""

    paths: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Grid:
    """Proposals around the boundaries, and how many single boundaries there was no room for."""

    proposals: tuple[Proposal, ...]
    missed: int


def grid(effect: EffectShape, families: Sequence[Sequence[Rule]], size: int, seed: int) -> Grid:
    """At most `size` proposals: each rule's own ideal case, what lies on either side of its boundaries, and pairs of those.

    A family is the versions of one rule: what one of them reads is varied around the other's ideal case too.
    """
    read = [[[*_read(rule, effect)] for rule in family] for family in families]
    axes = _axes([atom for family in read for atoms in family for atom in atoms], effect)
    ideals: set[str] = set()
    single: dict[str, Point] = {}
    double: dict[str, Point] = {}
    for family in read:
        named = {path for atoms in family for atom in atoms for path in _paths(atom)}
        near = [axis for axis in axes if named & set(axis.paths)]
        for ideal in (_ideal(atoms, axes) for atoms in family):
            ideals.add(_key(ideal))
            single |= {_key(point): point for point in (ideal, *_moved_once(ideal, near))}
            double |= {_key(point): point for point in _moved_twice(ideal, near)}
    dice, chosen = random.Random(seed), sorted(ideals)[:size]
    for rest in (sorted(single.keys() - ideals), sorted(double.keys() - single.keys())):
        chosen += dice.sample(rest, min(len(rest), size - len(chosen)))
    proposals = tuple(proposal_at(effect, (single | double)[key]) for key in chosen)
    return Grid(proposals, missed=len(single.keys() - set(chosen)))


def proposal_at(effect: EffectShape, point: Point) -> Proposal:
    """The proposal that has these values, and empty ones elsewhere."""
    sides = {name: _filled(shape, name, point) for name, shape in effect.whole.fields.items() if name in _SIDES}
    return Proposal(
        case="grid",  # type: ignore[arg-type]  # no real case
        step="grid/1/0",  # type: ignore[arg-type]  # no real step
        process=sides["case"]["process"],
        stage=sides["case"]["stage"],
        tier=sides["case"]["tier"],
        action=effect.name,
        resource=effect.resource,
        arguments=sides["action"],
        facts=sides["facts"],
        trust=Trust.model_validate(sides["trust"]),
        spent=sides["spent"],
        proposer=Actor(kind="agent", id="grid"),
    )


def _read(rule: Rule, effect: EffectShape) -> Iterator[Atom]:
    for clause in rule.template.clauses:
        yield from _simple(atoms_of(clause), effect)


def _paths(atom: Atom) -> set[str]:
    return {atom.left.dotted} | ({atom.right.dotted} if isinstance(atom.right, Path) else set())


def _simple(atoms: Sequence[Atom] | None, effect: EffectShape) -> Iterator[Atom]:
    """The comparisons that the grid can move: of the resource's own attributes, money taken apart."""
    for atom in atoms or ():
        kind = _kind(effect, atom.left.dotted)
        if kind == "money" and isinstance(atom.right, Path):
            for part in ("amount", "currency"):
                yield Atom(Path(f"{atom.left.dotted}.{part}"), "=", Path(f"{atom.right.dotted}.{part}"))
        elif kind in ("text", "flag", "count", "decimal"):
            yield atom


def _kind(effect: EffectShape, dotted: str) -> str:
    shape = effect.whole
    for name in dotted.split("."):
        if shape.kind == "money":
            return {"amount": "decimal", "currency": "text"}.get(name, "")
        if name.endswith("_known") and name not in shape.fields and name.removesuffix("_known") in shape.fields:
            return "flag"
        if name not in shape.fields:
            return ""
        shape = shape.fields[name]
    return shape.kind


def _axes(atoms: list[Atom], effect: EffectShape) -> list[Axis]:
    groups: dict[str, set[str]] = {}
    for atom in atoms:
        paths = _paths(atom)
        merged = set().union(*(groups.get(path, {path}) for path in paths))
        groups |= dict.fromkeys(merged, merged)
    unique = {tuple(sorted(group)) for group in groups.values()}
    return [Axis(paths, _values(paths, atoms, effect)) for paths in sorted(unique) if paths != ("stopped",)]


def _values(paths: tuple[str, ...], atoms: list[Atom], effect: EffectShape) -> tuple[Any, ...]:
    literals = [atom.right for atom in atoms if atom.left.dotted in paths and not isinstance(atom.right, Path)]
    match _kind(effect, paths[0]):
        case "flag":
            return (False, True)
        case "text":
            spelled = {text for item in literals for text in (item if isinstance(item, tuple) else (item,))}
            return (*sorted(spelled), _OTHER)
        case "count":
            return tuple(sorted({int(item) + by for item in literals for by in (-1, 0, 1)} or {0, 1}))
    return tuple(sorted({item + by for item in literals for by in (-_CENT, Decimal(0), _CENT)} or {Decimal(0), Decimal(1)}))


def _ideal(atoms: list[Atom], axes: list[Axis]) -> Point:
    """Values that satisfy a rule's own comparisons with literals; compared attributes are equal."""
    point: Point = {}
    for axis in axes:
        mine = [atom for atom in atoms if atom.left.dotted in axis.paths and not isinstance(atom.right, Path)]
        fitting = [value for value in axis.values if all(_fits(atom, value) for atom in mine)]
        # The largest that still fits, so that the boundary that matters is one step away.
        point |= dict.fromkeys(axis.paths, fitting[-1] if fitting and mine else axis.values[0])
    return point


def _fits(atom: Atom, value: Any) -> bool:
    spelled = str(value) if isinstance(value, Decimal) else value
    return Atom(Path("it"), atom.op, atom.right).holds({"it": spelled})


def _moved_once(ideal: Point, axes: list[Axis]) -> Iterator[Point]:
    """Every axis moved, and every attribute of it by itself."""
    for axis in axes:
        for value in axis.values:
            yield ideal | dict.fromkeys(axis.paths, value)
            yield from (ideal | {path: value} for path in axis.paths if len(axis.paths) > 1)


def _moved_twice(ideal: Point, axes: list[Axis]) -> Iterator[Point]:
    """Every two axes moved together."""
    for one, other in combinations(axes, 2):
        for here, there in product(one.values, other.values):
            yield ideal | dict.fromkeys(one.paths, here) | dict.fromkeys(other.paths, there)


def _key(point: Point) -> str:
    return repr(sorted((path, str(value)) for path, value in point.items()))


def _filled(shape: Shape, path: str, point: Point) -> Any:
    if shape.optional and point.get(f"{path}_known") is False:
        return None
    match shape.kind:
        case "record":
            return {name: _filled(field, f"{path}.{name}", point) for name, field in shape.fields.items()}
        case "money":
            amount, currency = point.get(f"{path}.amount", Decimal(0)), point.get(f"{path}.currency", "EUR")
            return {"amount": f"{amount:.4f}", "currency": currency}
        case "decimal":
            return f"{point.get(path, Decimal(0)):.4f}"
        case "set" | "people":
            return []
        case "keys":
            return {}
        case kind:
            return point.get(path, {"text": "", "flag": False, "count": 0}[kind])
