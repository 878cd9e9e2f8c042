"""What may be asked of the ERP, and what it says about a claim."""

from datetime import date

from pydantic import Field

from baton.types.actions import Action, Done, Facts
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money


class OrderQuery(Frozen):
    """What a customer says about a purchase; any of it may be wrong or missing."""

    serial: str | None = None
    product: str | None = None
    receipt_number: str | None = None
    purchased: date | None = None
    paid: Money | None = None
    seller: str | None = None


class OrderFound(Frozen):
    """One line of one of this customer's orders; `known` is False when none fits."""

    known: bool
    order: str = ""
    sku: str = ""
    product: str = ""
    serial: str = ""
    seller: str = ""
    purchased: date | None = None
    paid: Money | None = None
    in_warranty: bool = False
    repairable: bool = False
    in_stock: int = 0
    supplier_recovers: bool = Field(default=False, description="the supplier's terms allow recovery of the cost")
    recoverable: Money | None = Field(default=None, description="what the supplier still owes under its terms")


class GiftCard(Action):
    """A gift card equal to the purchase value."""

    order: str
    amount: Money


class Goodwill(Action):
    """A gift card given although no claim exists, to keep a customer."""

    order: str
    amount: Money


class Repair(Action):
    """A repair, routed directly to the product's repair centre."""

    order: str
    defect: str


class Replacement(Action):
    """The same product, shipped from stock."""

    order: str


class Recovery(Action):
    """A charge-back to the supplier of a product that failed within its terms."""

    order: str
    amount: Money


class DefectReport(Action):
    """What broke and how, with its photographs, for product quality."""

    order: str
    sku: str
    description: str
    photos: tuple[DocumentId, ...] = ()


class ClaimFacts(Facts):
    """What the records say about a claim on one order; the same for every remedy."""

    order_known: bool
    order_is_customers: bool = Field(description="the order belongs to the customer of this case")
    customer_active: bool
    paid: Money = Field(description="0.00 where unknown")
    days_since_purchase: int = Field(description="-1 where unknown")
    warranty_days: int
    in_warranty: bool
    receipt_on_file: bool = Field(description="a proof of purchase was read in this case")
    price_matches: bool = Field(description="what was read equals what the order says was paid")
    date_matches: bool
    seller_matches: bool
    serial_matches: bool = Field(description="the serial number read is the order's, or the order carries none")
    remedies_before: int = Field(description="gift cards, repairs and replacements given on this order and not undone")
    other_open_claims: int = Field(description="other open cases that claim the same order")
    photo_used_before: bool = Field(description="a defect photo looks like one of another claim")
    repairable: bool
    in_stock: int
    repair_centre: str = Field(description="empty where there is none")
    cost: Money = Field(description="what this action costs the company")
    supplier: str
    supplier_recovers: bool
    recoverable: Money = Field(description="what the supplier owes under its terms, 0.00 where nothing")
    remedy_given: bool = Field(description="a remedy was given in this very case")


class CardIssued(Done):
    """A gift card stands in the ERP."""

    card: str
    value: Money


class RepairBooked(Done):
    """A repair order stands in the ERP."""

    repair: str
    centre: str


class ReplacementSent(Done):
    """A shipment stands in the ERP and stock is one less."""

    shipment: str


class RecoveryClaimed(Done):
    """A charge-back stands in the ERP."""

    claim: str
    supplier: str
    value: Money


class DefectRecorded(Done):
    """A defect report stands in the ERP."""

    report: str


class WhichPhotos(Frozen):
    """Ask which of the case's documents are photographs of the defect."""


class PhotosFound(Frozen):
    """The photographs among the case's documents; pictures of receipts are none."""

    photos: tuple[DocumentId, ...] = ()
