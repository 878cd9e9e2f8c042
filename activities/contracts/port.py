"""What Baton needs of a contract register: the deals that sales agreed, and what became of their paper."""

from datetime import date
from typing import Protocol

from pydantic import Field

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
from baton.governance.declare import Permit
from baton.types.actions import Done
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money


class DealRecord(Frozen):
    """A deal as sales agreed it: what the contract must say, whoever's paper it is."""

    number: str
    customer: str
    title: str
    value: Money
    term_months: int
    payment_days: int
    law: str = Field(description="the governing law that was offered")
    entity: str = Field(description="the company of ours that signs")
    party: str = Field(description="the customer's legal name")
    their_paper: bool
    agreed: date = Field(description="the day of the customer's yes")
    starts: date
    credit_limit: Money


class Standing(Frozen):
    """What stands in the register about one deal."""

    accepted: frozenset[DocumentId] = Field(description="contracts of the customer that were accepted")
    drafted: frozenset[DocumentId] = Field(description="contracts of ours")
    billing: bool
    archived: DocumentId | None
    onboarding: bool
    live: bool
    closed: bool


class Contracts(Protocol):
    """The contract register. Writes take a permit, stand once under its key, and come back as read from the system."""

    async def deals_of(self, customer: str) -> tuple[DealRecord, ...]:
        """Every deal of one customer, and of nobody else."""
        ...

    async def deal(self, number: str) -> DealRecord | None:
        """One deal by its number, or None."""
        ...

    async def standing(self, number: str) -> Standing:
        """What became of a deal so far."""
        ...

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every entry of this case that stands."""
        ...

    async def draft_paper(self, action: DraftPaper, permit: Permit, document: DocumentId) -> PaperDrafted: ...  # noqa: D102

    async def accept_paper(self, action: AcceptPaper, permit: Permit) -> PaperAccepted: ...  # noqa: D102

    async def agree_billing(self, action: AgreeBilling, permit: Permit) -> BillingAgreed: ...  # noqa: D102

    async def archive(self, action: Archive, permit: Permit) -> Archived: ...  # noqa: D102

    async def start_onboarding(self, action: StartOnboarding, permit: Permit) -> OnboardingStarted: ...  # noqa: D102

    async def go_live(self, action: GoLive, permit: Permit) -> Live: ...  # noqa: D102

    async def close_deal(self, action: CloseDeal, permit: Permit) -> DealClosed: ...  # noqa: D102

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        ...

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo what `done` says was written. The permit is one of its own, for the same action of the same case."""
        ...
