"""What the register and the documents say about a deal. Trusted code: of what an agent read, it only says whether it agrees."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from activities.contracts import paper, terms
from activities.contracts.models import (
    AcceptPaper,
    AgreeBilling,
    Archive,
    BillingFacts,
    CloseDeal,
    DealFacts,
    DraftPaper,
    GoLive,
    PaperFacts,
    StartOnboarding,
)
from activities.contracts.port import Contracts, DealRecord, Standing
from activities.systems import crm, system
from baton.governance.declare import About
from baton.types.ids import DocumentId
from baton.types.money import Money

if TYPE_CHECKING:  # signing stands on deals, so nothing of it is loaded from here
    from activities.signing.port import Signing

FORM: Final = "Paper"
"""The form into which a process re-keys a customer's contract."""
_NOTHING: Final = Money(amount=Decimal(0), currency="EUR")
_UNKNOWN: Final = Standing(
    accepted=frozenset(), drafted=frozenset(), billing=False, archived=None, onboarding=False, live=False, closed=True
)


def register() -> Contracts:
    """The contract register of this process."""
    return system("contracts")  # type: ignore[no-any-return]  # chosen by name at run time


def signing() -> "Signing":
    """Signing, as this process does it."""
    return system("signing")  # type: ignore[no-any-return]  # chosen by name at run time


async def own_deal(number: str, about: About) -> DealRecord | None:
    """A deal of this case's own customer; another's is none."""
    found = await register().deal(number)
    return found if found is not None and about.customer is not None and found.customer == about.customer else None


async def standing_of(deal: DealRecord | None) -> Standing:
    """What stands for a deal; nothing for an unknown one, which is not open either."""
    return await register().standing(deal.number) if deal else _UNKNOWN


async def customer_active(about: About) -> bool:
    """Whether this case's customer may be served."""
    found = await crm().customer(about.customer) if about.customer else None
    return found is not None and found.active


async def draft_facts(action: DraftPaper, about: About) -> DealFacts:
    """About drafting our contract."""
    return await _deal_facts(action.deal, None, about)


async def archive_facts(action: Archive, about: About) -> DealFacts:
    """About keeping a contract."""
    return await _deal_facts(action.deal, action.document, about)


async def onboarding_facts(action: StartOnboarding, about: About) -> DealFacts:
    """About beginning a customer's onboarding."""
    return await _deal_facts(action.deal, None, about)


async def live_facts(action: GoLive, about: About) -> DealFacts:
    """About calling a customer live."""
    return await _deal_facts(action.deal, None, about)


async def close_facts(action: CloseDeal, about: About) -> DealFacts:
    """About giving a deal up."""
    return await _deal_facts(action.deal, None, about)


async def paper_facts(action: AcceptPaper, about: About) -> PaperFacts:
    """About accepting the customer's contract."""
    deal = await own_deal(action.deal, about)
    reading = await terms.reading_of(action.document)
    readable = reading is not None and reading.how != "unreadable"
    clauses = await terms.clauses_of(action.document)
    departing = terms.deviating(clauses)
    read = about.findings.get(FORM, {})
    return PaperFacts(
        deal_known=deal is not None,
        deal_open=is_open(await standing_of(deal)),
        customer_active=await customer_active(about),
        on_file=action.document in (about.attachments or ()),
        readable=readable,
        scanned=reading is not None and reading.how == "ocr",
        complete=reading is not None and readable and paper.is_complete(reading),
        signature_block=reading is not None and readable and paper.has_signature_block(reading),
        parties_match=deal is not None and terms.parties_match(read, deal),
        term_matches=deal is not None and terms.term_matches(read, deal),
        payment_matches=deal is not None and terms.payment_matches(read, deal),
        value_stated=deal is not None and reading is not None and terms.names_value(reading, deal),
        deviations=len(departing),
        escalations=sum(one.compared.verdict == "escalate" for one in departing),
        deviations_named=bool(clauses) and set(action.deviations) == {one.compared.clause for one in departing},
        liability=terms.liability_in(clauses),
    )


async def billing_facts(action: AgreeBilling, about: About) -> BillingFacts:
    """About how a deal is invoiced."""
    deal = await own_deal(action.deal, about)
    stands = await standing_of(deal)
    same = deal is not None and deal.value.currency == deal.credit_limit.currency
    return BillingFacts(
        deal_known=deal is not None,
        deal_open=is_open(stands),
        customer_active=await customer_active(about),
        paper_ready=is_ready(action.document, stands),
        payment_days=action.payment_days,
        days_stated=deal is not None
        and action.payment_days in (deal.payment_days, about.findings.get(FORM, {}).get("payment_days")),
        within_credit=deal is not None and same and deal.value.amount <= deal.credit_limit.amount,
        billing_agreed=stands.billing,
    )


def is_open(stands: Standing) -> bool:
    """Whether a deal is still on its way."""
    return not stands.closed and not stands.live


def is_ready(document: DocumentId, stands: Standing) -> bool:
    """Whether this very document may be signed: our own, or accepted."""
    return document in stands.drafted or document in stands.accepted


async def _deal_facts(number: str, document: DocumentId | None, about: About) -> DealFacts:
    deal = await own_deal(number, about)
    stands = await standing_of(deal)
    signatures = await signing().standing(number) if deal else None
    both = {one.document for one in signatures.countersigned} if signatures else set()
    said: dict[str, Any] = {
        "value": deal.value if deal else _NOTHING,
        "term_months": deal.term_months if deal else 0,
        "entity": deal.entity if deal else "",
    }
    return DealFacts(
        deal_known=deal is not None,
        deal_open=is_open(stands),
        customer_active=await customer_active(about),
        signed=signatures is not None and bool(signatures.signed),
        countersigned=document in both if document else bool(both),
        archived=stands.archived is not None,
        onboarding_started=stands.onboarding,
        live=stands.live,
        **said,
    )
