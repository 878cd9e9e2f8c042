"""Typed values on a line: numbers of orders, periods, amounts and names."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from baton.readers.amounts import Amount, amounts_in
from baton.readers.dates import Dated, dates_in
from baton.readers.locales import Order, Words
from baton.readers.orders.labels import labels_on
from baton.readers.orders.sheet import Leaf, Line, Stretch

_NUMBER: Final = re.compile(r"(?<![\w$.,:/@&-])(?P<id>[A-Z]{0,5}-?\d[\dA-Z]{2,}(?:-[\dA-Z]{1,4})*)(?![\w%:@]|[.,/]\d|-\w)")
_PLACE: Final = re.compile(
    r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\(?\b\d{3}\)?[ -]\d{3}-\d{4}\b|\b(?:suite|ste|box|floor|room)\.?\s+\d+", re.IGNORECASE
)
_BETWEEN: Final = re.compile(r"\s*(?:-|–|—|to|thru|through|until|/)?\s*", re.IGNORECASE)
JOINED: Final = re.compile(r"(?<=\d)\s?[-–—]\s?(?=\d{1,2}[/.]\d{1,2}[/.]\d|[A-Z][a-z]{2}\s?\d)|(?<=/\d\d)\s+(?=[A-Z][a-z]{2}\d)")
"""What parts two dates: a dash that is not within one, or a blank before the name of a month."""
_DIGITS: Final = 3
_LETTERS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Period:
    """Two days, the first not after the second, as far as the writing is certain."""

    first: date
    last: date
    first_at: Stretch = field(compare=False)
    last_at: Stretch = field(compare=False)


@dataclass(frozen=True)
class Value:
    """Something of a certain type, where it stands."""

    at: Stretch
    what: str | Decimal | Period
    amount: Amount | None = None


@lru_cache(maxsize=4096)
def numbers_on(line: Line) -> tuple[Value, ...]:
    """What may be the number of an order: with digits, and no date, amount, telephone number or postal code."""
    text = line.text
    taken = [match.span() for match in _PLACE.finditer(text)]
    taken += [(one.start, one.end) for one in amounts_in(text)]
    found = (match for match in _NUMBER.finditer(text) if sum(char.isdigit() for char in match["id"]) >= _DIGITS)
    free = (match for match in found if not any(start < match.end() and match.start() < end for start, end in taken))
    return tuple(Value(Stretch(line, match.start(), match.end()), match["id"]) for match in free)


@lru_cache(maxsize=4096)
def amounts_on(line: Line) -> tuple[Value, ...]:
    """The amounts of money."""
    return tuple(Value(Stretch(line, one.start, one.end), one.value, one) for one in amounts_in(line.text, whole=True))


def periods_on(line: Line, words: Words, order: Order | None) -> list[Value]:
    """Two dates beside each other, joined by a dash or in two columns."""
    text = line.text
    found = dates_in(JOINED.sub(lambda match: "|" * len(match.group()), text), words, order)
    pairs = ((one, two) for one, two in pairwise(found) if _BETWEEN.fullmatch(text[one.end : two.start]))
    periods = ((one, two, _period(line, one, two)) for one, two in pairs)
    return [Value(Stretch(line, one.start, two.end), period) for one, two, period in periods if period]


def _period(line: Line, one: Dated, two: Dated) -> Period | None:
    """From one date to the other; where day and month may be swapped, the shortest."""
    pairs = [(first, last) for first in one.readings for last in two.readings if first <= last]
    if not pairs:
        return None
    first, last = min(pairs, key=lambda pair: pair[1] - pair[0])
    return Period(first, last, Stretch(line, one.start, one.end), Stretch(line, two.start, two.end))


def order_of_dates(texts: Sequence[str], words: Words) -> Order | None:
    """Whether the day or the month comes first: what most of the dates of the document can only be."""
    shown: Counter[Order] = Counter()
    for text in texts:
        for match in re.finditer(r"(?<![\d./-])(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}(?![\d/])", text):
            first, second = int(match[1]), int(match[2])
            if first <= 12 < second <= 31:
                shown["mdy"] += 1
            if second <= 12 < first <= 31:
                shown["dmy"] += 1
    best = shown.most_common(1)
    return best[0][0] if best and best[0][1] > shown.total() * 0.8 else None


def name_from(line: Line, start: int) -> Stretch | None:
    """The words from here to the end of the column, or to the next label."""
    text = line.text
    stop = text.find("\t", start)
    stop = len(text) if stop < 0 else stop
    for label in labels_on(line):
        if start < label.at.start < stop and (label.opens or label.marked or (label.closes and " " in label.text)):
            stop = label.at.start
            break
    while start < stop and not (text[start].isalnum() or text[start] in "\"'("):
        start += 1
    while stop > start and text[stop - 1] in " \t:,;-|":
        stop -= 1
    return Stretch(line, start, stop) if _is_name(text[start:stop]) else None


def _is_name(text: str) -> bool:
    return len(_LETTERS.findall(text)) >= 2 and len(text) <= 90


def names_on(leaf: Leaf) -> Iterator[Stretch]:
    """Every column that may be a name."""
    for cell in leaf.cells:
        found = name_from(cell.line, cell.start)
        if found:
            yield found
