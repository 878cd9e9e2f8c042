"""The papers of a purchase: what is re-keyed from each, and what follows from it for the next step."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from activities.purchasing.models import OrderStanding, PartyFound, PlaceOrder, RegisterBill, SupplierFound, WantedLine
from agents.lines import Lines
from baton.matching import (
    Beside,
    Billed,
    BilledLine,
    Order,
    OrderLine,
    Receipt,
    ReceiptLine,
    Supplier,
    beside,
    match,
    price_of,
)
from baton.readers.fields import Identifier, Means, ReadAs
from baton.readers.structured.terms import Term
from baton.types.frozen import Frozen
from baton.types.money import Money

BILLS: Final = ("invoice", "credit_note")
_NONE, _CENT = Decimal(0), Decimal("0.01")
_LINE: Final = {"item", "name", "quantity", "unit", "price", "tax_rate"}
Category = Literal["goods", "office", "it", "services", "media"]


class Request(Frozen):
    """What is re-keyed from a request to buy, or from the quote that comes with it."""

    supplier: Annotated[str, ReadAs("text", near=("supplier", "vendor", "lieferant", "leverancier"))] | None = None
    cost_centre: (
        Annotated[str, ReadAs("identifier", near=("cost centre", "cost center", "kostenstelle", "kostenplaats"))] | None
    ) = None
    category: Annotated[
        Category | None,
        Means(
            {
                "goods": ("goods for sale", "stock", "resale", "handelsware", "voorraad"),
                "office": ("office", "stationery", "furniture", "büro", "kantoor"),
                "it": ("it equipment", "laptop", "laptops", "software", "licences", "hardware", "monitor"),
                "services": ("services", "consulting", "maintenance", "cleaning", "dienstleistung", "diensten"),
                "media": ("advertising", "media", "broadcast", "werbung", "reclame"),
            }
        ),
    ] = None
    iban: Annotated[str, ReadAs("identifier", near=("iban", "account", "konto", "rekening"))] | None = None


class Bill(Frozen):
    """What is re-keyed from an invoice or credit note, beside its lines."""

    reads: ClassVar[str] = "bill"

    invoice_number: Annotated[str, ReadAs("identifier"), Term("BT-1")] | None = None
    order_number: Annotated[str, ReadAs("identifier"), Term("BT-13")] | None = None
    contract_number: Annotated[str, ReadAs("identifier"), Term("BT-12")] | None = None
    issue_date: Annotated[date, ReadAs("date"), Term("BT-2")] | None = None
    seller: Annotated[str, ReadAs("seller"), Term("BT-27")] | None = None
    customer: Annotated[str, ReadAs("seller")] | None = Field(default=None, description="whom it is for, not who is billed")
    gross_amount: Annotated[Money, ReadAs("money"), Term("BT-112")] | None = None
    iban: Annotated[Identifier, Term("BT-84")] | None = None
    starts: Annotated[date, ReadAs("date"), Term("BT-73")] | None = None
    ends: Annotated[date, ReadAs("date"), Term("BT-74")] | None = None


class OrderFile(Frozen):
    """What procurement hands to receiving, and receiving to accounts payable."""

    order: str
    supplier: str
    open: bool
    beside: Beside | None = Field(default=None, description="order, receipts and bill beside each other")


class Shown(Frozen):
    """What a person sees beside a question of this process."""

    problems: tuple[str, ...] = ()
    supplier: str = ""
    contact: str = ""
    account: str = ""


def may_be_bill(party: PartyFound, paper: Lines) -> bool:
    """Whether a paper is a bill: by its title, or because a supplier sends what has no other one."""
    return paper.kind in BILLS or (party.supplier and paper.kind == "unknown")


def numbers_in(subject: str) -> tuple[str, ...]:
    """What may be an order's number in a subject line; what stands in brackets is the number of a case."""
    return tuple(dict.fromkeys(re.findall(r"\b[A-Z]{2,4}-\d{3,8}\b", re.sub(r"\[[^\]]*\]", " ", subject))))


def order_file(order: OrderStanding, bill: RegisterBill | None = None) -> OrderFile:
    """What is handed over with an order, and with the bill that came for it."""
    compared = _beside(order, bill) if bill is not None and bill.kind != "credit_note" else None
    return OrderFile(order=order.order, supplier=order.supplier, open=order.open, beside=compared)


def _beside(order: OrderStanding, bill: RegisterBill) -> Beside:
    """The three papers, as a person will look at them; what is paid follows from the records' own match."""
    lines = tuple(OrderLine(number=line.line, **line.model_dump(include=_LINE)) for line in order.lines)
    ordered = Order(
        number=order.order,
        supplier=order.supplier,
        currency=order.currency,
        lines=lines,
        freight=order.freight,
        freight_tax_rate=order.freight_tax_rate,
    )
    came = Receipt(lines=tuple(ReceiptLine(line=one.line, received=one.received, rejected=one.rejected) for one in order.lines))
    told = bill.model_dump(include=set(Billed.model_fields) - {"lines", "kind"})
    billed = Billed(**told, lines=bill.lines, supplier=order.supplier, currency=bill.amount.currency, total=bill.amount.amount)
    known = Supplier(id=order.supplier, accounts=order.accounts)
    return beside(ordered, billed, match(ordered, [came], [billed], known))


def lacking(request: Request, supplier: SupplierFound, paper: Lines) -> list[str]:
    """What a request must say before anything can be ordered."""
    wanted = {"a supplier on file": supplier.known, "lines with quantity and price": bool(paper.lines)}
    return [what for what, there in {**wanted, "a cost centre": bool(request.cost_centre)}.items() if not there]


def order_of(request: Request, supplier: SupplierFound, paper: Lines) -> PlaceOrder:
    """The order as it was read; whether it may be placed is policy."""
    lines = tuple(
        WantedLine(item=line.item, name=line.name, quantity=line.quantity, unit=line.unit or "C62", price=price_of(line) or _NONE)
        for line in paper.lines
    )
    net = sum(((line.quantity * line.price).quantize(_CENT) for line in lines), _NONE)
    return PlaceOrder(
        supplier=supplier.supplier,
        category=request.category or "",
        cost_centre=request.cost_centre or "",
        lines=lines,
        amount=Money(amount=net, currency=paper.currency or supplier.currency),
    )


def more_billed_than_came(order: OrderStanding, paper: Lines) -> bool:
    """Whether the warehouse has to count first: goods are billed that nobody recorded yet."""
    came = sum((line.received for line in order.lines), _NONE)
    billed = sum((line.quantity for line in paper.lines), _NONE) or Decimal(1)
    return paper.kind != "credit_note" and bool(order.outstanding) and billed > came


def bill_of(order: OrderStanding, bill: Bill, paper: Lines) -> RegisterBill:
    """The bill as it was read. Where the order is one sum for one thing, the bill's own details are one line too."""
    read = paper.total if paper.total is not None else _NONE
    total = bill.gross_amount or Money(amount=read.quantize(_CENT), currency=paper.currency or order.currency)
    one_sum = len(order.lines) == 1 and order.lines[0].quantity == 1
    tax = paper.tax if paper.tax is not None else _NONE if one_sum or paper.net is None else total.amount - paper.net
    net = total.amount - tax
    lump = BilledLine(line=1, name=order.lines[0].name, quantity=Decimal(1), price=net - paper.freight, net=net - paper.freight)
    return RegisterBill(
        order=order.order,
        number=bill.invoice_number or bill.contract_number or "",
        kind="credit_note" if paper.kind == "credit_note" else "invoice",
        day=bill.issue_date,
        lines=(lump,) if one_sum or not paper.lines else paper.lines,
        freight=paper.freight,
        net=net,
        tax=tax,
        amount=total,
        account=bill.iban or "",
        corrects=paper.corrects,
        document=paper.document,
    )
