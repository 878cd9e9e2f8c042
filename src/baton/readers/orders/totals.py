"""Which amount is the gross of the whole order, and which the net: by label, by column, and by arithmetic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from baton.readers.orders.form import Form
from baton.readers.orders.labels import Label
from baton.readers.orders.near import below, in_column, right_of
from baton.readers.orders.sheet import Leaf
from baton.readers.orders.values import Value
from baton.readers.orders.vocabulary import Concept, sums

_CENT: Final = Decimal("0.011")
_SHARE: Final = Decimal("0.15")
"""What an agency keeps by custom; a net of 85 % proves a gross."""


@dataclass(frozen=True)
class Sum:
    """An amount that may be the total, with what speaks for it."""

    value: Value
    label: Label | None
    score: float
    proven: bool
    """Another amount of the form is what remains of it after the agency's share."""


def totals(form: Form, concept: Concept) -> list[Sum]:
    """Candidates for the gross or the net of the whole form, best first; one for each amount."""
    every = [value.amount.value for page in form.amounts for value in page if value.amount]
    proven = _proven(every, concept)
    best: dict[Decimal, Sum] = {}
    for one in _claims(form, concept):
        amount = one.value.amount.value if one.value.amount else Decimal(0)
        lifted = Sum(one.value, one.label, one.score + 0.6 * (amount in proven), amount in proven)
        if amount > 0 and (amount not in best or lifted.score > best[amount].score):
            best[amount] = lifted
    return sorted(best.values(), key=lambda one: (-one.score, -one.value.amount.value if one.value.amount else 0))


def _claims(form: Form, concept: Concept) -> Iterator[Sum]:
    for leaf, labels, amounts in zip(form.leaves, form.labels, form.amounts, strict=True):
        for label in (one for one in labels if one.concept == concept):
            for value, weight in _of(label, amounts, leaf):
                yield Sum(value, label, 3.0 - label.tier + weight + 0.3 * leaf.is_last, False)


def _of(label: Label, amounts: Sequence[Value], leaf: Leaf) -> Iterator[tuple[Value, float]]:
    """The amount beside a label, or those in the column it heads: the sum of the column before its parts."""
    beside = right_of(label, amounts, leaf, over_figures=True)
    if beside:
        yield beside, 0.5
    if beside or not leaf.placed:
        return
    column = in_column(label, amounts)
    for value in column:
        if sums().match(value.at.line.text):
            yield value, 0.6
            return
    under = below(label, amounts, leaf)
    if under:
        yield under, 0.4 if len(column) == 1 else 0.0
    if column:
        largest = max(column, key=lambda value: value.what)  # type: ignore[return-value,arg-type]  # amounts are decimals
        yield largest, 0.1


def _proven(amounts: Sequence[Decimal], concept: Concept) -> set[Decimal]:
    have = set(amounts)
    near = {round(amount, 1) for amount in have} | have
    found = set()
    for gross in have:
        net = gross * (1 - _SHARE)
        if gross > 0 and any(abs(net - other) < _CENT for other in have if round(other, 1) in near):
            found.add(gross if concept == "gross" else next(other for other in have if abs(net - other) < _CENT))
    return found
