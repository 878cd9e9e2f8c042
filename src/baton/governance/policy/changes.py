"""What would have changed a verdict: each failed condition, with the boundary where it is a simple comparison."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field

from baton.governance.policy.atoms import Atom, Path
from baton.governance.policy.probes import Condition
from baton.types.frozen import Frozen
from baton.types.verdicts import Clause


class Need(Frozen):
    """One attribute that would have to be otherwise."""

    attribute: str = Field(description="as in `action.amount.amount`")
    now: str
    op: str = Field(description="as in `at most`, `=`, `one of`")
    value: str = Field(description="the boundary, in the attribute's own terms")
    against: str = Field(default="", description="the attribute whose value that is, where it is not a fixed one")

    def __str__(self) -> str:
        return f"{self.attribute} {self.op} {self.value} (now {self.now})"


class Change(Frozen):
    """One failed condition and what would satisfy it; `needs` is empty where it is no simple comparison."""

    clause: Clause
    needs: tuple[Need, ...] = ()


def changes_of(failed: Iterable[Condition], attributes: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes that these failed conditions ask for, given what is known."""
    return tuple(Change(clause=one.clause, needs=tuple(_needs(one.atoms or (), attributes))) for one in failed)


def _needs(atoms: Iterable[Atom], attributes: Mapping[str, Any]) -> Iterable[Need]:
    for atom in atoms:
        if atom.left.dotted.split(".")[0] in attributes and not atom.holds(attributes):
            yield Need(
                attribute=atom.left.dotted,
                now=spoken(_as_compared(atom, atom.left.of(attributes))),
                op=atom.op,
                value=spoken(_as_compared(atom, atom.value(attributes))),
                against=atom.right.dotted if isinstance(atom.right, Path) else "",
            )


def _as_compared(atom: Atom, value: Any) -> Any:
    """Decimals travel as text; those that are compared by size are said as numbers."""
    by_size = isinstance(atom.right, Decimal) or (isinstance(atom.right, Path) and atom.op not in ("=", "is not"))
    return Decimal(str(value)) if by_size else value


def spoken(value: Any) -> str:
    """A value as staff read it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case {"amount": amount, "currency": currency}:
            return f"{_number(amount)} {currency}".strip()
        case Decimal():
            return _number(str(value))
        case tuple() | list():
            return ", ".join(spoken(item) for item in value)
        case _:
            return str(value)


def _number(text: str) -> str:
    value = Decimal(text)
    return f"{value:,.2f}" if value == value.quantize(Decimal("0.01")) else f"{value.normalize():f}"
