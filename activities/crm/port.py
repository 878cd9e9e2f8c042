"""What Baton needs of a CRM: who a sender is, and which claims are open."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import Field

from activities.crm.models import (
    ClaimClosed,
    ClaimOpened,
    CloseClaim,
    Decline,
    Declined,
    OpenClaim,
)
from baton.governance.declare import Permit
from baton.types.actions import Done
from baton.types.frozen import Frozen


class CustomerRecord(Frozen):
    """A customer as the CRM holds them."""

    id: str
    name: str
    email: str
    tier: str
    active: bool


class ClaimsRecord(Frozen):
    """The claims on one order, seen from one case."""

    other_open: int = Field(description="open claims on the order that other cases opened before this one did")
    own_open: bool = Field(description="this case has an open claim on the order")
    declined_before: bool = Field(description="this case was declined earlier, whether or not that still stands")


class Crm(Protocol):
    """The CRM. Writes take a permit, stand once under its key, and come back as read from the system."""

    async def customer_by_address(self, address: str) -> CustomerRecord | None:
        """The customer with this e-mail address on file, whatever its capitals, or None."""
        ...

    async def customer(self, customer: str) -> CustomerRecord | None:
        """One customer by id, or None."""
        ...

    async def claims(self, order: str, case: str) -> ClaimsRecord:
        """The claims on an order, seen from a case."""
        ...

    async def open_claim(self, claim: OpenClaim, permit: Permit, photos: Mapping[str, str]) -> ClaimOpened:
        """Put a claim on record; `photos` maps document ids to perceptual hashes."""
        ...

    async def close_claim(self, claim: CloseClaim, permit: Permit) -> ClaimClosed:
        """End this case's claim on an order."""
        ...

    async def decline_claim(self, decline: Decline, permit: Permit) -> Declined:
        """Put a decline on record."""
        ...

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        ...

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo what `done` says was written. The permit is one of its own, for the same action of the same case."""
        ...
