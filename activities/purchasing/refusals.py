"""What no purchasing system may write, whichever keeps the records.

More than was ordered, a bill or a payment twice, a payment that one person prepares and releases.
"""

from collections.abc import Iterable
from decimal import Decimal

from activities.purchasing.errors import AlreadyPaid, AlreadyRegistered, SamePerson, TooLate, TooMuch
from activities.purchasing.models import RecordReceipt, RegisterBill
from activities.purchasing.port import BillRecord, Ordered, PaymentRecord
from baton.matching import Billed, Receipt
from baton.matching.before import number_key
from baton.types.money import Money


def within_order(ordered: Ordered, before: Iterable[Receipt], asked: RecordReceipt) -> None:
    """Raises `TooMuch` where more would have come than was ordered."""
    counted = [one for paper in before for one in paper.lines] + list(asked.lines)
    for line in ordered.order.lines:
        came = sum((one.received for one in counted if one.line == line.number), Decimal(0))
        if came > line.quantity:
            raise TooMuch(
                f"line {line.number} of `{asked.order}` would have `{came}` of `{line.quantity}`: count this delivery alone"
            )


def first_of_its_number(asked: RegisterBill, supplier: str, known: Iterable[tuple[str, Billed]]) -> None:
    """Raises `AlreadyRegistered` for a number that the supplier used before, however it is spelled.

    `known` are bills of the supplier that stand, each by its reference.
    """
    for reference, billed in known:
        if billed.kind == asked.kind and number_key(billed.number) == number_key(asked.number):
            raise AlreadyRegistered(f"bill `{asked.number}` of `{supplier}` stands as `{reference}`: it is a duplicate")


def within_bill(bill: BillRecord, amount: Money) -> None:
    """Raises `AlreadyPaid` beyond the bill's total; a credit note is not paid at all."""
    if bill.paid + amount.amount > bill.billed.total or bill.billed.kind == "credit_note":
        raise AlreadyPaid(
            f"`{bill.reference}` is over `{bill.billed.total}` and `{bill.paid}` of it is paid: `{amount}` is too much"
        )


def may_leave(payment: PaymentRecord, by: str) -> None:
    """Raises `TooLate` for a payment that left or was withdrawn, `SamePerson` for whoever prepared it."""
    if payment.withdrawn or payment.released:
        raise TooLate(f"payment `{payment.reference}` was {'withdrawn' if payment.withdrawn else 'released'} before: look at it")
    if by and by == payment.prepared_by:
        raise SamePerson(f"`{by}` approved payment `{payment.reference}` when it was prepared: somebody else has to release it")
