"""What the ERP and the CRM say about a claim. Trusted code: of what an agent read, it only says whether the records agree."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from activities.crm.port import ClaimsRecord, CustomerRecord
from activities.erp import matching
from activities.erp.models import ClaimFacts, DefectReport, GiftCard, Goodwill, Recovery, Repair, Replacement
from activities.erp.port import History, OrderRecord
from activities.papers import hashes_of, photo_hashes, receipt_on_file
from activities.systems import crm, erp
from baton.governance.declare import About
from baton.types.canonical import Json
from baton.types.money import Money

_NOTHING: Final = Money(amount=Decimal(0), currency="EUR")
_CENT: Final = Decimal("0.01")
_NO_CASE: Final = "-"
"""Seen from no case at all, every remedy on an order is another case's."""


async def gift_card_facts(action: GiftCard, about: About) -> ClaimFacts:
    """About a gift card: it costs what it is worth."""
    return await _claim_facts(action.order, about, cost=action.amount)


async def goodwill_facts(action: Goodwill, about: About) -> ClaimFacts:
    """About goodwill: it costs what it is worth."""
    return await _claim_facts(action.order, about, cost=action.amount)


async def repair_facts(action: Repair, about: About) -> ClaimFacts:
    """About a repair: nobody knows its bill yet, but it never costs more than the product anew."""
    return await _claim_facts(action.order, about)


async def replacement_facts(action: Replacement, about: About) -> ClaimFacts:
    """About a replacement: it costs what the product costs today."""
    return await _claim_facts(action.order, about)


async def recovery_facts(action: Recovery, about: About) -> ClaimFacts:
    """About a charge-back: it costs nothing, and only a remedy on its own order counts as given."""
    facts = await _claim_facts(action.order, about, cost=_nothing(action.amount.currency))
    return facts.model_copy(update={"remedy_given": facts.remedy_given and await _given_on(action.order, facts)})


async def defect_facts(action: DefectReport, about: About) -> ClaimFacts:
    """About a defect report: it costs nothing, and its photographs count too."""
    return await _claim_facts(action.order, about, cost=_NOTHING, photos=await hashes_of(action.photos))


async def _claim_facts(
    number: str, about: About, cost: Money | None = None, photos: Mapping[str, str] | None = None
) -> ClaimFacts:
    claim = about.findings.get("Claim", {})
    order = await erp().order(number)
    customer = await crm().customer(about.customer) if about.customer else None
    seen = await photo_hashes(about) | dict(photos or {})
    history = await erp().history(number if _owned(order, about) else "", about.case, seen)
    receipt = await receipt_on_file(about, matching.money_of(claim.get("paid")))
    if order is None or not _owned(order, about):
        # True facts about somebody else's order would be true of the wrong person: all but its existence stays unknown.
        return _unknown(order is not None, customer, receipt, history, cost or _NOTHING)
    claims = await crm().claims(number, about.case)
    return _known(order, customer, claim, history, claims, receipt, cost or order.price)


async def _given_on(number: str, facts: ClaimFacts) -> bool:
    """Whether this very case gave a remedy on this order: all that were given, less those of other cases."""
    every = (await erp().history(number, _NO_CASE)).remedies_before
    return every > facts.remedies_before


def _owned(order: OrderRecord | None, about: About) -> bool:
    return order is not None and about.customer is not None and order.customer == about.customer


def _known(
    order: OrderRecord,
    customer: CustomerRecord | None,
    claim: Mapping[str, Json],
    history: History,
    claims: ClaimsRecord,
    receipt: bool,
    cost: Money,
) -> ClaimFacts:
    recoverable = recoverable_of(order, history.recovered)
    return ClaimFacts(
        order_known=True,
        order_is_customers=True,
        customer_active=customer is not None and customer.active,
        paid=order.paid,
        days_since_purchase=order.days_since_purchase,
        warranty_days=order.warranty_days,
        in_warranty=order.in_warranty,
        receipt_on_file=receipt,
        **_matches(order, claim),
        remedies_before=history.remedies_before,
        other_open_claims=claims.other_open,
        photo_used_before=history.photo_used_before,
        repairable=order.repairable,
        in_stock=order.in_stock,
        repair_centre=order.repair_centre,
        cost=cost,
        supplier=order.supplier,
        supplier_recovers=within_terms(order),
        recoverable=recoverable,
        remedy_given=history.remedy_given,
    )


def _matches(order: OrderRecord, claim: Mapping[str, Json]) -> dict[str, bool]:
    bought: date | None = matching.day_of(claim.get("purchased"))
    return {
        "price_matches": matching.same_money(matching.money_of(claim.get("paid")), order.paid),
        "date_matches": bought == order.purchased,
        "seller_matches": matching.same_seller(matching.text_of(claim, "seller"), order.seller),
        "serial_matches": matching.same_serial(matching.text_of(claim, "serial"), order.serial),
    }


def within_terms(order: OrderRecord) -> bool:
    """Whether the supplier's terms allow recovery of the cost today."""
    return order.recovery_share > 0 and 0 <= order.days_since_purchase <= order.recovery_days


def recoverable_of(order: OrderRecord, recovered: Decimal) -> Money:
    """What the supplier still owes: its share of what was paid, less what was already charged back."""
    owed = (order.paid.amount * order.recovery_share).quantize(_CENT, ROUND_HALF_UP) - recovered
    return Money(amount=max(owed, Decimal(0)) if within_terms(order) else Decimal(0), currency=order.paid.currency)


def _nothing(currency: str) -> Money:
    return Money(amount=Decimal(0), currency=currency)


def _unknown(exists: bool, customer: CustomerRecord | None, receipt: bool, history: History, cost: Money) -> ClaimFacts:
    return ClaimFacts(
        order_known=exists,
        order_is_customers=False,
        customer_active=customer is not None and customer.active,
        paid=_NOTHING,
        days_since_purchase=-1,
        warranty_days=0,
        in_warranty=False,
        receipt_on_file=receipt,
        price_matches=False,
        date_matches=False,
        seller_matches=False,
        serial_matches=False,
        remedies_before=0,
        other_open_claims=0,
        photo_used_before=history.photo_used_before,
        repairable=False,
        in_stock=0,
        repair_centre="",
        cost=cost,
        supplier="",
        supplier_recovers=False,
        recoverable=_NOTHING,
        remedy_given=history.remedy_given,
    )
