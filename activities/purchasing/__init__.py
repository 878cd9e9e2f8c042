"""Suppliers, orders, deliveries, bills and payments."""

from activities.purchasing.actions import (
    cancel_order,
    confirm_account,
    dispute_bill,
    pay_bill,
    place_order,
    record_receipt,
    register_bill,
    release_payment,
    send_order,
)
from activities.purchasing.finding import compare_confirmation, find_bill, find_order, find_party, find_supplier

__all__ = [
    "cancel_order",
    "compare_confirmation",
    "confirm_account",
    "dispute_bill",
    "find_bill",
    "find_order",
    "find_party",
    "find_supplier",
    "pay_bill",
    "place_order",
    "record_receipt",
    "register_bill",
    "release_payment",
    "send_order",
]
