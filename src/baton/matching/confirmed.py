"""What a supplier confirms beside what was ordered."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from baton.matching.checks import price_of
from baton.matching.pairing import is_freight, pairs
from baton.matching.papers import BilledLine, Order, OrderLine, Tolerances
from baton.matching.units import same_unit


def differences(order: Order, lines: Sequence[BilledLine], tolerances: Tolerances = Tolerances()) -> Iterator[str]:
    """Every difference in words, in the order of the lines; nothing where both agree."""
    paired = list(zip(lines, pairs(order, lines), strict=True))
    for line in order.lines:
        mine = [billed for billed, about in paired if about is not None and about.number == line.number]
        yield from _of_line(line, mine, tolerances)
    for billed, about in paired:
        if about is None:
            said = "charges" if is_freight(billed) else "a line that nobody ordered"
            yield f"{said}: {billed.name or billed.item} over {billed.net}"


def _of_line(line: OrderLine, mine: Sequence[BilledLine], tolerances: Tolerances) -> Iterator[str]:
    if not mine:
        yield f"line {line.number}, {line.name}, is not confirmed"
        return
    quantity = sum((billed.quantity for billed in mine), Decimal(0))
    if quantity != line.quantity:
        yield f"line {line.number}, {line.name}: {quantity.normalize():f} confirmed instead of {line.quantity.normalize():f}"
    for billed in mine:
        if not same_unit(billed.unit, line.unit):
            yield f"line {line.number}, {line.name}: unit {billed.unit} instead of {line.unit}"
        price = price_of(billed)
        allowed = max(tolerances.price_amount, line.price * tolerances.price_percent / 100)
        if price is not None and abs(price - line.price) > allowed:
            yield f"line {line.number}, {line.name}: price {price.normalize():f} instead of {line.price.normalize():f}"
