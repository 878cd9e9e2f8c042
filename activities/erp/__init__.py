"""Orders, warranty terms, gift cards, repairs, stock and suppliers."""

from activities.erp.actions import (
    book_repair,
    find_order,
    find_photos,
    give_goodwill,
    issue_gift_card,
    record_defect,
    recover_from_supplier,
    send_replacement,
)

__all__ = [
    "book_repair",
    "find_order",
    "find_photos",
    "give_goodwill",
    "issue_gift_card",
    "record_defect",
    "recover_from_supplier",
    "send_replacement",
]
