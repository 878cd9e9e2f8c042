"""What stands in the signing records, in words and as what an effect left behind."""

import json
from typing import Any, Final

from activities.company.journal import Written
from activities.signing.models import Countersigned, Invited, Signed
from baton.types.actions import Done

_UNDONE: Final = {"signature": "revoked", "invitation": "withdrawn", "countersignature": "struck"}


def detail(**said: Any) -> str:
    """An entry's detail."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def done_of(row: Written) -> Done:
    """An entry as its effect reported it."""
    number, said = row.reference, json.loads(row.detail)
    match row.kind:
        case "signature":
            wrote = {"signature": f"{number}: {said['by']} for {row.order_no}"}
            return Signed(reference=number, document=said["document"], by=said["by"], wrote=wrote)
        case "invitation":
            wrote = {"link": f"{number} for {said['reader']}, until {said['expires'][:10]}"}
            return Invited(reference=number, invitation=said["document"], expires=said["expires"], wrote=wrote)
        case _:
            wrote = {"signature": f"{number}: {said['by']} for the customer of {row.order_no}"}
            return Countersigned(reference=number, document=said["document"], by=said["by"], wrote=wrote)


def taken_back(row: Written) -> Done:
    """What an undo left behind."""
    return Done(reference=row.reference, wrote={"signature": f"{row.reference} {_UNDONE[row.kind]}"})
