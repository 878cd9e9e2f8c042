"""What the records say about opening, closing and declining a claim. Trusted code."""

from activities.crm.models import CloseClaim, CloseClaimFacts, Decline, DeclineFacts, OpenClaim, OpenClaimFacts
from activities.erp.port import OrderRecord
from activities.papers import hashes_of, photo_hashes
from activities.systems import crm, erp
from baton.governance.declare import About


async def decline_facts(action: Decline, about: About) -> DeclineFacts:
    """About turning a claim down. An order of somebody else counts as unknown."""
    order = await _own_order(action.order, about)
    claims = await crm().claims(action.order, about.case)
    history = await erp().history(order.number if order else "", about.case)
    return DeclineFacts(
        customer_known=about.customer is not None and await crm().customer(about.customer) is not None,
        order_known=order is not None,
        in_warranty=order is not None and order.in_warranty,
        remedies_before=history.remedies_before if order else 0,
        contested=claims.declined_before,
    )


async def open_claim_facts(action: OpenClaim, about: About) -> OpenClaimFacts:
    """About claiming an order."""
    exists = await erp().order(action.order) is not None
    own = await _own_order(action.order, about) is not None
    customer = await crm().customer(about.customer) if about.customer else None
    claims = await crm().claims(action.order, about.case) if own else None
    photos = await photo_hashes(about) | await hashes_of(action.photos)
    history = await erp().history("", about.case, photos)
    return OpenClaimFacts(
        order_known=exists,
        order_is_customers=own,
        customer_active=customer is not None and customer.active,
        other_open_claims=claims.other_open if claims else 0,
        claim_open=claims is not None and claims.own_open,
        photos_on_file=set(action.photos) <= set(about.documents),
        photo_used_before=history.photo_used_before,
    )


async def close_claim_facts(action: CloseClaim, about: About) -> CloseClaimFacts:
    """About ending this case's claim."""
    own = await _own_order(action.order, about) is not None
    claims = await crm().claims(action.order, about.case)
    return CloseClaimFacts(order_is_customers=own, claim_open=claims.own_open)


async def _own_order(number: str, about: About) -> OrderRecord | None:
    order = await erp().order(number)
    return order if order is not None and about.customer is not None and order.customer == about.customer else None
