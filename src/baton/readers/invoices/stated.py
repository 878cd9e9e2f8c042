"""What a page states: a value with the label beside or above it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from baton.readers.dates import order_told
from baton.readers.invoices.headings import is_heading
from baton.readers.invoices.values import Value, accounts_in, dates_on, ids_in, money_in, numbers_of_accounts, tax_ids_in
from baton.readers.invoices.words import SECTIONS, pattern
from baton.readers.layout import Held, Row, rows_in
from baton.readers.locales import Order
from baton.readers.reader import Role

_MONEY = frozenset({"net", "tax", "total", "payable"})
_DATES = frozenset({"issue_date", "due_date"})
_NAMES = frozenset({"seller", "buyer"})
_ADJACENT = re.compile(r"[\s:#.,-]{0,4}")
_ROWS_BELOW = 2


@dataclass(frozen=True)
class Label:
    """Words that name a value: what they ask for, and whether they only count when the value follows at once."""

    asked: str
    start: int
    end: int
    weak: bool


@dataclass(frozen=True)
class Stated:
    """A value that a label names. `sure` says how plainly: beside a full label, below it, or behind a bare word."""

    asked: str
    value: Value
    row: Row
    sure: float
    index: int


def stated(rows: Sequence[Row], order: Order | None) -> list[Stated]:
    """Every labelled value, in reading order."""
    found: list[Stated] = []
    for index, row in enumerate(rows):
        labels = labels_in(row.text)
        for place, label in enumerate(labels):
            if label.asked in _NAMES or label.asked == "other":
                continue
            end = next((other.start for other in labels[place + 1 :] if other.start >= label.end), len(row.text))
            found += _named(rows, index, label, end, order)
    return [_with_its_number(one, found) for one in found]


def _with_its_number(one: Stated, found: Sequence[Stated]) -> Stated:
    """A date right behind the invoice's number, as in `no. 17 of 3 May`, is as plain as a labelled one."""
    near = one.asked == "issue_date" and any(other.asked == "number" and _behind(other, one) for other in found)
    return replace(one, sure=max(one.sure, 0.9)) if near else one


def _behind(number: Stated, one: Stated) -> bool:
    if number.row is one.row:
        return 0 <= one.value.start - number.value.end < 30
    return one.index == number.index + 1 and one.value.start < 20


@lru_cache(maxsize=8192)
def labels_in(text: str) -> tuple[Label, ...]:
    """The labels on a row, none overlapping: full ones before weak ones, longer ones before shorter ones."""
    every = [
        Label(section, *match.span(), name == "weak")
        for section in SECTIONS
        for name in ("labels", "weak")
        for match in pattern(section, name).finditer(text)
        if match.end() > match.start() and not _inside_id(text, match.start(), match.end())
    ]
    kept: list[Label] = []
    for label in sorted(every, key=lambda label: (label.weak, label.start - label.end, SECTIONS.index(label.asked))):
        if not any(_rival(label, other) for other in kept):
            kept.append(label)
    kept.sort(key=lambda label: label.start)
    return tuple(label for place, label in enumerate(kept) if not (place and _aside(text, kept[place - 1], label)))


def _rival(label: Label, other: Label) -> bool:
    """Whether two labels cannot both be meant; `VAT` alone names a tax or an id, what follows decides."""
    alike = (label.start, label.end) == (other.start, other.end) and {label.asked, other.asked} == {"tax", "seller_vat_id"}
    return label.start < other.end and other.start < label.end and not alike


def _inside_id(text: str, start: int, end: int) -> bool:
    """Whether a label is only a part of an id, as in `PO-88123`."""
    left = max(text.rfind(" ", 0, start), text.rfind("\t", 0, start)) + 1
    token = re.split(r"[ \t]", text[left:], maxsplit=1)[0]
    return left + len(token) > end and text[end] in "-/_" and any(char.isdigit() for char in text[end : left + len(token)])


def _aside(text: str, before: Label, label: Label) -> bool:
    """Whether a label only explains the one before it, in brackets: `total (incl. VAT)`."""
    between = text[before.end : label.start]
    return "(" in between and ")" not in between and "\t" not in between


def _named(rows: Sequence[Row], index: int, label: Label, end: int, order: Order | None) -> list[Stated]:
    row = rows[index]
    beside = [value for value in values_of(label.asked, row.text, order) if label.end <= value.start < end]
    if label.weak and label.asked not in _MONEY:
        beside = [value for value in beside if _ADJACENT.fullmatch(row.text[label.end : value.start])]
        return [Stated(label.asked, beside[0], row, 0.7, index)] if beside else []
    if beside:
        chosen = beside[-1] if label.asked in _MONEY else beside[0]
        near = label.asked in _MONEY or chosen.start - label.end < 40 or "\t" not in row.text[label.end : chosen.start].strip()
        return [Stated(label.asked, chosen, row, (0.75 if label.weak else 0.92) if near else 0.7, index)]
    rest_of_cell = row.text[label.end :].split("\t")[0]
    if rest_of_cell.strip(" :.#-()*") or (label.start and row.text[label.start - 1] not in "\t ("):
        return []
    if label.asked in _MONEY and is_heading(row.text):
        return []
    return _below(rows, index, label, order)


def _below(rows: Sequence[Row], index: int, label: Label, order: Order | None) -> list[Stated]:
    """The value under a label that heads a column."""
    row = rows[index]
    for under in rows[index + 1 : index + 1 + _ROWS_BELOW]:
        if under.page != row.page:
            return []
        for value in values_of(label.asked, under.text, order):
            if over(row, label.start, label.end, under, value.start, value.end):
                return [Stated(label.asked, value, under, _sure_below(label), index)]
        if any(other.asked == label.asked for other in labels_in(under.text)):
            return []
    return []


def _sure_below(label: Label) -> float:
    """Tables have columns called `net` and `total` too, so that a sum under a heading is less sure than a date or a number."""
    return 0.6 if label.weak or label.asked in _MONEY else 0.8


def over(row: Row, start: int, end: int, under: Row, first: int, last: int) -> bool:
    """Whether words of one row stand above words of another; rows of plain text have no columns."""
    above, below = _across(row, start, end), _across(under, first, last)
    if above is None or below is None:
        return False
    return above[0] - 0.02 < below[1] and below[0] < above[1] + 0.02


def _across(row: Row, start: int, end: int) -> tuple[float, float] | None:
    points = [point[0] for piece in row.pieces if piece.start < end and piece.end > start for point in piece.word.polygon]
    return (min(points), max(points)) if points else None


_FINDERS: Mapping[str, Callable[[str], Sequence[Value]]] = {
    "number": ids_in,
    "order_reference": ids_in,
    "seller_vat_id": tax_ids_in,
    "buyer_vat_id": tax_ids_in,
    "iban": numbers_of_accounts,
    **dict.fromkeys(_MONEY, money_in),
}


def values_of(asked: str, text: str, order: Order | None) -> Sequence[Value]:
    """Values of the type that is asked for; what is a date, an account or an amount numbers no document."""
    if asked in _DATES:
        return dates_on(text, order)
    found = _FINDERS[asked](text)
    if asked not in ("number", "order_reference"):
        return found
    taken = [*dates_on(text, order), *accounts_in(text)]
    return [value for value in found if not any(value.start < one.end and one.start < value.end for one in taken)]


class Seen:
    """The rows of one document, and all they state."""

    def __init__(self, rows: Sequence[Row], locale: str | None = None) -> None:
        self.rows = tuple(rows)
        self.text = "\n".join(row.text for row in rows)
        region = (locale or "").upper().split("-")[-1]
        self.order: Order | None = order_told([row.text for row in rows]) or ("mdy" if region == "US" else None)
        self.stated = stated(self.rows, self.order)

    def heading_above(self, index: int) -> str | None:
        """Whose block a row stands in: the last heading above it on its page that names the seller or the buyer."""
        for row in reversed(self.rows[:index]):
            if row.page != self.rows[index].page:
                return None
            for label in labels_in(row.text)[:1]:
                if label.asked in _NAMES and not row.text[: label.start].strip() and not row.text[label.end :].strip(" :"):
                    return label.asked
        return None

    def told(self, asked: str) -> list[Stated]:
        """What the page states for this, the plainest first, then in reading order."""
        return sorted((one for one in self.stated if one.asked == asked), key=lambda one: -one.sure)


@lru_cache(maxsize=32)
def seen(held: Held, role: Role, locale: str | None = None) -> Seen:
    """A document laid out once for all that is asked of it."""
    return Seen(rows_in(held, role), locale)
