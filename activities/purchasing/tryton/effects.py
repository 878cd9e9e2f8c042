"""What each effect needs before it is written in Tryton, and the entry that it becomes.

What is written here counts for nothing yet: a purchase that binds nobody, or a draft. What an attempt left behind is used again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from activities.purchasing import refusals
from activities.purchasing.errors import NotOnRecord
from activities.purchasing.models import (
    CancelOrder,
    ConfirmAccount,
    DisputeBill,
    PayBill,
    PlaceOrder,
    RecordReceipt,
    RegisterBill,
    ReleasePayment,
    SendOrder,
)
from activities.purchasing.records import SERIES
from activities.purchasing.tryton import bills, orders, payments, receipts
from activities.purchasing.tryton.papers import Papers
from activities.purchasing.tryton.register import Body
from activities.purchasing.writing import today
from baton.governance.declare import Permit
from baton.types.actions import Action
from baton.types.canonical import plain
from baton.types.money import Money


@dataclass(frozen=True)
class Wish:
    """An effect that is wanted: of which supplier, under which permit, and who stands behind it."""

    kind: str
    action: Any
    supplier: str
    permit: Permit
    requester: str = ""
    by: str = ""

    def entry(self, reference: str, **more: Any) -> Body:
        """What the register will say."""
        money: Money | None = getattr(self.action, "amount", None)
        told: dict[str, Any] = {
            "kind": self.kind,
            "reference": reference,
            "amount": money.amount if money else None,
            "currency": money.currency if money else None,
            "case": self.permit.case,
            "action": plain(self.action),
            "by": self.by,
            "requester": self.requester,
            "day": today(),
        }
        return Body(**(told | more))

    def mark(self, number: int) -> str:
        """A reference for what is no document of its own in Tryton."""
        return f"{SERIES[self.kind]}-{self.supplier}.{number}"


Begin: TypeAlias = Callable[[Papers, Wish, int], Body]


def _order(papers: Papers, wish: Wish, number: int) -> Body:
    supplier = papers.supplier(wish.supplier)
    made = papers.orders.offered(wish.action, supplier, wish.permit.key)
    about = f"{orders.MODEL},{made['id']}"
    return wish.entry(made["number"], order_no=supplier.id, detail=supplier.name, document=about, order=made["number"])


def _dispatch(papers: Papers, wish: Wish, number: int) -> Body:
    supplier, ordered = papers.supplier(wish.supplier), papers.order(wish.action.order)
    return wish.entry(wish.mark(number), order_no=wish.action.order, detail=supplier.email, order=ordered.order.number)


def _receipt(papers: Papers, wish: Wish, number: int) -> Body:
    ordered = papers.order(wish.action.order)
    refusals.within_order(ordered, papers.receipts.of_order(ordered), wish.action)
    id = papers.receipts.draft(wish.action, ordered, wish.permit.key)
    counted = sum(line.received for line in wish.action.lines)
    rejected = sum(line.rejected for line in wish.action.lines)
    detail = f"{counted:f} came" + (f", {rejected:f} of them rejected" if rejected else "")
    about = {"document": f"{receipts.MODEL},{id}", "order": ordered.order.number}
    return wish.entry(f"GR-{id}", order_no=wish.action.order, detail=detail, **about)


def _bill(papers: Papers, wish: Wish, number: int) -> Body:
    ordered, asked = papers.order(wish.action.order), wish.action
    refusals.first_of_its_number(asked, wish.supplier, [(one.reference, one.billed) for one in papers.bills_of(wish.supplier)])
    id = papers.bills.draft(asked, ordered, wish.permit.key)
    about = {"document": f"{bills.MODEL},{id}", "order": ordered.order.number}
    return wish.entry(f"BI-{id}", order_no=asked.order, detail=asked.number, **about)


def _account(papers: Papers, wish: Wish, number: int) -> Body:
    supplier = papers.supplier(wish.supplier)
    known = papers.suppliers.account(supplier.id, wish.action.account)
    stood = any(account.number == wish.action.account for account in supplier.accounts)
    about = f"bank.account,{known}" if stood else ""  # what stood before stays when this is undone
    return wish.entry(wish.mark(number), order_no=supplier.id, detail=wish.action.account, document=about)


def _payment(papers: Papers, wish: Wish, number: int) -> Body:
    bill = papers.bill(wish.action.bill)
    refusals.within_bill(bill, wish.action.amount)
    accounts = papers.supplier(wish.supplier).accounts
    id = papers.payments.draft(wish.action, bill, wish.permit.key)
    about = {"document": f"{payments.MODEL},{id}", "order": bill.order}
    return wish.entry(f"PY-{id}", order_no=bill.reference, detail=accounts[0].number if accounts else "", **about)


def _release(papers: Papers, wish: Wish, number: int) -> Body:
    found = papers.payment(wish.action.payment)
    refusals.may_leave(found, wish.by)
    prepared = papers.register.by_reference(found.reference)
    assert prepared is not None
    about = {"document": prepared.document, "order": prepared.order}
    return wish.entry(wish.mark(number), order_no=found.reference, **about)


def _dispute(papers: Papers, wish: Wish, number: int) -> Body:
    bill = papers.bill(wish.action.bill)
    about = {"document": f"{bills.MODEL},{bill.reference.removeprefix('BI-')}", "order": bill.order}
    return wish.entry(wish.mark(number), order_no=bill.reference, detail="the supplier was told what is wrong", **about)


def _cancellation(papers: Papers, wish: Wish, number: int) -> Body:
    ordered = papers.order(wish.action.order)
    return wish.entry(wish.mark(number), order_no=wish.action.order, detail=wish.action.reason, order=ordered.order.number)


BEGIN: Final[Mapping[str, Begin]] = {
    "purchase_order": _order,
    "dispatch": _dispatch,
    "receipt": _receipt,
    "bill": _bill,
    "supplier_account": _account,
    "payment": _payment,
    "release": _release,
    "dispute": _dispute,
    "cancellation": _cancellation,
}
"""By kind of entry. Raises what purchasing refuses."""


def supplier_of(papers: Papers, action: Action) -> str:
    """Whose branch of the register an action belongs to. Raises `NotOnRecord`."""
    match action:
        case PlaceOrder() | ConfirmAccount():
            return action.supplier
        case SendOrder() | RecordReceipt() | RegisterBill() | CancelOrder():
            return papers.order(action.order).order.supplier
        case PayBill() | DisputeBill():
            entry = papers.register.by_reference(action.bill)
            return entry.supplier if entry else papers.bill(action.bill).billed.supplier
        case ReleasePayment():
            entry = papers.register.by_reference(action.payment)
            return entry.supplier if entry else papers.payment(action.payment).supplier
        case _:
            raise NotOnRecord(f"purchasing knows no `{type(action).__name__}`")
