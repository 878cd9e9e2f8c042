"""What may be asked of the contract register, and what it says about a deal and its paper."""

from pydantic import Field

from baton.types.actions import Action, Done, Facts
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money


class WhichDeal(Frozen):
    """Ask which deal a customer speaks of, among their own open ones."""

    words: str = ""
    """What the customer wrote above it; a deal's number counts where it stands there."""


class DealFound(Frozen):
    """One of this customer's open deals; `known` is False where none fits."""

    known: bool
    deal: str = ""
    title: str = ""
    value: Money | None = None
    term_months: int = 0
    payment_days: int = 0
    entity: str = Field(default="", description="the company of ours that signs")
    party: str = Field(default="", description="the customer's legal name")
    their_paper: bool = Field(default=False, description="the customer insists on their own contract")


class WhichPaper(Frozen):
    """Ask for the contract among what the customer sent."""

    deal: str


class PaperFound(Frozen):
    """The contract that lies before us; `problems` say what is wrong with it, in words for staff."""

    document: DocumentId | None = None
    name: str = ""
    ours: bool = False
    payment_days: int | None = Field(default=None, description="the days for payment that it names, as they were read")
    problems: tuple[str, ...] = ()


class DraftPaper(Action):
    """Our own contract for a deal, filled from the deal and nothing else."""

    deal: str


class AcceptPaper(Action):
    """The customer's contract, accepted as it stands with what departs from our playbook."""

    deal: str
    document: DocumentId
    deviations: tuple[str, ...] = ()
    """The clauses that depart from the playbook, by their ids."""


class AgreeBilling(Action):
    """How the deal will be invoiced."""

    deal: str
    document: DocumentId
    payment_days: int


class Archive(Action):
    """The contract that both signed, kept."""

    deal: str
    document: DocumentId


class StartOnboarding(Action):
    """The work that makes the customer live."""

    deal: str


class GoLive(Action):
    """The customer is served: the end of the clock that began with their yes."""

    deal: str


class CloseDeal(Action):
    """A deal that comes to nothing."""

    deal: str
    code: str
    """One of `declined_by_customer`, `expired`, `not_agreed`, `not_signed`, `no_answer`."""


class DealFacts(Facts):
    """What the records say about a deal. Another customer's deal counts as unknown."""

    deal_known: bool
    deal_open: bool
    customer_active: bool
    value: Money
    term_months: int = Field(description="the term in months")
    entity: str = Field(description="the company that signs")
    signed: bool
    """A signature of ours stands for this deal."""
    countersigned: bool
    """The document carries the signatures of both; where no document is named, one of the deal does."""
    archived: bool
    onboarding_started: bool
    live: bool


class PaperFacts(Facts):
    """What trusted code finds in the customer's contract, and whether it agrees with the deal on record."""

    deal_known: bool
    deal_open: bool
    customer_active: bool
    on_file: bool
    """The contract came attached to a message of this case."""
    readable: bool
    scanned: bool
    """Its words stand in a picture alone and were read by eye."""
    complete: bool
    """Every page that it counts is there."""
    signature_block: bool
    parties_match: bool
    """It is between the company that signs and the customer of the deal."""
    term_matches: bool
    payment_matches: bool
    """Its days for payment are the deal's, or it names none."""
    value_stated: bool
    """It carries the value of the deal."""
    deviations: int = Field(description="the number of clauses that depart from the playbook")
    escalations: int = Field(description="the number of clauses that only counsel may accept")
    deviations_named: bool
    """The action names exactly the clauses that depart."""
    liability: str = Field(description="the liability")
    """`capped`, `unlimited` or `silent`."""


class BillingFacts(Facts):
    """What the records say about invoicing a deal."""

    deal_known: bool
    deal_open: bool
    customer_active: bool
    paper_ready: bool
    """The contract is ours, or was accepted."""
    payment_days: int = Field(description="the days for payment")
    days_stated: bool
    """They are the deal's, or what was read in the customer's contract."""
    within_credit: bool
    """The deal's value lies within the customer's credit limit."""
    billing_agreed: bool


class PaperDrafted(Done):
    """Our contract, ready to be signed."""

    document: DocumentId


class PaperAccepted(Done):
    """The acceptance stands in the register."""


class BillingAgreed(Done):
    """Finance will invoice so."""


class Archived(Done):
    """The contract is kept."""

    document: DocumentId


class OnboardingStarted(Done):
    """The customer's onboarding is on somebody's list."""


class Live(Done):
    """The customer is live."""

    days: int = Field(description="from the customer's yes")


class DealClosed(Done):
    """The deal came to nothing, for a reason."""

    code: str
