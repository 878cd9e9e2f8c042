"""Orders, receipts and bills that stood before Baton came, from their CSV lines to the rows of their tables."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from activities.purchasing.lines import BilledBefore, OrderedLine, ReceivedLine
from activities.purchasing.port import Ordered
from activities.purchasing.rows import plain
from baton.matching import Billed, BilledLine, Order, OrderLine, Receipt, ReceiptLine
from baton.matching.before import number_key


def orders(lines: Sequence[OrderedLine]) -> Iterator[dict[str, Any]]:
    """A row an order; its lines follow each other in the file."""
    for number, group in groupby(lines, lambda line: line.order):
        body = _ordered(number, list(group))
        yield {"number": number, "supplier": body.order.supplier, "state": "open", "sent": True, "body": plain(body)}


def receipts(lines: Sequence[ReceivedLine]) -> Iterator[dict[str, Any]]:
    """A row a delivery."""
    for (reference, number), group in groupby(lines, lambda line: (line.receipt, line.order)):
        counted = [ReceiptLine(line=one.line, received=one.received, rejected=one.rejected) for one in group]
        body = Receipt(number=reference, lines=tuple(counted))
        yield {"reference": reference, "order_no": number, "standing": True, "body": plain(body)}


def bills(lines: Sequence[BilledBefore], ordered: Iterable[OrderedLine]) -> Iterator[dict[str, Any]]:
    """A row a bill of one line."""
    known = {(line.order, line.line): line for line in ordered}
    for one in lines:
        about = known[(one.order, one.line)]
        body = _billed(one, about)
        yield {
            "reference": one.bill,
            "order_no": one.order,
            "supplier": about.supplier,
            "number_key": number_key(one.number),
            "standing": True,
            "disputed": False,
            "case_id": "",
            "document": "",
            "body": plain(body),
        }


def payments(lines: Sequence[BilledBefore], ordered: Iterable[OrderedLine]) -> Iterator[dict[str, Any]]:
    """A row a payment of the bills that were paid."""
    known = {(line.order, line.line): line for line in ordered}
    for one in lines:
        about = known[(one.order, one.line)]
        if one.paid:
            yield {
                "reference": f"PY-{one.bill}",
                "bill": one.bill,
                "supplier": about.supplier,
                "amount": one.net + one.tax,
                "currency": about.currency,
                "account": "",
                "prepared_by": "",
                "released": True,
                "withdrawn": False,
                "day": one.day,
            }


def _ordered(number: str, lines: Sequence[OrderedLine]) -> Ordered:
    first = lines[0]
    order = Order(
        number=number,
        supplier=first.supplier,
        currency=first.currency,
        freight=first.freight,
        freight_tax_rate=first.tax_rate,
        lines=tuple(_line(line) for line in lines),
    )
    return Ordered(
        order=order,
        case="",
        day=first.day,
        category=first.category,
        cost_centre=first.cost_centre,
        sent=True,
        buyer=first.buyer,
        starts=first.starts,
        ends=first.ends,
    )


def _line(line: OrderedLine) -> OrderLine:
    told = line.model_dump(include={"item", "name", "quantity", "unit", "price", "tax_rate"})
    return OrderLine(number=line.line, **told)


def _billed(one: BilledBefore, about: OrderedLine) -> Billed:
    line = BilledLine(line=one.line, item=about.item, name=about.name, quantity=one.quantity, unit=about.unit, net=one.net)
    return Billed(
        number=one.number,
        order=one.order,
        supplier=about.supplier,
        currency=about.currency,
        day=one.day,
        lines=(line,),
        net=one.net,
        tax=one.tax,
        total=one.net + one.tax,
        freight=Decimal(0),
    )
