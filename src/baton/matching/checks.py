"""What can be told of a bill, and of one of its lines, without the bills before it."""

from collections.abc import Iterator
from decimal import Decimal

from baton.matching.faults import Fault
from baton.matching.pairing import is_freight, key, pairs
from baton.matching.papers import Billed, BilledLine, Order, OrderLine, Supplier, Tolerances
from baton.matching.units import same_unit

_HALF_CENT = Decimal("0.005")
_NONE = Decimal(0)
_PLACES = Decimal("0.0001")


def of_bill(bill: Billed, order: Order, supplier: Supplier, tolerances: Tolerances) -> Iterator[Fault]:
    """What is wrong with the bill as a whole."""
    if bill.supplier and bill.supplier != supplier.id:
        yield Fault(kind="supplier", bill=bill.number, expected=supplier.id, found=bill.supplier, at_stake=bill.net)
    if bill.order and key(bill.order) != key(order.number):
        yield Fault(kind="order", bill=bill.number, expected=order.number, found=bill.order, at_stake=bill.net)
    if bill.currency != order.currency:
        yield Fault(kind="currency", bill=bill.number, expected=order.currency, found=bill.currency, at_stake=bill.net)
    if bill.account and key(bill.account) not in {key(account) for account in supplier.accounts}:
        found, known = bill.account, supplier.accounts[0] if supplier.accounts else "none on file"
        yield Fault(kind="bank", bill=bill.number, expected=known, found=found, at_stake=bill.net)
    yield from _sums(bill, tolerances)
    yield from _tax(bill, order, tolerances)


def of_line(bill: Billed, billed: BilledLine, line: OrderLine, tolerances: Tolerances) -> Iterator[Fault]:
    """What is wrong with one line beside the line that was ordered."""
    if not same_unit(billed.unit, line.unit):
        yield Fault(kind="unit", bill=bill.number, line=line.number, expected=line.unit, found=billed.unit, at_stake=billed.net)
        return  # a price for another unit says nothing
    price = price_of(billed)
    if price is None:
        return
    over = (price - line.price) * billed.quantity
    allowed = max(tolerances.price_amount, line.price * tolerances.price_percent / 100)
    if abs(price - line.price) > allowed or abs(over) > max(tolerances.line_amount, _HALF_CENT * billed.quantity):
        expected, found = f"{line.price.normalize():f}", f"{price.quantize(_PLACES).normalize():f}"
        at_stake = max(over, _NONE)
        yield Fault(kind="price", bill=bill.number, line=line.number, expected=expected, found=found, at_stake=at_stake)


def price_of(billed: BilledLine) -> Decimal | None:
    """What one unit costs: what the line comes to, by its quantity; a price that only agrees with its sum says no more."""
    if not billed.quantity:
        return billed.price
    made = billed.net / billed.quantity
    if billed.price is not None and abs(billed.price * billed.quantity - billed.net) <= _rounding(billed):
        return billed.price
    return made


def _rounding(billed: BilledLine) -> Decimal:
    """How far a rounded price leaves a line from its sum: half a cent a unit, or half the last place that it shows."""
    assert billed.price is not None
    exponent = billed.price.as_tuple().exponent
    shown = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2
    return max(min(shown, _HALF_CENT) * abs(billed.quantity), _HALF_CENT * 2)


def _sums(bill: Billed, tolerances: Tolerances) -> Iterator[Fault]:
    """Quantity times price, lines to net, net and tax to total."""
    slack = tolerances.sum_amount + _HALF_CENT * len(bill.lines)
    for line in bill.lines:
        if line.price is not None and abs(line.price * line.quantity - line.net) > _rounding(line) + tolerances.sum_amount:
            made = line.price * line.quantity
            yield Fault(kind="sums", bill=bill.number, line=line.line, expected=f"{made:.2f}", found=f"{line.net:.2f}")
    net = sum((line.net for line in bill.lines), _NONE) + bill.freight
    if abs(net - bill.net) > slack:
        yield Fault(kind="sums", bill=bill.number, expected=f"{net:.2f}", found=f"{bill.net:.2f}")
    if abs(bill.net + bill.tax - bill.total) > slack:
        yield Fault(kind="sums", bill=bill.number, expected=f"{bill.net + bill.tax:.2f}", found=f"{bill.total:.2f}")


def _tax(bill: Billed, order: Order, tolerances: Tolerances) -> Iterator[Fault]:
    """The tax that the order's rates make of what is billed; not told where a rate is not known."""
    paired = list(zip(bill.lines, pairs(order, bill.lines), strict=True))
    expected = bill.freight * (order.freight_tax_rate or _NONE) / 100
    for billed, line in paired:
        rate = line.tax_rate if line is not None else order.freight_tax_rate if is_freight(billed) else billed.tax_rate
        if rate is None and not (line is None and is_freight(billed)):
            return
        expected += billed.net * (rate or _NONE) / 100
        if line is not None and billed.tax_rate is not None and line.tax_rate is not None and billed.tax_rate != line.tax_rate:
            yield _of_rate(bill, billed, line)
    if abs(expected - bill.tax) > tolerances.tax_amount + _HALF_CENT * (len(bill.lines) + 1):
        over = max(bill.tax - expected, _NONE)
        yield Fault(kind="tax", bill=bill.number, expected=f"{expected:.2f}", found=f"{bill.tax:.2f}", at_stake=over)


def _of_rate(bill: Billed, billed: BilledLine, line: OrderLine) -> Fault:
    return Fault(kind="tax", bill=bill.number, line=line.number, expected=f"{line.tax_rate} %", found=f"{billed.tax_rate} %")
