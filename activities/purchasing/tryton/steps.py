"""Tryton's own steps, forward and back. Each can be taken again: it looks how far Tryton is and goes on from there."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

from activities.purchasing.errors import TooLate
from activities.purchasing.tryton.papers import Papers
from activities.purchasing.tryton.register import Entry
from activities.purchasing.tryton.rpc import Meanwhile, TrytonRefuses

Step: TypeAlias = Callable[[Papers, Entry], None]


def forward(papers: Papers, entry: Entry) -> None:
    """Make what an entry says true in Tryton."""
    _FORWARD[entry.kind](papers, entry)


def may_go_back(papers: Papers, entry: Entry) -> None:
    """Raise `TooLate` when something that came after stands upon it."""
    _BEFORE.get(entry.kind, _nothing)(papers, entry)


def back(papers: Papers, entry: Entry) -> None:
    """Undo in Tryton what an entry says."""
    _BACK[entry.kind](papers, entry)


def sweep(papers: Papers, entry: Entry) -> None:
    """Take away the drafts of other attempts at an entry: they count for nothing, and others may be sweeping too."""
    with suppress(TrytonRefuses, Meanwhile):
        _sweep(papers, entry)


def _sweep(papers: Papers, entry: Entry) -> None:
    match entry.kind:
        case "purchase_order":
            papers.orders.strays(entry.key, but=entry.number)
        case "receipt":
            papers.receipts.strays(entry.key, but=entry.number)
        case "bill":
            papers.bills.strays(entry.key, but=entry.number)
        case "payment":
            papers.payments.strays(entry.key, but=entry.number)


def _nothing(papers: Papers, entry: Entry) -> None:
    """A mark in the register is all there is."""


def _bind(papers: Papers, entry: Entry) -> None:
    papers.orders.confirm(entry.order)


def _arrive(papers: Papers, entry: Entry) -> None:
    papers.receipts.arrive(entry.number, entry.order)


def _register(papers: Papers, entry: Entry) -> None:
    papers.bills.register(entry.number)


def _on_file(papers: Papers, entry: Entry) -> None:
    papers.suppliers.put_on_file(entry.supplier, entry.detail)


def _prepare(papers: Papers, entry: Entry) -> None:
    papers.payments.prepare(entry.number, int(entry.order_no.removeprefix("BI-")))


def _note(papers: Papers, entry: Entry) -> None:
    papers.bills.note(entry.number, entry.key, "In dispute: the supplier was told what is wrong")


def _unused(papers: Papers, entry: Entry) -> None:
    if papers.receipts_of(entry.order) or any(one.order == entry.order for one in papers.bills_of(entry.supplier)):
        raise TooLate(f"something was delivered or billed on `{entry.reference}`: cancel what is left instead")


def _unpaid(papers: Papers, entry: Entry) -> None:
    for one in papers.payments.of_supplier(entry.supplier):
        if one.bill == entry.reference and not one.withdrawn:
            raise TooLate(f"`{one.reference}` pays `{entry.reference}`: withdraw the payment first")


def _unreleased(papers: Papers, entry: Entry) -> None:
    if papers.payment(entry.reference).released or _release_of(papers, entry):
        raise TooLate(f"`{entry.reference}` was handed to the bank: recall it instead")


def _release_of(papers: Papers, entry: Entry) -> bool:
    found = papers.register.of_documents(entry.document.partition(",")[0], [entry.number])
    return any(one.kind == "release" and one.standing for one in found)


def _off_file(papers: Papers, entry: Entry) -> None:
    if not entry.document:
        papers.suppliers.take_off_file(entry.supplier, entry.detail)


_FORWARD: Final[Mapping[str, Step]] = {
    "purchase_order": _nothing,
    "dispatch": _bind,
    "receipt": _arrive,
    "bill": _register,
    "supplier_account": _on_file,
    "payment": _prepare,
    "release": lambda papers, entry: papers.payments.release(entry.number),
    "dispute": _note,
    "cancellation": lambda papers, entry: papers.orders.close(entry.order),
}
_BEFORE: Final[Mapping[str, Step]] = {"purchase_order": _unused, "bill": _unpaid, "payment": _unreleased}
_BACK: Final[Mapping[str, Step]] = {
    "purchase_order": lambda papers, entry: papers.orders.close(entry.order),
    "receipt": lambda papers, entry: papers.receipts.send_back(entry.number, entry.order),
    "bill": lambda papers, entry: papers.bills.strike_out(entry.number),
    "supplier_account": _off_file,
    "payment": lambda papers, entry: papers.payments.withdraw(entry.number),
    "release": lambda papers, entry: papers.payments.recall(entry.number),
    "cancellation": lambda papers, entry: papers.orders.reopen(entry.order),
}
