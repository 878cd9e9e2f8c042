"""The lines of an invoice page: the rows between the heading of the table and the sums."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from baton.readers.invoices.headings import is_heading
from baton.readers.invoices.stated import labels_in
from baton.readers.invoices.values import Value, amount, money_in
from baton.readers.invoices.words import pattern
from baton.readers.layout import Row

_CENT = Decimal("0.02")
_QUANTITY = re.compile(r"(?:^|(?<=[\t ]))(\d{1,6}(?:[.,]\d{1,4})?)(?=[\t ]|$)")
_SUMS = frozenset({"net", "tax", "total", "payable"})


@dataclass(frozen=True)
class Line:
    """A line as printed: its words, its amounts from left to right, and whether quantity times price make the last."""

    name: str
    row: Row
    amounts: tuple[Value, ...]
    quantity: Decimal | None
    multiplies: bool

    @property
    def net(self) -> Decimal:
        """What the line comes to, as the last column tells it."""
        return amount(self.amounts[-1].value)


def lines_on(rows: Sequence[Row]) -> list[Line]:
    """Every line of every table that has a heading with at least two columns."""
    found: list[Line] = []
    inside = False
    for row in rows:
        if is_heading(row.text):
            inside = True
        elif inside and _ends(row.text):
            inside = False
        elif inside:
            found += _line(row)
    return found


def _ends(text: str) -> bool:
    """Whether a row tells a sum of the invoice rather than a line."""
    starts = [label for label in labels_in(text) if not re.search(r"[^\W_]", text[: label.start])]
    named = pattern("table", "sums").match(text.strip()) or any(one.asked in _SUMS for one in starts)
    return bool(money_in(text) and named)


def _line(row: Row) -> Iterator[Line]:
    every = money_in(row.text)
    first = every[0].end if every and not row.text[: every[0].start].strip() else 0  # a quantity in the first column
    amounts = tuple(one for one in every if one.start >= first)
    name = re.sub(r"\s+", " ", row.text[first : amounts[0].start] if amounts else "").strip()
    if not amounts or not re.search(r"[^\W\d_]{2}", name) or pattern("table", "not_a_line").match(name):
        return
    quantity = _quantity(row.text, amounts)
    yield Line(_bare(name), row, amounts, quantity, _multiplies(quantity, amounts))


def _bare(name: str) -> str:
    """The words without the position before them and the quantity behind them."""
    return re.sub(r"^\d{1,3}[.)]?\s+(?=\D)|\s+\d+(?:[.,]\d+)?$", "", name)


def _quantity(text: str, amounts: Sequence[Value]) -> Decimal | None:
    """The number that, times a price on the row, makes its last amount; else the only small number there."""
    found = [Decimal(match[1].replace(",", ".")) for match in _QUANTITY.finditer(text)]
    fitting = [one for one in found if _multiplies(one, amounts)]
    return fitting[0] if fitting else found[0] if len(found) == 1 else None


def _multiplies(quantity: Decimal | None, amounts: Sequence[Value]) -> bool:
    if quantity is None or len(amounts) < 2:
        return False
    last = amount(amounts[-1].value)
    return any(abs(quantity * amount(one.value) - last) <= _CENT for one in amounts[:-1])
