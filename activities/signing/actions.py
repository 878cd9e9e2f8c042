"""What Baton does about signatures: ours, a personal link for the customer, and theirs; and what was said through the link."""

from datetime import UTC, datetime, timedelta
from typing import Final

from activities.company.staff import staff
from activities.contracts.facts import own_deal, signing
from activities.contracts.port import DealRecord
from activities.contracts.template import spoken, term_of
from activities.crm.port import CustomerRecord
from activities.signing.facts import countersign_facts, invite_facts, sign_facts
from activities.signing.models import Countersign, Countersigned, Invite, Invited, SaidByLink, Sign, Signed, WhatSaid
from activities.signing.page import SignaturePage
from activities.signing.port import Signatory
from activities.systems import crm
from baton.errors import BatonError
from baton.governance.declare import About, Permit, compensating, effect, exact, read
from baton.links import Invitation
from baton.types.actions import Done
from baton.types.documents import Document

_SEAL: Final = "Company seal"
_LONGEST: Final = 60


class CannotInvite(BatonError):
    """There is nobody who may read the link, or nothing was said through it."""


async def written(key: str) -> Done | None:
    """What stands in the signing records under our reference."""
    return await signing().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Undo an entry of the signing records."""
    return await signing().take_back(done, permit)


@effect(
    facts=sign_facts,
    look_up=written,
    undo=compensating(take_back),
    says="Sign the contract of {deal} over {value}",
    spends="value",
)
async def sign(action: Sign, permit: Permit, about: About) -> Signed:
    """Our signature: in the name of whoever approved it, else the company's seal. Undone by revoking it and its link."""
    deal = await _deal(action.deal, about)
    person = next((one for one in staff() if one.id == about.approved_by), None)
    by = Signatory(name=person.name if person else _SEAL, organisation=deal.entity, email=person.email if person else "")
    words = f"Signed under decision {permit.key} of case {about.case}"
    return await signing().sign(action, permit, _page(deal, action, about, by), by, words)


@effect(
    facts=invite_facts,
    look_up=written,
    undo=exact(take_back),
    says="Invite the customer to sign the contract of {deal} within {days} days",
)
async def invite(action: Invite, permit: Permit, about: About) -> Invited:
    """A personal link for the customer of the deal. Undone by withdrawing it. Raises `CannotInvite`."""
    deal, reader = await _deal(action.deal, about), await crm().customer_by_address(about.sender)
    if reader is None or reader.id != deal.customer:
        raise CannotInvite(f"`{about.sender}` is no address on file for deal `{action.deal}`: only its customer gets a link")
    if not 1 <= action.days <= _LONGEST:
        raise CannotInvite(f"a link for `{action.days}` days: give it between 1 and {_LONGEST}")
    return await signing().invite(action, permit, _invitation(deal, reader, action, about))


@read()
async def find_answer(query: WhatSaid, about: About) -> SaidByLink:
    """What the customer said through the link so far; a message that only looks like it says nothing."""
    for one in await signing().given(about.case):
        if isinstance(one, Invited) and one.reference == query.reference:
            return await _said(one, about)
    return SaidByLink()


@effect(
    facts=countersign_facts,
    look_up=written,
    undo=compensating(take_back),
    says="Put the customer's signature on the contract of {deal}",
)
async def countersign(action: Countersign, permit: Permit, about: About) -> Countersigned:
    """The customer's signature, as they consented. Undone by striking it, which stays visible. Raises `CannotInvite`."""
    deal = await _deal(action.deal, about)
    consent = await signing().consent(action.consent)
    if consent is None:
        raise CannotInvite(f"document `{action.consent}` is no answer to a link of ours: wait for the customer's own")
    by = Signatory(name=consent.name, organisation=deal.party, email=about.sender)
    return await signing().countersign(action, permit, by, consent)


async def _said(invited: Invited, about: About) -> SaidByLink:
    for document in about.documents:
        found = await signing().consent(document)  # type: ignore[arg-type]  # the ids of documents on file
        if found is not None and found.invitation == invited.invitation:
            return SaidByLink(says=found.says, name=found.name, reason=found.reason, consent=document)  # type: ignore[arg-type]
    return SaidByLink()


async def _deal(number: str, about: About) -> DealRecord:
    deal = await own_deal(number, about)
    if deal is None:
        raise CannotInvite(f"customer `{about.customer}` has no deal `{number}`: find the deal first")
    return deal


def _invitation(deal: DealRecord, reader: CustomerRecord, action: Invite, about: About) -> Invitation:
    """What the link will show; its number comes with the permit."""
    return Invitation(
        case=about.case,
        reference="",
        reader=reader.name,
        address=reader.email,
        organisation=deal.party,
        sender=deal.entity,
        title=deal.title,
        document=Document(id=action.document, name=f"{deal.number}.pdf", media_type="application/pdf", size=0),
        shown=_shown(deal),
        expires=datetime.now(UTC).replace(microsecond=0) + timedelta(days=action.days),
    )


def _page(deal: DealRecord, action: Sign, about: About, by: Signatory) -> SignaturePage:
    known = (
        ("Supplier", deal.entity),
        ("Customer", deal.party),
        ("Case", about.case),
        ("Signed for the supplier by", by.name),
        ("SHA-256 of what is signed", action.document),
    )
    return SignaturePage(title=f"{deal.title} ({deal.number})", facts=(*_shown(deal), *known))


def _shown(deal: DealRecord) -> tuple[tuple[str, str], ...]:
    return (
        ("Deal", deal.number),
        ("Value", str(deal.value)),
        ("Term", term_of(deal.term_months)),
        ("Starts", spoken(deal.starts)),
        ("Invoices due within", f"{deal.payment_days} days"),
    )
