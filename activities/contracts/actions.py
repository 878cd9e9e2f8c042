"""What Baton does with the contract register: find a deal and its paper, and seven effects, each found again by our reference."""

import asyncio
from typing import Final

from activities.company.settings import home
from activities.contracts import paper
from activities.contracts.facts import (
    FORM,
    archive_facts,
    billing_facts,
    close_facts,
    draft_facts,
    live_facts,
    onboarding_facts,
    own_deal,
    paper_facts,
    register,
)
from activities.contracts.facts import is_open as still_open
from activities.contracts.models import (
    AcceptPaper,
    AgreeBilling,
    Archive,
    Archived,
    BillingAgreed,
    CloseDeal,
    DealClosed,
    DealFound,
    DraftPaper,
    GoLive,
    Live,
    OnboardingStarted,
    PaperAccepted,
    PaperDrafted,
    PaperFound,
    StartOnboarding,
    WhichDeal,
    WhichPaper,
)
from activities.contracts.port import DealRecord
from activities.contracts.template import contract_for
from baton.documents.store import DocumentDamaged, DocumentMissing, open_store
from baton.errors import BatonError
from baton.governance.declare import About, Permit, effect, exact, read
from baton.types.actions import Done
from baton.types.documents import Document
from baton.types.ids import DocumentId

KEYED: Final = ("parties", "term", "payment_days")
"""The fields of a contract that its acceptance rests on."""


class NoDeal(BatonError):
    """The records hold no such deal of this customer."""


async def written(key: str) -> Done | None:
    """What stands in the register under our reference."""
    return await register().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Undo an entry of the register."""
    return await register().take_back(done, permit)


@read()
async def find_deal(query: WhichDeal, about: About) -> DealFound:
    """The open deal a customer speaks of, among their own alone: the one they name, or the only one."""
    own = await register().deals_of(about.customer) if about.customer else ()
    live = [deal for deal in own if still_open(await register().standing(deal.number))]
    words = query.words + await asyncio.to_thread(_written_in, about)
    named = [deal for deal in live if deal.number in words]
    chosen = named if named else live
    return _found(chosen[0]) if len(chosen) == 1 else DealFound(known=False)


@read()
async def find_paper(query: WhichPaper, about: About) -> PaperFound:
    """The contract that the customer sent, the latest first, and what is wrong with it."""
    if not about.attachments:
        return PaperFound(problems=("no contract came with the message",))
    found = await asyncio.to_thread(_among, tuple(reversed(about.attachments)))
    read_days = about.findings.get(FORM, {}).get("payment_days")
    return found.model_copy(update={"payment_days": read_days if isinstance(read_days, int) else None})


@effect(facts=draft_facts, look_up=written, undo=exact(take_back), says="Draft our contract for {deal}")
async def draft_paper(action: DraftPaper, permit: Permit, about: About) -> PaperDrafted:
    """Our own contract, filled from the deal. Undone by withdrawing it. Raises `NoDeal`."""
    deal = await own_deal(action.deal, about)
    if deal is None:
        raise NoDeal(f"customer `{about.customer}` has no deal `{action.deal}`: find the deal first")
    document = await asyncio.to_thread(_filed, deal)
    return await register().draft_paper(action, permit, document.id)


@effect(
    facts=paper_facts,
    look_up=written,
    undo=exact(take_back),
    says="Accept the customer's contract for {deal}; it departs from our playbook in: {deviations}",
    rests_on=KEYED,
)
async def accept_paper(action: AcceptPaper, permit: Permit) -> PaperAccepted:
    """The customer's contract, accepted as it stands. Undone by withdrawing the acceptance."""
    return await register().accept_paper(action, permit)


@effect(
    facts=billing_facts,
    look_up=written,
    undo=exact(take_back),
    says="Invoice {deal} within {payment_days} days",
    editable=("payment_days",),
)
async def agree_billing(action: AgreeBilling, permit: Permit) -> BillingAgreed:
    """How the deal will be invoiced. Undone by cancelling it."""
    return await register().agree_billing(action, permit)


@effect(facts=archive_facts, look_up=written, undo=exact(take_back), says="Archive the contract of {deal}")
async def archive(action: Archive, permit: Permit) -> Archived:
    """The contract that both signed, kept. Undone by taking it out again."""
    return await register().archive(action, permit)


@effect(facts=onboarding_facts, look_up=written, undo=exact(take_back), says="Begin the onboarding for {deal}")
async def start_onboarding(action: StartOnboarding, permit: Permit) -> OnboardingStarted:
    """The work that makes the customer live. Undone by cancelling it."""
    return await register().start_onboarding(action, permit)


@effect(facts=live_facts, look_up=written, undo=exact(take_back), says="Call the customer of {deal} live")
async def go_live(action: GoLive, permit: Permit) -> Live:
    """The end of the clock that began with the customer's yes. Undone by taking it back."""
    return await register().go_live(action, permit)


@effect(facts=close_facts, look_up=written, undo=exact(take_back), says="Close deal {deal}: {code}")
async def close_deal(action: CloseDeal, permit: Permit) -> DealClosed:
    """A deal that comes to nothing. Undone by opening it again."""
    return await register().close_deal(action, permit)


def _found(deal: DealRecord) -> DealFound:
    told = deal.model_dump(include={"title", "value", "term_months", "payment_days", "entity", "party", "their_paper"})
    return DealFound(known=True, deal=deal.number, **told)


def _written_in(about: About) -> str:
    """The customer's own words in the messages of this case."""
    own = [one for one in about.documents if one not in (about.attachments or ())]
    try:
        return "\n".join(open_store(home()).read(DocumentId(one)).decode("utf-8", "replace") for one in own)
    except (DocumentMissing, DocumentDamaged):
        return ""


def _filed(deal: DealRecord) -> Document:
    return open_store(home()).put(contract_for(deal), f"{deal.number}.pdf", "application/pdf")


def _among(papers: tuple[str, ...]) -> PaperFound:
    """The first of these that is a contract; else the first that cannot be read at all, since it may be one."""
    locked: PaperFound | None = None
    for id in papers:
        reading = open_store(home()).reading(DocumentId(id))
        if reading is None or not _is_pdf(id):
            continue
        if reading.how == "unreadable":
            locked = locked or PaperFound(document=reading.document, problems=tuple(paper.problems_of(reading)))
        elif paper.is_agreement(reading):
            return PaperFound(document=reading.document, problems=tuple(paper.problems_of(reading)))
    return locked or PaperFound(problems=("nothing that came with the message is a contract as PDF",))


def _is_pdf(document: str) -> bool:
    try:
        return open_store(home()).read(DocumentId(document)).startswith(b"%PDF")
    except DocumentMissing:
        return False
