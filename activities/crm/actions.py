"""What Baton does with the CRM: who writes, and three effects on a claim, each undone exactly."""

from activities.crm.facts import close_claim_facts, decline_facts, open_claim_facts
from activities.crm.models import (
    ClaimClosed,
    ClaimOpened,
    CloseClaim,
    CustomerFound,
    Decline,
    Declined,
    OpenClaim,
    WhoWrites,
)
from activities.papers import hashes_of, photo_hashes
from activities.systems import crm
from baton.governance.declare import About, Permit, effect, exact, read
from baton.types.actions import Done


async def written(key: str) -> Done | None:
    """What stands in the CRM under our reference."""
    return await crm().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Undo an entry of the CRM."""
    return await crm().take_back(done, permit)


@read(names_customer=True)
async def find_customer(query: WhoWrites, about: About) -> CustomerFound:
    """The customer whose address on file is the sender's; nothing the message says counts."""
    found = await crm().customer_by_address(about.sender)
    if found is None:
        return CustomerFound(known=False)
    return CustomerFound(known=True, customer=found.id, name=found.name, tier=found.tier, email=found.email)


@effect(facts=open_claim_facts, look_up=written, undo=exact(take_back), says="Open a claim on order {order}")
async def open_claim(action: OpenClaim, permit: Permit, about: About) -> ClaimOpened:
    """A claim on record, with every photograph of the case, so that the first of two cases on one order is known."""
    return await crm().open_claim(action, permit, await photo_hashes(about) | await hashes_of(action.photos))


@effect(facts=close_claim_facts, look_up=written, undo=exact(take_back), says="Close the claim on order {order}")
async def close_claim(action: CloseClaim, permit: Permit) -> ClaimClosed:
    """The end of this case's claim. Undone by opening it again."""
    return await crm().close_claim(action, permit)


@effect(facts=decline_facts, look_up=written, undo=exact(take_back), says="Decline the claim on order {order}: {code}")
async def decline_claim(action: Decline, permit: Permit) -> Declined:
    """A claim turned down. Undone by reopening it."""
    return await crm().decline_claim(action, permit)
