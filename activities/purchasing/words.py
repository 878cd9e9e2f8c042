"""What stands in purchasing, in words and as what an effect left behind."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from activities.company.journal import Written, money
from activities.purchasing.models import (
    AccountConfirmed,
    BillDisputed,
    BillRegistered,
    OrderCancelled,
    OrderPlaced,
    OrderSent,
    PaymentPrepared,
    PaymentReleased,
    ReceiptRecorded,
)
from baton.types.actions import Done

_Told: TypeAlias = Callable[[Written], Done]


def file_name(payment: str) -> str:
    """The pain.001 file of a payment."""
    return f"{payment}.pain.001.xml"


def _placed(row: Written) -> Done:
    value = money(row)
    wrote = {"order": f"{row.reference} with {row.detail} over {value} net"}
    return OrderPlaced(reference=row.reference, order=row.reference, amount=value, wrote=wrote)


def _sent(row: Written) -> Done:
    wrote = {"order": f"{row.order_no} as PDF and UBL to {row.detail}"}
    return OrderSent(reference=row.reference, order=row.order_no, recipient=row.detail, wrote=wrote)


def _received(row: Written) -> Done:
    return ReceiptRecorded(
        reference=row.reference, receipt=row.reference, wrote={"receipt": f"{row.reference} of {row.order_no}: {row.detail}"}
    )


def _registered(row: Written) -> Done:
    value = money(row)
    wrote = {"bill": f"{row.reference}, number {row.detail}, over {value} for {row.order_no}"}
    return BillRegistered(reference=row.reference, bill=row.reference, amount=value, wrote=wrote)


def _confirmed(row: Written) -> Done:
    return AccountConfirmed(reference=row.reference, account=row.detail, wrote={"account": f"{row.detail} of {row.order_no}"})


def _prepared(row: Written) -> Done:
    value, file = money(row), file_name(row.reference)
    wrote = {"payment": f"{row.reference} of {value} for {row.order_no}, to {row.detail}", "file": file}
    return PaymentPrepared(reference=row.reference, payment=row.reference, file=file, amount=value, wrote=wrote)


def _released(row: Written) -> Done:
    value = money(row)
    wrote = {"payment": f"{row.order_no} over {value} handed to the bank"}
    return PaymentReleased(reference=row.reference, payment=row.order_no, amount=value, wrote=wrote)


def _disputed(row: Written) -> Done:
    return BillDisputed(reference=row.reference, bill=row.order_no, wrote={"dispute": f"{row.order_no}: {row.detail}"})


def _cancelled(row: Written) -> Done:
    return OrderCancelled(reference=row.reference, order=row.order_no, wrote={"order": f"{row.order_no} cancelled: {row.detail}"})


_TOLD: Final[Mapping[str, _Told]] = {
    "purchase_order": _placed,
    "dispatch": _sent,
    "receipt": _received,
    "bill": _registered,
    "supplier_account": _confirmed,
    "payment": _prepared,
    "release": _released,
    "dispute": _disputed,
    "cancellation": _cancelled,
}
_UNDONE: Final = {
    "purchase_order": "withdrawn",
    "receipt": "taken back",
    "bill": "struck out",
    "supplier_account": "taken off file",
    "payment": "withdrawn before it left",
    "cancellation": "lifted",
}


def done_of(row: Written) -> Done:
    """An entry as its effect reported it."""
    return _TOLD[row.kind](row)


def taken_back(row: Written, recall: Written | None) -> Done:
    """What an undo left behind."""
    amount = money(row) if row.amount is not None else None
    if recall is not None:
        wrote = {"payment": f"{row.order_no} recalled from the bank as {recall.reference}"}
        return Done(reference=recall.reference, wrote=wrote, amount=amount)
    noun = row.kind.replace("_", " ")
    return Done(reference=row.reference, wrote={noun: f"{row.reference} {_UNDONE[row.kind]}"}, amount=amount)
