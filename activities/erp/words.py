"""What stands in the ERP, in words and as what an effect left behind."""

from typing import Final

from activities.company.journal import Written, money
from activities.erp.models import CardIssued, DefectRecorded, RecoveryClaimed, RepairBooked, ReplacementSent
from baton.types.actions import Done

_UNDONE: Final = {
    "gift_card": ("gift card", "voided"),
    "goodwill": ("goodwill card", "voided"),
    "repair": ("repair", "cancelled"),
    "recovery": ("charge-back", "withdrawn"),
    "defect": ("defect report", "withdrawn"),
}


def done_of(row: Written) -> Done:
    """An entry as its effect reported it."""
    number = row.reference
    match row.kind:
        case "gift_card" | "goodwill":
            value = money(row)
            wrote = {_UNDONE[row.kind][0]: f"{number} over {value}"}
            return CardIssued(reference=number, card=number, value=value, amount=value, wrote=wrote)
        case "repair":
            wrote = {"repair": f"{number} at {row.detail}"}
            return RepairBooked(reference=number, repair=number, centre=row.detail, wrote=wrote)
        case "replacement":
            wrote = {"shipment": f"{number} of one {row.detail}", "stock": f"{row.detail} one less"}
            return ReplacementSent(reference=number, shipment=number, wrote=wrote)
        case "recovery":
            value = money(row)
            wrote = {"charge-back": f"{number} to {row.detail} over {value}"}
            return RecoveryClaimed(reference=number, claim=number, supplier=row.detail, value=value, amount=value, wrote=wrote)
        case _:
            wrote = {"defect report": f"{number} with {row.detail} photographs"}
            return DefectRecorded(reference=number, report=number, wrote=wrote)


def taken_back(row: Written, recall: Written | None) -> Done:
    """What an undo left behind."""
    if recall is not None:
        wrote = {"shipment": f"{row.reference} recalled as {recall.reference}", "stock": f"{row.detail} one more"}
        return Done(reference=recall.reference, wrote=wrote)
    noun, undone = _UNDONE[row.kind]
    amount = money(row) if row.amount is not None else None
    return Done(reference=row.reference, wrote={noun: f"{row.reference} {undone}"}, amount=amount)
