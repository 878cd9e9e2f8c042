"""What Baton does with the ERP: look an order up, and six effects, each found again by our reference and undone as declared."""

from activities.erp import matching
from activities.erp.facts import (
    defect_facts,
    gift_card_facts,
    goodwill_facts,
    recoverable_of,
    recovery_facts,
    repair_facts,
    replacement_facts,
    within_terms,
)
from activities.erp.models import (
    CardIssued,
    DefectRecorded,
    DefectReport,
    GiftCard,
    Goodwill,
    OrderFound,
    OrderQuery,
    PhotosFound,
    Recovery,
    RecoveryClaimed,
    Repair,
    RepairBooked,
    Replacement,
    ReplacementSent,
    WhichPhotos,
)
from activities.papers import hashes_of, photo_hashes
from activities.systems import erp
from baton.governance.declare import About, Permit, compensating, effect, exact, read
from baton.types.actions import Done
from baton.types.ids import DocumentId

PROOF = ("serial", "seller", "purchased", "paid")
"""The fields of a claim that a remedy rests on."""


async def written(key: str) -> Done | None:
    """What stands in the ERP under our reference."""
    return await erp().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Undo an entry of the ERP."""
    return await erp().take_back(done, permit)


@read()
async def find_order(query: OrderQuery, about: About) -> OrderFound:
    """The order a customer speaks of, among their own orders only; not known when nothing fits or two fit alike."""
    own = await erp().orders_of(about.customer) if about.customer else ()
    order = matching.the_one(query, own)
    if order is None:
        return OrderFound(known=False)
    recovered = (await erp().history(order.number, about.case)).recovered
    return OrderFound(
        known=True,
        order=order.number,
        sku=order.sku,
        product=order.product,
        serial=order.serial,
        seller=order.seller,
        purchased=order.purchased,
        paid=order.paid,
        in_warranty=order.in_warranty,
        repairable=order.repairable,
        in_stock=order.in_stock,
        supplier_recovers=within_terms(order),
        recoverable=recoverable_of(order, recovered) if within_terms(order) else None,
    )


@read()
async def find_photos(query: WhichPhotos, about: About) -> PhotosFound:
    """The photographs among the case's documents; a picture of a receipt is none."""
    return PhotosFound(photos=tuple(DocumentId(paper) for paper in sorted(await photo_hashes(about))))


@effect(
    facts=gift_card_facts,
    look_up=written,
    undo=exact(take_back),
    says="Issue a gift card of {amount} for order {order}",
    spends="amount",
    editable=("amount",),
    rests_on=PROOF,
)
async def issue_gift_card(action: GiftCard, permit: Permit) -> CardIssued:
    """A gift card equal to the purchase value. Undone by voiding the card."""
    return await erp().issue_gift_card(action, permit)


@effect(
    facts=goodwill_facts,
    look_up=written,
    undo=exact(take_back),
    says="Give goodwill of {amount} for order {order}",
    spends="amount",
    editable=("amount",),
    rests_on=PROOF,
)
async def give_goodwill(action: Goodwill, permit: Permit) -> CardIssued:
    """A gift card although no claim exists. Undone by voiding the card."""
    return await erp().give_goodwill(action, permit)


@effect(
    facts=repair_facts,
    look_up=written,
    undo=exact(take_back),
    says="Book a repair for order {order}: {defect}",
    rests_on=PROOF,
)
async def book_repair(action: Repair, permit: Permit) -> RepairBooked:
    """A repair at the product's own repair centre. Undone by cancelling it."""
    return await erp().book_repair(action, permit)


@effect(
    facts=replacement_facts,
    look_up=written,
    undo=compensating(take_back),
    says="Send a replacement for order {order}",
    rests_on=PROOF,
)
async def send_replacement(action: Replacement, permit: Permit) -> ReplacementSent:
    """The same product from stock. Undone by recalling the shipment, which stays visible."""
    return await erp().send_replacement(action, permit)


@effect(
    facts=recovery_facts,
    look_up=written,
    undo=exact(take_back),
    says="Charge {amount} back to the supplier for order {order}",
    rests_on=PROOF,
)
async def recover_from_supplier(action: Recovery, permit: Permit) -> RecoveryClaimed:
    """A charge-back under the supplier's terms. Undone by withdrawing it."""
    return await erp().recover_from_supplier(action, permit)


@effect(
    facts=defect_facts,
    look_up=written,
    undo=exact(take_back),
    says="Record a defect of {sku} for order {order}: {description}",
)
async def record_defect(action: DefectReport, permit: Permit) -> DefectRecorded:
    """A defect report with its photographs, for product quality. Undone by withdrawing it."""
    return await erp().record_defect(action, permit, await hashes_of(action.photos))
