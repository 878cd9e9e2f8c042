"""Which bill came before that may be the same one, under its own number or another."""

import re
from collections.abc import Sequence
from decimal import Decimal

from baton.matching.pairing import key
from baton.matching.papers import Billed


def same_number(bill: Billed, before: Sequence[Billed]) -> Billed | None:
    """The bill that has this one's number already, however it is spelled."""
    return next((other for other in before if _alike(bill, other) and _same_number(bill, other)), None)


def same_goods(bill: Billed, before: Sequence[Billed]) -> Billed | None:
    """The bill for the same lines, order and total under another number: a second delivery like the first, or a duplicate."""
    return next((other for other in before if _alike(bill, other) and _same_goods(bill, other)), None)


def number_key(number: str) -> str:
    """A bill's number without what people leave out, add or confuse: marks, leading zeros, O for 0, I for 1."""
    return _bare(_bare(key(number)).translate(str.maketrans("OIL", "011")))


def _bare(code: str) -> str:
    """Without zeros that lead a group of digits."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", code)


def _alike(one: Billed, other: Billed) -> bool:
    """Whether both are invoices, or both credit notes, of one supplier."""
    return one.kind == other.kind and (not one.supplier or not other.supplier or one.supplier == other.supplier)


def _same_number(one: Billed, other: Billed) -> bool:
    """A number left empty is nobody's."""
    return bool(number_key(one.number)) and number_key(one.number) == number_key(other.number)


def _same_goods(one: Billed, other: Billed) -> bool:
    return one.total == other.total and key(one.order) == key(other.order) and _lines(one) == _lines(other)


def _lines(bill: Billed) -> list[tuple[str, Decimal, Decimal]]:
    return sorted((key(line.item) or key(line.name), line.quantity, line.net) for line in bill.lines)
