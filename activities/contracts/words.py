"""What stands in the contract register, in words and as what an effect left behind."""

from typing import Final

from activities.company.journal import Written
from activities.contracts.models import (
    Archived,
    BillingAgreed,
    DealClosed,
    Live,
    OnboardingStarted,
    PaperAccepted,
    PaperDrafted,
)
from baton.types.actions import Done
from baton.types.ids import DocumentId

_UNDONE: Final = {
    "contract_draft": "withdrawn",
    "contract_accepted": "acceptance withdrawn",
    "contract_billing": "cancelled",
    "contract_archived": "taken out of the archive",
    "onboarding": "cancelled",
    "live": "taken back",
    "deal_closed": "opened again",
}


def done_of(row: Written) -> Done:
    """An entry as its effect reported it."""
    number, deal = row.reference, row.order_no
    match row.kind:
        case "contract_draft":
            document = DocumentId(row.detail)
            return PaperDrafted(reference=number, document=document, wrote={"contract": f"{number} drafted for {deal}"})
        case "contract_accepted":
            return PaperAccepted(reference=number, wrote={"contract": f"accepted for {deal} as {number}"})
        case "contract_billing":
            return BillingAgreed(reference=number, wrote={"billing": f"{number}: {deal} within {row.detail} days"})
        case "contract_archived":
            document = DocumentId(row.detail)
            return Archived(reference=number, document=document, wrote={"archive": f"{number}: the contract of {deal}"})
        case "onboarding":
            return OnboardingStarted(reference=number, wrote={"onboarding": f"{number} begun for {deal}"})
        case "live":
            days = int(row.detail)
            return Live(reference=number, days=days, wrote={"live": f"{deal}, {_days(days)} after the yes"})
        case _:
            words = row.detail.replace("_", " ")
            return DealClosed(reference=number, code=row.detail, wrote={"deal": f"{deal} closed as {number}: {words}"})


def taken_back(row: Written) -> Done:
    """What an undo left behind."""
    return Done(reference=row.reference, wrote={"contract": f"{row.reference} {_UNDONE[row.kind]}"})


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
