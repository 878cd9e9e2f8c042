"""Order, receipts and bill beside each other, line by line, as a person looks at them. Kept with a handoff."""

from decimal import Decimal

from pydantic import Field

from baton.matching.match import Match
from baton.matching.pairing import pairs
from baton.matching.papers import Billed, Order
from baton.types.frozen import Frozen

_NONE = Decimal(0)


class BesideLine(Frozen):
    """One line in all three papers; what a paper does not say is None."""

    line: int | None = Field(description="position in the order; None for what was billed and not ordered")
    name: str
    unit: str = ""
    ordered: Decimal | None = None
    ordered_price: Decimal | None = None
    received: Decimal | None = None
    rejected: Decimal | None = None
    billed: Decimal | None = None
    billed_price: Decimal | None = None
    net: Decimal | None = Field(default=None, description="what the bill's line comes to")
    differs: tuple[str, ...] = Field(default=(), description="what differs, in words")
    cells: tuple[str, ...] = Field(default=(), description="the cells that differ: `price`, `quantity`, `received`")


class Beside(Frozen):
    """The three papers."""

    order: str
    bill: str
    currency: str
    lines: tuple[BesideLine, ...]
    differs: tuple[str, ...] = Field(default=(), description="what differs in the bill as a whole")


_CELL = {"price": "price", "quantity": "quantity", "undelivered": "received", "credit_missing": "received", "unit": "quantity"}


def beside(order: Order, bill: Billed, found: Match) -> Beside:
    """The papers as the match saw them."""
    paired = list(zip(bill.lines, pairs(order, bill.lines), strict=True))
    judged = found.of(bill.number)
    faults = judged.faults if judged else ()
    lines = []
    for one in found.lines:
        mine = [billed for billed, about in paired if about is not None and about.number == one.line.number]
        wrong = [fault for fault in faults if fault.line == one.line.number]
        lines.append(
            BesideLine(
                line=one.line.number,
                name=one.line.name or one.line.item,
                unit=one.line.unit,
                ordered=one.line.quantity,
                ordered_price=one.line.price,
                received=one.received,
                rejected=one.rejected,
                billed=sum((billed.quantity for billed in mine), _NONE) if mine else None,
                billed_price=mine[0].price if mine else None,
                net=sum((billed.net for billed in mine), _NONE) if mine else None,
                differs=tuple(fault.words for fault in wrong),
                cells=tuple(sorted({_CELL[fault.kind] for fault in wrong if fault.kind in _CELL})),
            )
        )
    strange = [
        BesideLine(
            line=None,
            name=billed.name or billed.item,
            unit=billed.unit,
            billed=billed.quantity,
            billed_price=billed.price,
            net=billed.net,
            differs=("nobody ordered this",),
            cells=("quantity",),
        )
        for billed, about in paired
        if about is None
    ]
    whole = tuple(fault.words for fault in faults if fault.line is None and fault.kind != "unordered")
    return Beside(order=order.number, bill=bill.number, currency=order.currency, lines=(*lines, *strange), differs=whole)
