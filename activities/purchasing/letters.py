"""The letters that suppliers get: fixed words, filled from records alone, to the address on file."""

from decimal import Decimal

from activities.mail.port import Enclosure, Envelope
from activities.purchasing.matched import Standing
from activities.purchasing.order_pdf import order_pdf
from activities.purchasing.order_ubl import order_ubl, totals_of
from activities.purchasing.port import Ordered, Ourselves, SupplierRecord
from baton.matching import Fault

_ORDER = """Hello,

Please find our order {number} over {total} {currency} attached, as a PDF for you to read and as UBL 2.1 for your
system. Both say the same.

Kindly confirm it by replying to this letter, and put the number {number} on your delivery note and your invoice.

Kind regards
{ourselves}
"""
_DISPUTE = """Hello,

Thank you for your invoice {bill} for our order {number}. We cannot pay all of it yet, because it does not agree
with the order and with what we received:

{faults}

{rest} Please send a corrected invoice or a credit note, or tell us where we are mistaken.

Kind regards
{ourselves}
"""


def order_letter(ordered: Ordered, supplier: SupplierRecord, ourselves: Ourselves, case: str) -> Envelope:
    """The order with its two papers."""
    number = ordered.order.number
    total = totals_of(ordered)[2]
    words = {"number": number, "total": f"{total:,.2f}", "currency": ordered.order.currency, "ourselves": ourselves.name}
    papers = (
        Enclosure(name=f"{number}.pdf", media_type="application/pdf", content=order_pdf(ordered, supplier, ourselves)),
        Enclosure(name=f"{number}.xml", media_type="application/xml", content=order_ubl(ordered, supplier, ourselves)),
    )
    return _envelope("purchase_order", supplier, f"Purchase order {number} [{case}]", _ORDER.format(**words)).model_copy(
        update={"enclosed": papers}
    )


def dispute_letter(found: Standing, ourselves: Ourselves, case: str) -> Envelope:
    """What is wrong with a bill, line by line."""
    bill, undisputed = found.bill.billed, found.judged.undisputed
    words = {
        "bill": bill.number,
        "number": found.ordered.order.number,
        "faults": "\n".join(f"- {_fault(fault, found.ordered)}" for fault in found.judged.faults),
        "rest": _rest(undisputed, bill.currency),
        "ourselves": ourselves.name,
    }
    return _envelope("dispute", found.supplier, f"Your invoice {bill.number} [{case}]", _DISPUTE.format(**words))


def _rest(undisputed: Decimal, currency: str) -> str:
    if undisputed <= 0:
        return "Until this is settled we hold the payment."
    return f"We pay the {undisputed:,.2f} {currency} that are beyond doubt and hold the rest."


def _fault(fault: Fault, ordered: Ordered) -> str:
    """The fault in words. What the supplier wrote itself is not repeated where it is free text: letters carry our words only."""
    line = ordered.order.line(fault.line) if fault.line is not None else None
    about = f"line {line.number}, {line.name}: " if line else ""
    match fault.kind:
        case "price":
            return f"{about}the price is {fault.found} instead of {fault.expected}"
        case "quantity":
            return f"{about}{fault.found} are billed, {fault.expected} were ordered"
        case "undelivered":
            return f"{about}{fault.found} are billed, {fault.expected} were delivered and accepted"
        case "credit_missing":
            return f"{about}{fault.found} are billed, {fault.expected} were accepted; the credit note for the rest is missing"
        case "freight":
            return f"freight of {fault.found} is billed, {fault.expected} was agreed"
        case "tax":
            return f"{about}the tax does not follow from the rates agreed"
        case "sums":
            return "the invoice does not add up"
        case "unit":
            return f"{about}the unit is not the unit ordered"
        case "unordered":
            return "a line is billed that we did not order"
        case "bank":
            return "it names an account that we do not have on file; we will call you about it"
        case _:
            return fault.kind.replace("_", " ")


def _envelope(template: str, supplier: SupplierRecord, subject: str, text: str) -> Envelope:
    return Envelope(template=template, recipient=supplier.email, name=supplier.name, subject=subject, text=text)
