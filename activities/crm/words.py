"""What stands in the CRM, in words and as what an effect left behind."""

from typing import Final

from activities.company.journal import Written
from activities.crm.models import ClaimClosed, ClaimOpened, Declined
from baton.types.actions import Done

_UNDONE: Final = {"claim": "withdrawn", "closing": "reopened", "decline": "reopened"}


def done_of(row: Written) -> Done:
    """An entry as its effect reported it."""
    number = row.reference
    match row.kind:
        case "claim":
            return ClaimOpened(reference=number, claim=number, wrote={"claim": f"{number} open on order {row.order_no}"})
        case "closing":
            return ClaimClosed(reference=number, claim=row.detail, wrote={"claim": f"{row.detail} closed as {number}"})
        case _:
            return Declined(reference=number, code=row.detail, wrote={"claim": f"declined as {number}: {row.detail}"})


def taken_back(row: Written) -> Done:
    """What an undo left behind."""
    return Done(reference=row.reference, wrote={"claim": f"{row.reference} {_UNDONE[row.kind]}"})
