"""What Baton needs of an ERP. The sandbox is one; a company's own system is another file in this folder."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from pydantic import Field

from activities.erp.models import (
    CardIssued,
    DefectRecorded,
    DefectReport,
    GiftCard,
    Goodwill,
    Recovery,
    RecoveryClaimed,
    Repair,
    RepairBooked,
    Replacement,
    ReplacementSent,
)
from baton.governance.declare import Permit
from baton.types.actions import Done
from baton.types.frozen import Frozen
from baton.types.money import Money


class OrderRecord(Frozen):
    """One order line as the ERP holds it, with its product's, stock's and supplier's terms."""

    number: str
    customer: str
    sku: str
    product: str
    serial: str
    seller: str
    purchased: date
    paid: Money
    receipt_number: str
    days_since_purchase: int = Field(description="by the ERP's own calendar")
    warranty_days: int
    repairable: bool
    repair_centre: str
    price: Money = Field(description="what the product costs today")
    in_stock: int
    supplier: str
    recovery_days: int
    recovery_share: Decimal = Field(description="0 to 1, of what was paid")

    @property
    def in_warranty(self) -> bool:
        """Whether today still lies within the product's warranty."""
        return 0 <= self.days_since_purchase <= self.warranty_days


class History(Frozen):
    """What already happened to one order, seen from one case."""

    remedies_before: int = Field(description="standing remedies of other cases and of earlier times")
    remedy_given: bool = Field(description="a remedy of this very case stands, on whichever order")
    recovered: Decimal = Field(description="what was already charged back to the supplier and not withdrawn")
    photo_used_before: bool


class SupplierRecord(Frozen):
    """A supplier as the ERP holds it."""

    id: str
    name: str
    email: str


class Erp(Protocol):
    """The ERP. Writes take a permit, stand once under its key, and come back as read from the system."""

    async def orders_of(self, customer: str) -> tuple[OrderRecord, ...]:
        """Every order of one customer, and of nobody else."""
        ...

    async def order(self, number: str) -> OrderRecord | None:
        """One order by its number, or None."""
        ...

    async def supplier_by_address(self, address: str) -> SupplierRecord | None:
        """The supplier with this e-mail address on file, whatever its capitals, or None."""
        ...

    async def history(self, number: str, case: str, photos: Mapping[str, str] = {}) -> History:
        """What already happened to an order; `photos` are further photographs of this case, document id to perceptual hash."""
        ...

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every effect of this case that stands."""
        ...

    async def issue_gift_card(self, card: GiftCard, permit: Permit) -> CardIssued: ...  # noqa: D102  # named by its action

    async def give_goodwill(self, goodwill: Goodwill, permit: Permit) -> CardIssued: ...  # noqa: D102

    async def book_repair(self, repair: Repair, permit: Permit) -> RepairBooked: ...  # noqa: D102

    async def send_replacement(self, replacement: Replacement, permit: Permit) -> ReplacementSent:
        """Ship from stock; raises `OutOfStock` when nothing is left."""
        ...

    async def recover_from_supplier(self, recovery: Recovery, permit: Permit) -> RecoveryClaimed: ...  # noqa: D102

    async def record_defect(self, report: DefectReport, permit: Permit, photos: Mapping[str, str]) -> DefectRecorded:
        """Keep a defect report; `photos` maps document ids to perceptual hashes."""
        ...

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        ...

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo what `done` says was written. The permit is one of its own, for the same action of the same case."""
        ...
