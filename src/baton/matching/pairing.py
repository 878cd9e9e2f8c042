"""Which order line a billed line is about: by its number, its item's code, its name, or what it costs."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from rapidfuzz import fuzz

from baton.matching.papers import BilledLine, Order, OrderLine

_ALIKE: Final = 82
_CLEARLY: Final = 6
_FREIGHT: Final = re.compile(
    r"\b(freight|shipping|carriage|delivery (?:charge|cost|fee)s?|postage|handling|surcharge|packing|transport|porto|fracht\w*|"
    r"versand\w*|lieferkosten|verpackung\w*|vracht\w*|verzend\w*|bezorg\w*|frais de port|livraison|gastos de envío|portes)\b",
    re.IGNORECASE,
)


def pairs(order: Order, lines: Sequence[BilledLine]) -> list[OrderLine | None]:
    """The order line of each billed line, in their order; None for what was not ordered."""
    taken: dict[int, Decimal] = {}
    found = []
    for billed in lines:
        chosen = _one(billed, _candidates(order, billed), taken)
        if chosen is not None:
            taken[chosen.number] = taken.get(chosen.number, Decimal(0)) + billed.quantity
        found.append(chosen)
    return found


def is_freight(line: BilledLine) -> bool:
    """Whether a line that nobody ordered is freight or another charge of the delivery."""
    return bool(_FREIGHT.search(line.name))


def key(code: str) -> str:
    """A code without marks, spaces and capitals."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _candidates(order: Order, billed: BilledLine) -> list[OrderLine]:
    if billed.item and (by_item := [line for line in order.lines if key(line.item) == key(billed.item)]):
        return by_item
    named = order.line(billed.line) if billed.line is not None else None
    if named is not None and _may_be(billed, named):
        return [named]
    if billed.name:
        return _by_name(order.lines, billed.name)
    return _by_price(order.lines, billed)


def _may_be(billed: BilledLine, line: OrderLine) -> bool:
    """Whether nothing on the billed line speaks against the order line that it names."""
    if not billed.name or not line.name:
        return True
    return _alike(billed.name, line.name) >= _ALIKE / 2 and not is_freight(billed)


def _by_name(lines: Iterable[OrderLine], name: str) -> list[OrderLine]:
    ranked = sorted(((_alike(name, line.name), line) for line in lines if line.name), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < _ALIKE:
        return []
    best, first = ranked[0]
    near = [line for score, line in ranked if best - score < _CLEARLY]
    return [line for line in near if _numbers(line.name) == _numbers(first.name)]


def _alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 100; names that differ in a number are different things."""
    if _numbers(one) != _numbers(other) and _numbers(one) and _numbers(other):
        return 0.0
    return max(fuzz.token_sort_ratio(_plain(one), _plain(other)), fuzz.token_set_ratio(_plain(one), _plain(other)) - 5)


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\d+", name)))


def _plain(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in flat if not unicodedata.combining(sign))))


def _by_price(lines: Iterable[OrderLine], billed: BilledLine) -> list[OrderLine]:
    """With neither code nor name: the one line of this price, or the only line."""
    every = list(lines)
    same = [line for line in every if billed.price is not None and line.price == billed.price]
    return same if len(same) == 1 else every if len(every) == 1 else []


def _one(billed: BilledLine, found: Sequence[OrderLine], taken: dict[int, Decimal]) -> OrderLine | None:
    """Of lines that fit alike, the one nearest in price that still has room."""

    def distance(line: OrderLine) -> tuple[bool, Decimal, bool, int]:
        off = abs(line.price - billed.price) if billed.price is not None else Decimal(0)
        full = taken.get(line.number, Decimal(0)) + billed.quantity > line.quantity
        return (full, off, line.number != billed.line, line.number)

    return min(found, key=distance, default=None)
