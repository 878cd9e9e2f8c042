"""Real orders with what was received of them, and honest bills made from both in the many ways suppliers write them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

from baton.matching import Billed, BilledLine, Order, OrderLine, Receipt, ReceiptLine, Supplier

_CENT = Decimal("0.01")
_UNITS = ("EA", "pcs", "C62", "each", "PCE", "Stk", "")


@dataclass
class Case:
    """One order, its receipts, and its bills in the order they come."""

    id: str
    order: Order
    receipt: Receipt
    supplier: Supplier
    bills: list[Billed] = field(default_factory=list)
    fault: str = ""
    faulty: int = -1
    """Which bill carries the fault; -1 for none."""

    def received(self, number: int) -> tuple[Decimal, Decimal]:
        """What came of a line, and what of that was rejected."""
        return next((line.received, line.rejected) for line in self.receipt.lines if line.line == number)

    def kept(self, number: int) -> Decimal:
        """What came of a line and was kept."""
        received, rejected = self.received(number)
        return received - rejected


def cases(folder: Path, limit: int | None, seed: int) -> list[Case]:
    """The orders, in a random order that the seed decides, with honest bills."""
    lines = (folder / "purchase_orders.jsonl").read_text("utf-8").splitlines()
    found = [_case(json.loads(line)) for line in lines if line.strip()]
    random = Random(seed)
    random.shuffle(found)
    chosen = found[:limit] if limit else found
    for number, case in enumerate(chosen):
        case.bills = list(_bills(case, number, random))
    return chosen


def _case(item: dict[str, Any]) -> Case:
    lines = [_ordered(number, line, item) for number, line in enumerate(item["lines"], start=1)]
    receipts = [
        ReceiptLine(line=number, received=Decimal(line["ReceivedQty"]), rejected=Decimal(line["RejectedQty"]))
        for number, line in enumerate(item["lines"], start=1)
    ]
    supplier = Supplier(id=item["VendorID"], accounts=(_account(item["VendorAccount"]),))
    order = Order(
        number=f"PO-{item['PurchaseOrderID']}",
        supplier=supplier.id,
        currency="USD",
        lines=tuple(lines),
        freight=_cents(Decimal(item["Freight"])),
        freight_tax_rate=Decimal(0),
    )
    return Case(item["PurchaseOrderID"], order, Receipt(number=f"GR-{item['PurchaseOrderID']}", lines=tuple(receipts)), supplier)


def _ordered(number: int, line: dict[str, Any], item: dict[str, Any]) -> OrderLine:
    rate = (Decimal(item["TaxAmt"]) / Decimal(item["SubTotal"]) * 100).quantize(_CENT)
    return OrderLine(
        number=number,
        item=line["ProductNumber"],
        name=line["ProductName"],
        quantity=Decimal(line["OrderQty"]),
        unit="EA",
        price=Decimal(line["UnitPrice"]),
        tax_rate=rate.normalize(),
    )


def _account(name: str) -> str:
    """An account made from the vendor's code: the data has none."""
    digits = "".join(f"{ord(sign) % 10}" for sign in name)
    return f"US{digits:0<18}"[:20]


def _bills(case: Case, number: int, random: Random) -> Iterator[Billed]:
    """One bill or two for what was kept; or one for all that came and a credit note for what was rejected."""
    kept = {line.number: case.kept(line.number) for line in case.order.lines}
    if not any(kept.values()):
        return
    came = {line.number: min(case.received(line.number)[0], line.quantity) for line in case.order.lines}
    write = _Writer(case, random)
    day = date(2024, 1, 1) + timedelta(days=number % 300)
    if came != kept and random.random() < 0.5:
        whole = write.bill(f"{1000 + number}", day, came, write.freight)
        yield whole
        back = {line: came[line] - kept[line] for line in came}
        credit = write.bill(f"C{1000 + number}", day + timedelta(days=9), back, Decimal(0))
        yield _as_credit_note(credit, whole.number)
    elif random.random() < 0.2 and any(quantity > 1 for quantity in kept.values()):
        first = {line: quantity // 2 for line, quantity in kept.items()}
        rest = {line: quantity - first[line] for line, quantity in kept.items()}
        yield write.bill(f"{1000 + number}", day, first, _cents(write.freight / 2))
        yield write.bill(f"{7000 + number}", day + timedelta(days=5), rest, write.freight - _cents(write.freight / 2))
    else:
        yield write.bill(f"{1000 + number}", day, kept, write.freight)


def _as_credit_note(bill: Billed, corrects: str) -> Billed:
    """The same paper as a credit note."""
    return bill.model_copy(update={"kind": "credit_note", "corrects": corrects, "account": ""})


@dataclass
class _Writer:
    """A supplier's own way of writing bills."""

    case: Case
    random: Random

    def __post_init__(self) -> None:
        self.unit = self.random.choice(_UNITS)
        self.places = self.random.choice((2, 4, 4))
        self.dashes = self.random.random() < 0.7
        self.codes, self.names = self.random.choice(((True, True), (True, False), (False, True)))
        self.refers = self.random.random() < 0.4
        self.account = self.case.supplier.accounts[0] if self.random.random() < 0.6 else ""
        self.prefix = self.random.choice(("INV-", "", "R", "2024/"))
        self.freight = self.case.order.freight

    def bill(self, number: str, day: date, quantities: dict[int, Decimal], freight: Decimal) -> Billed:
        lines = [self._line(line, quantities[line.number]) for line in self.case.order.lines if quantities[line.number]]
        if self.random.random() < 0.3:
            self.random.shuffle(lines)
        made = Billed(
            number=f"{self.prefix}{number}",
            order=self.case.order.number if self.random.random() < 0.8 else "",
            supplier=self.case.supplier.id,
            currency=self.case.order.currency,
            day=day,
            lines=tuple(lines),
            freight=freight,
            net=Decimal(0),
            total=Decimal(0),
            account=self.account,
        )
        return summed(made, self.case.order, by_line=self.random.random() < 0.3)

    def _line(self, line: OrderLine, quantity: Decimal) -> BilledLine:
        price = line.price.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        # Some multiply the exact price and round at the end, some what they print.
        net = _cents(quantity * (line.price if self.random.random() < 0.5 else price))
        return BilledLine(
            line=line.number if self.refers else None,
            item=(line.item if self.dashes else line.item.replace("-", " ")) if self.codes else "",
            name=line.name if self.names else "",
            quantity=quantity,
            unit=self.unit,
            price=price,
            net=net,
        )


def summed(bill: Billed, order: Order, by_line: bool = False) -> Billed:
    """The bill with its sums made anew; tax is rounded once, or for each line."""
    rate = (order.lines[0].tax_rate or Decimal(0)) / 100
    net = sum((line.net for line in bill.lines), Decimal(0)) + bill.freight
    taxes = (
        [_cents(line.net * rate) for line in bill.lines]
        if by_line
        else [_cents(sum((x.net for x in bill.lines), Decimal(0)) * rate)]
    )
    tax = sum(taxes, Decimal(0))
    return bill.model_copy(update={"net": net, "tax": tax, "total": net + tax})


def others_of(found: Sequence[Case]) -> dict[str, list[Billed]]:
    """Every vendor's bills."""
    by: dict[str, list[Billed]] = {}
    for case in found:
        by.setdefault(case.supplier.id, []).extend(case.bills)
    return by


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
