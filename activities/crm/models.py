"""What may be asked of the CRM."""

from baton.types.actions import Action, Done, Facts
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId


class WhoWrites(Frozen):
    """Ask who the sender of this case's message is. The address itself comes from the case, not from a model."""


class CustomerFound(Frozen):
    """The customer behind the sender's address; `known` is False for a stranger."""

    known: bool
    customer: str | None = None
    name: str = ""
    tier: str = "standard"
    email: str = ""


class Decline(Action):
    """A claim turned down, with a reason the customer is told."""

    order: str
    code: str
    """One of `out_of_warranty`, `duplicate`, `no_purchase_found`, `not_covered`, `misuse`."""


class DeclineFacts(Facts):
    """What the records say about turning a claim down."""

    customer_known: bool
    order_known: bool
    in_warranty: bool
    remedies_before: int
    contested: bool
    """The customer already contested a decline in this case."""


class Declined(Done):
    """The claim stands as declined in the CRM."""

    code: str


class OpenClaim(Action):
    """A claim on an order, put on record so that two cases never claim it unknown to each other."""

    order: str
    photos: tuple[DocumentId, ...] = ()
    """Photographs of the defect among the case's documents; never receipts."""


class OpenClaimFacts(Facts):
    """What the records say about claiming an order."""

    order_known: bool
    order_is_customers: bool
    customer_active: bool
    other_open_claims: int
    """Open claims on the order that other cases opened earlier."""
    claim_open: bool
    """This case already claims the order."""
    photos_on_file: bool
    """Every photograph is a document of this case."""
    photo_used_before: bool


class ClaimOpened(Done):
    """The claim stands as open in the CRM."""

    claim: str


class CloseClaim(Action):
    """The end of this case's claim on an order, whatever came of it."""

    order: str


class CloseClaimFacts(Facts):
    """What the records say about ending a claim."""

    order_is_customers: bool
    claim_open: bool
    """This case has an open claim on the order."""


class ClaimClosed(Done):
    """The claim stands as closed in the CRM."""

    claim: str
