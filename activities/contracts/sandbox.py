"""The sandbox contract register: deals and what became of them, in the company's own records."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from activities.company import company, journal
from activities.company.book import Book
from activities.company.journal import Draft, Written
from activities.company.tables import entry
from activities.contracts import records
from activities.contracts.models import (
    AcceptPaper,
    AgreeBilling,
    Archive,
    Archived,
    BillingAgreed,
    CloseDeal,
    DealClosed,
    DraftPaper,
    GoLive,
    Live,
    OnboardingStarted,
    PaperAccepted,
    PaperDrafted,
    StartOnboarding,
)
from activities.contracts.port import Contracts, DealRecord, Standing
from activities.contracts.words import done_of, taken_back
from baton.errors import BatonError
from baton.governance.declare import Permit
from baton.store import Database
from baton.types.actions import Action, Done
from baton.types.ids import DocumentId

_ACTIONS: Final[dict[str, type[Action]]] = {
    "contract_draft": DraftPaper,
    "contract_accepted": AcceptPaper,
    "contract_billing": AgreeBilling,
    "contract_archived": Archive,
    "onboarding": StartOnboarding,
    "live": GoLive,
    "deal_closed": CloseDeal,
}


class UnknownDeal(BatonError):
    """The records hold no such deal."""


def adapter() -> Contracts:
    """The sandbox register on this process's company records."""
    return Sandbox(company())


class Sandbox:
    """A contract register on one database."""

    def __init__(self, database: Database) -> None:
        self._book = Book(database, _ACTIONS, done_of)

    async def deals_of(self, customer: str) -> tuple[DealRecord, ...]:
        """Every deal of one customer."""
        return await self._book.read(lambda connection: records.deals_of(connection, customer))

    async def deal(self, number: str) -> DealRecord | None:
        """One deal, or None."""
        return await self._book.read(lambda connection: records.one(connection, number))

    async def standing(self, number: str) -> Standing:
        """What became of a deal so far."""
        return _standing(await self._book.read(lambda connection: _entries(connection, number)))

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every entry of this case that stands."""
        wanted = select(entry).where(entry.c.case_id == case, journal.standing(*_ACTIONS)).order_by(entry.c.written)
        rows = await self._book.read(lambda connection: connection.execute(wanted).all())
        return tuple(done_of(row) for row in rows)

    async def draft_paper(self, action: DraftPaper, permit: Permit, document: DocumentId) -> PaperDrafted:
        """Our contract, as it lies in the document store."""
        return await self._book.write(Draft("contract_draft", action, action.deal, detail=document), permit, PaperDrafted)

    async def accept_paper(self, action: AcceptPaper, permit: Permit) -> PaperAccepted:
        """The customer's contract, accepted."""
        draft = Draft("contract_accepted", action, action.deal, detail=action.document)
        return await self._book.write(draft, permit, PaperAccepted)

    async def agree_billing(self, action: AgreeBilling, permit: Permit) -> BillingAgreed:
        """How it will be invoiced."""
        draft = Draft("contract_billing", action, action.deal, detail=str(action.payment_days))
        return await self._book.write(draft, permit, BillingAgreed)

    async def archive(self, action: Archive, permit: Permit) -> Archived:
        """The contract that both signed."""
        return await self._book.write(Draft("contract_archived", action, action.deal, detail=action.document), permit, Archived)

    async def start_onboarding(self, action: StartOnboarding, permit: Permit) -> OnboardingStarted:
        """Onboarding begins."""
        return await self._book.write(Draft("onboarding", action, action.deal), permit, OnboardingStarted)

    async def go_live(self, action: GoLive, permit: Permit) -> Live:
        """The customer is served. Raises `UnknownDeal`."""
        found = await self.deal(action.deal)
        if found is None:
            raise UnknownDeal(f"deal `{action.deal}` is not in the company's records: find the deal first")
        days = max((datetime.now(UTC).date() - found.agreed).days, 0)
        return await self._book.write(Draft("live", action, action.deal, detail=str(days)), permit, Live)

    async def close_deal(self, action: CloseDeal, permit: Permit) -> DealClosed:
        """The deal came to nothing."""
        return await self._book.write(Draft("deal_closed", action, action.deal, detail=action.code), permit, DealClosed)

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        return await self._book.look_up(key)

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once."""
        found, _ = await self._book.take_back(done.reference, permit, lambda *_: None)
        return taken_back(found)


def _entries(connection: Connection, number: str) -> list[Written]:
    wanted = select(entry).where(entry.c.order_no == number, journal.standing(*_ACTIONS)).order_by(entry.c.written)
    return list(connection.execute(wanted).all())


def _standing(entries: list[Written]) -> Standing:
    by_kind: dict[str, list[str]] = {}
    for row in entries:
        by_kind.setdefault(row.kind, []).append(row.detail)
    archived = by_kind.get("contract_archived", [])
    return Standing(
        accepted=frozenset(DocumentId(one) for one in by_kind.get("contract_accepted", [])),
        drafted=frozenset(DocumentId(one) for one in by_kind.get("contract_draft", [])),
        billing="contract_billing" in by_kind,
        archived=DocumentId(archived[-1]) if archived else None,
        onboarding="onboarding" in by_kind,
        live="live" in by_kind,
        closed="deal_closed" in by_kind,
    )
