"""What the records say about signing: the deal, the very document, who may read the link, what was consented to. Trusted code."""

from decimal import Decimal
from typing import Final

from activities.contracts import terms
from activities.contracts.facts import customer_active, is_open, is_ready, own_deal, signing, standing_of
from activities.signing.models import Countersign, CountersignFacts, Invite, InviteFacts, Sign, SignFacts
from activities.signing.port import Standing
from activities.systems import crm
from baton.governance.declare import About
from baton.links import Consent, same_name
from baton.types.money import Money

_NOTHING: Final = Money(amount=Decimal(0), currency="EUR")


async def sign_facts(action: Sign, about: About) -> SignFacts:
    """About our signature: everything about the deal from the records, everything about the paper from the document itself."""
    deal = await own_deal(action.deal, about)
    stands = await standing_of(deal)
    ours = action.document in stands.drafted
    clauses = () if ours else await terms.clauses_of(action.document)
    signatures = await signing().standing(action.deal) if deal else Standing()
    return SignFacts(
        deal_known=deal is not None,
        deal_open=is_open(stands),
        customer_active=await customer_active(about),
        value=deal.value if deal else _NOTHING,
        term_months=deal.term_months if deal else 0,
        entity=deal.entity if deal else "",
        liability="capped" if ours else terms.liability_in(clauses),
        paper_ready=is_ready(action.document, stands),
        deviations=len(terms.deviating(clauses)),
        billing_agreed=stands.billing,
        signed=bool(signatures.signed),
    )


async def invite_facts(action: Invite, about: About) -> InviteFacts:
    """About a personal link for the customer."""
    deal = await own_deal(action.deal, about)
    stands = await standing_of(deal)
    signatures = await signing().standing(action.deal) if deal else Standing()
    reader = await crm().customer_by_address(about.sender)
    return InviteFacts(
        deal_known=deal is not None,
        deal_open=is_open(stands),
        customer_active=await customer_active(about),
        document_signed_by_us=action.document in {one.document for one in signatures.signed},
        reader_on_file=reader is not None and deal is not None and reader.id == deal.customer,
        invited=bool(signatures.invited),
    )


async def countersign_facts(action: Countersign, about: About) -> CountersignFacts:
    """About the customer's signature: what they consented to, and whether it truly came through our link."""
    deal = await own_deal(action.deal, about)
    stands = await standing_of(deal)
    signatures = await signing().standing(action.deal) if deal else Standing()
    consent = await consent_of(about, signatures, action.consent)
    reader = await crm().customer_by_address(about.sender)
    expires = {one.invitation: one.expires for one in signatures.invited}
    return CountersignFacts(
        deal_known=deal is not None,
        deal_open=is_open(stands),
        consent_genuine=consent is not None,
        consent_signs=consent is not None and consent.says == "sign",
        document_matches=consent is not None
        and consent.document == action.document
        and action.document in {one.document for one in signatures.signed},
        reader_matches=consent is not None and reader is not None and same_name(consent.name, reader.name),
        in_time=consent is not None and consent.at < expires[consent.invitation],
        countersigned=bool(signatures.countersigned),
    )


async def consent_of(about: About, signatures: Standing, document: str) -> Consent | None:
    """A document of this case as an answer to a standing invitation of its deal; None for anything else."""
    if document not in about.documents:
        return None
    found = await signing().consent(document)  # type: ignore[arg-type]  # the ids of documents on file
    return found if found and found.invitation in {one.invitation for one in signatures.invited} else None
