"""What may be asked of signing, and what it leaves behind."""

from pydantic import AwareDatetime, Field

from baton.types.actions import Action, Done, Facts
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money


class Sign(Action):
    """Our signature under a contract: the company's seal where policy lets it go alone, else whoever approves it."""

    deal: str
    document: DocumentId
    value: Money


class SignFacts(Facts):
    """What the records say about signing for a deal. Another customer's deal counts as unknown."""

    deal_known: bool
    deal_open: bool
    customer_active: bool
    value: Money
    term_months: int = Field(description="the term in months")
    entity: str = Field(description="the company that signs")
    liability: str = Field(description="the liability")
    """`capped`, `unlimited` or `silent`: what the very document to be signed says."""
    paper_ready: bool
    """The document is our own contract for this deal, or the customer's one that was accepted."""
    deviations: int = Field(description="the number of clauses that depart from the playbook")
    billing_agreed: bool
    signed: bool
    """A signature of ours stands for this deal already."""


class Signed(Done):
    """The contract with our signature."""

    document: DocumentId
    by: str


class Invite(Action):
    """A personal link for the customer to sign by."""

    deal: str
    document: DocumentId
    days: int


class InviteFacts(Facts):
    """What the records say about inviting the customer to sign."""

    deal_known: bool
    deal_open: bool
    customer_active: bool
    document_signed_by_us: bool
    reader_on_file: bool
    """The reader's name and address are on file; nobody else gets the link."""
    invited: bool
    """An invitation for this very document stands."""


class Invited(Done):
    """The link is ready to be sent."""

    invitation: DocumentId
    expires: AwareDatetime


class WhatSaid(Frozen):
    """Ask what the customer said through the link."""

    reference: str
    """The invitation's number."""


class SaidByLink(Frozen):
    """What the customer said through the link, as far as it is on file and truly came through it."""

    says: str = ""
    """`sign`, `decline`, or empty where nothing was said yet."""
    name: str = ""
    reason: str = ""
    consent: DocumentId | None = None


class Countersign(Action):
    """The customer's signature, put on the contract as they consented."""

    deal: str
    document: DocumentId
    consent: DocumentId


class CountersignFacts(Facts):
    """What the records say about the customer's consent."""

    deal_known: bool
    deal_open: bool
    consent_genuine: bool
    """It came through a link of ours and was not altered."""
    consent_signs: bool
    document_matches: bool
    """The consent is to this very document, which carries our standing signature."""
    reader_matches: bool
    """Whoever consented gave the name of the one person that the link was for."""
    in_time: bool
    countersigned: bool


class Countersigned(Done):
    """The contract with both signatures."""

    document: DocumentId
    by: str
