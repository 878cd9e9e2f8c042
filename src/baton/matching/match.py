"""The match itself: every bill of an order judged against the order, what came of it, and the bills before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from pydantic import Field

from baton.matching import checks
from baton.matching.before import same_goods, same_number
from baton.matching.faults import DISPUTABLE, Fault, Kind
from baton.matching.pairing import is_freight, pairs
from baton.matching.papers import Billed, BilledLine, Order, OrderLine, Receipt, Supplier, Tolerances
from baton.types.frozen import Frozen

_NONE = Decimal(0)
Paired: TypeAlias = Sequence[tuple[BilledLine, OrderLine | None]]
"""The lines of a bill, each with the order line it is about."""


class LineMatch(Frozen):
    """One order line beside everything that came and was billed of it."""

    line: OrderLine
    received: Decimal
    rejected: Decimal
    billed: Decimal = Field(description="on all bills that may count, less what was credited")
    credited: Decimal
    prices: tuple[Decimal, ...] = Field(default=(), description="prices that were billed")
    faults: tuple[Fault, ...] = ()

    @property
    def accepted(self) -> Decimal:
        """What came and was kept."""
        return self.received - self.rejected


class Judged(Frozen):
    """What came of one bill."""

    bill: Billed
    faults: tuple[Fault, ...]
    undisputed: Decimal = Field(description="of its total: what may be paid whatever becomes of the rest; 0 where nothing may")

    @property
    def clean(self) -> bool:
        """Whether it agrees with order and receipts within the tolerances."""
        return not self.faults


class Match(Frozen):
    """An order, its receipts and its bills beside each other."""

    lines: tuple[LineMatch, ...]
    bills: tuple[Judged, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, bill by bill."""
        return tuple(fault for judged in self.bills for fault in judged.faults)

    def of(self, number: str) -> Judged | None:
        """What came of the last bill of this number, or None."""
        return next((judged for judged in reversed(self.bills) if judged.bill.number == number), None)


def match(
    order: Order,
    receipts: Iterable[Receipt],
    bills: Sequence[Billed],
    supplier: Supplier,
    tolerances: Tolerances = Tolerances(),  # frozen, so that one serves all
    others: Sequence[Billed] = (),
) -> Match:
    """Judge every bill of an order, in the order they came; `others` are the supplier's bills for other orders.

    Credit notes count for the whole order, whenever they came. A bill that came before counts for nothing.
    """
    book = _Book(order, list(receipts), tolerances)
    credits = [bill for bill in bills if bill.kind == "credit_note"]
    for credit in credits:
        book.credit(credit)
    judged = []
    for place, bill in enumerate(bills):
        judged.append(book.judge(bill, list(checks.of_bill(bill, order, supplier, tolerances)), bills[:place], others))
    faults_of = defaultdict(list)
    for fault in (fault for one in judged for fault in one.faults):
        faults_of[fault.line].append(fault)
    return Match(lines=tuple(book.line(line, faults_of[line.number]) for line in order.lines), bills=tuple(judged))


class _Book:
    """What came and what was billed of each order line so far."""

    def __init__(self, order: Order, receipts: Sequence[Receipt], tolerances: Tolerances) -> None:
        self._order, self._tolerances = order, tolerances
        self._received = _sums((line.line, line.received) for receipt in receipts for line in receipt.lines)
        self._rejected = _sums((line.line, line.rejected) for receipt in receipts for line in receipt.lines)
        self._billed: dict[int, Decimal] = defaultdict(Decimal)
        self._credited: dict[int, Decimal] = defaultdict(Decimal)
        self._prices: dict[int, list[Decimal]] = defaultdict(list)
        self._freight = _NONE

    def credit(self, note: Billed) -> None:
        """Count what a credit note gives back."""
        for billed, line in zip(note.lines, pairs(self._order, note.lines), strict=True):
            if line is not None:
                self._credited[line.number] += billed.quantity

    def judge(self, bill: Billed, faults: list[Fault], before: Sequence[Billed], others: Sequence[Billed]) -> Judged:
        """Everything that is wrong with a bill, and what of it is beyond doubt."""
        paired = list(zip(bill.lines, pairs(self._order, bill.lines), strict=True))
        faults += [fault for billed, line in paired for fault in self._of_line(bill, billed, line)]
        twin = same_number(bill, (*before, *others)) or (self._overflows(paired) and same_goods(bill, before)) or None
        if twin is not None:
            faults.append(Fault(kind="duplicate", bill=bill.number, found=twin.number, at_stake=bill.net))
        elif bill.kind == "credit_note":
            faults += self._credits_too_much(bill, paired)
        else:
            faults += [*self._count(bill, paired), *self._count_freight(bill, paired)]
        return Judged(bill=bill, faults=tuple(faults), undisputed=_undisputed(bill, faults))

    def line(self, line: OrderLine, faults: Sequence[Fault]) -> LineMatch:
        """One order line as it stands after every bill."""
        number = line.number
        return LineMatch(
            line=line,
            received=self._received[number],
            rejected=self._rejected[number],
            billed=self._billed[number] - self._credited[number],
            credited=self._credited[number],
            prices=tuple(dict.fromkeys(self._prices[number])),
            faults=tuple(faults),
        )

    def _of_line(self, bill: Billed, billed: BilledLine, line: OrderLine | None) -> Iterable[Fault]:
        if line is not None:
            yield from checks.of_line(bill, billed, line, self._tolerances)
        elif not is_freight(billed):
            yield Fault(kind="unordered", bill=bill.number, found=billed.name or billed.item, at_stake=billed.net)

    def _overflows(self, paired: Paired) -> bool:
        """Whether counting these lines would bill more than came."""
        return any(self._billed_of(line, paired)[1] > self._due(line) for line in self._order.lines if _of(line, paired))

    def _count(self, bill: Billed, paired: Paired) -> Iterator[Fault]:
        """Add the bill's quantities to those before it, and see what they come to."""
        for line in self._order.lines:
            if not (mine := _of(line, paired)):
                continue
            before, after = self._billed_of(line, paired)
            self._billed[line.number] += sum((billed.quantity for billed in mine), _NONE)
            self._prices[line.number] += [price for billed in mine if (price := checks.price_of(billed)) is not None]
            yield from self._too_much(bill, line, before, after)

    def _billed_of(self, line: OrderLine, paired: Paired) -> tuple[Decimal, Decimal]:
        """What is billed of a line without and with these lines, less what was credited."""
        billed, credited = self._billed[line.number], self._credited[line.number]
        more = sum((one.quantity for one in _of(line, paired)), _NONE)
        return max(billed - credited, _NONE), billed - credited + more

    def _due(self, line: OrderLine) -> Decimal:
        """What may be billed of a line: what came and was kept, never more than was ordered."""
        slack = line.quantity * self._tolerances.quantity_percent / 100
        return min(self._received[line.number] - self._rejected[line.number], line.quantity) + slack

    def _too_much(self, bill: Billed, line: OrderLine, before: Decimal, after: Decimal) -> Iterator[Fault]:
        """One fault for what is billed beyond what is due, by its plainest cause."""
        due, received = self._due(line), self._received[line.number]
        if after <= due:
            return
        kind: Kind = "credit_missing" if after <= received else "undelivered"
        if after > line.quantity:
            kind, due = "quantity", min(due, line.quantity)
        at_stake = (after - max(due, before)) * line.price
        expected = _plain(line.quantity if kind == "quantity" else due)
        yield Fault(kind=kind, bill=bill.number, line=line.number, expected=expected, found=_plain(after), at_stake=at_stake)

    def _count_freight(self, bill: Billed, paired: Paired) -> Iterable[Fault]:
        lines = sum((billed.net for billed, line in paired if line is None and is_freight(billed)), _NONE)
        before, self._freight = self._freight, self._freight + bill.freight + lines
        if self._freight > self._order.freight + self._tolerances.freight_amount:
            over = self._freight - max(self._order.freight, before)
            yield Fault(
                kind="freight",
                bill=bill.number,
                expected=_plain(self._order.freight),
                found=_plain(self._freight),
                at_stake=over,
            )

    def _credits_too_much(self, note: Billed, paired: Paired) -> Iterable[Fault]:
        for line in {line.number: line for _, line in paired if line is not None}.values():
            if self._credited[line.number] > max(self._billed[line.number], line.quantity):
                found = _plain(self._credited[line.number])
                yield Fault(kind="credit", bill=note.number, line=line.number, expected=_plain(line.quantity), found=found)


def _undisputed(bill: Billed, faults: Sequence[Fault]) -> Decimal:
    """What remains when each amount in doubt is taken off, with its share of the tax."""
    if not faults:
        return bill.total
    if any(fault.kind not in DISPUTABLE for fault in faults) or bill.net <= 0:
        return _NONE
    doubtful = sum((fault.at_stake for fault in faults), _NONE)
    remains = max(bill.net - doubtful, _NONE)
    return (bill.total * remains / bill.net).quantize(Decimal("0.01"))


def _of(line: OrderLine, paired: Paired) -> list[BilledLine]:
    return [billed for billed, about in paired if about is not None and about.number == line.number]


def _sums(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for number, quantity in pairs:
        found[number] += quantity
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
