"""Looking up: who writes, which supplier a paper means, how an order and a bill stand. Nothing here changes anything."""

from decimal import Decimal

from rapidfuzz import fuzz

from activities.erp.matching import same_seller, words
from activities.purchasing.doors import company, purchasing
from activities.purchasing.matched import on_file, standing
from activities.purchasing.models import (
    BillQuestion,
    BillStanding,
    Confirmed,
    Differences,
    LineStanding,
    OrderQuestion,
    OrderStanding,
    PartyFound,
    SupplierFound,
    SupplierQuery,
    WhoDeals,
)
from activities.purchasing.order_ubl import totals_of
from activities.purchasing.port import BillRecord, Ordered, SupplierRecord
from baton.governance.declare import About, read
from baton.matching.confirmed import differences
from baton.types.money import Money

_ALIKE = 92


@read(names_customer=True)
async def find_party(query: WhoDeals, about: About) -> PartyFound:
    """Who writes, by the address of the message: a colleague, a supplier, or somebody we do not know."""
    address = about.sender.lower()
    for supplier in await purchasing().suppliers():
        if supplier.email.lower() == address:
            return PartyFound(known=True, customer=supplier.id, name=supplier.name, supplier=True)
    colleague = await company().colleague(address)
    return PartyFound(known=True, customer=colleague[0], name=colleague[0]) if colleague else PartyFound(known=False)


@read()
async def find_supplier(query: SupplierQuery, about: About) -> SupplierFound:
    """The supplier that a paper names, by its name alone: an account on a paper finds nobody."""
    every = await purchasing().suppliers()
    fitting = [one for one in every if one.id == about.customer] or [one for one in every if _named(query.name or "", one)]
    if len(fitting) != 1:
        return SupplierFound(known=False)
    found = fitting[0]
    return SupplierFound(
        known=True,
        supplier=found.id,
        name=found.name,
        currency=found.currency,
        tax_rate=found.tax_rate,
        account_changed=bool(query.account) and not on_file(found, query.account or ""),
        contact=found.contact,
    )


@read()
async def find_order(question: OrderQuestion, about: About) -> OrderStanding:
    """The order a paper is about; a supplier is told of its own orders only."""
    suppliers = {one.id for one in await purchasing().suppliers()}
    for number in dict.fromkeys(question.numbers):
        ordered = await purchasing().order(number)
        if ordered is not None and (about.customer not in suppliers or ordered.order.supplier == about.customer):
            return await _standing(ordered)
    return OrderStanding(known=False)


@read()
async def find_bill(question: BillQuestion, about: About) -> BillStanding:
    """A bill beside its order and receipts."""
    found = await standing(purchasing(), question.bill)
    if found is None:
        return BillStanding(known=False)
    billed = found.bill.billed
    return BillStanding(
        known=True,
        bill=found.bill.reference,
        number=billed.number,
        kind=billed.kind,
        total=Money(amount=billed.total.quantize(Decimal("0.01")), currency=billed.currency),
        undisputed=Money(amount=found.due.quantize(Decimal("0.01")), currency=billed.currency),
        faults=tuple(sorted({fault.kind for fault in found.judged.faults})),
        words=tuple(fault.words for fault in found.judged.faults),
    )


@read()
async def compare_confirmation(confirmed: Confirmed, about: About) -> Differences:
    """A confirmation beside its order, line by line: prices, quantities, units, and lines left out or added."""
    ordered = await purchasing().order(confirmed.order)
    return Differences(words=tuple(differences(ordered.order, confirmed.lines)) if ordered else ("the order is not known",))


async def _standing(ordered: Ordered) -> OrderStanding:
    number = ordered.order.number
    receipts = await purchasing().receipts_of(number)
    supplier = await purchasing().supplier(ordered.order.supplier)
    bills = await purchasing().bills_of(ordered.order.supplier)
    came = [line for receipt in receipts for line in receipt.lines]
    lines = [
        LineStanding(
            line=line.number,
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            item=line.item,
            tax_rate=line.tax_rate,
            received=sum((one.received for one in came if one.line == line.number), Decimal(0)),
            rejected=sum((one.rejected for one in came if one.line == line.number), Decimal(0)),
        )
        for line in ordered.order.lines
    ]
    return OrderStanding(
        known=True,
        order=number,
        supplier=ordered.order.supplier,
        supplier_name=supplier.name if supplier else "",
        contact=supplier.contact if supplier else "",
        currency=ordered.order.currency,
        value=totals_of(ordered)[2],
        open=ordered.state == "open",
        sent=ordered.sent,
        freight=ordered.order.freight,
        freight_tax_rate=ordered.order.freight_tax_rate,
        accounts=tuple(account.number for account in supplier.accounts) if supplier else (),
        lines=tuple(lines),
        unpaid=tuple(bill.reference for bill in bills if bill.order == number and not bill.paid and _is_invoice(bill)),
    )


def _is_invoice(bill: BillRecord) -> bool:
    return bill.billed.kind == "invoice"


def _named(name: str, supplier: SupplierRecord) -> bool:
    if same_seller(name, supplier.name):
        return True
    return len(name) > 3 and fuzz.token_sort_ratio(" ".join(words(name)), " ".join(words(supplier.name))) >= _ALIKE
