"""What Baton needs of purchasing: suppliers, budgets, orders, receipts, bills, payments. The sandbox is one, Tryton another."""

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias

from pydantic import Field

from activities.purchasing.models import (
    AccountConfirmed,
    BillDisputed,
    BillRegistered,
    CancelOrder,
    ConfirmAccount,
    DisputeBill,
    OrderCancelled,
    OrderPlaced,
    OrderSent,
    PayBill,
    PaymentPrepared,
    PaymentReleased,
    PlaceOrder,
    ReceiptRecorded,
    RecordReceipt,
    RegisterBill,
    ReleasePayment,
    SendOrder,
)
from baton.governance.declare import Permit
from baton.matching import Billed, Order, Receipt
from baton.types.actions import Done
from baton.types.frozen import Frozen

State: TypeAlias = Literal["open", "cancelled", "closed"]


class Account(Frozen):
    """Where a supplier is paid."""

    number: str = Field(description="an IBAN, or a national number")
    bank: str = Field(default="", description="BIC")
    since: date


class SupplierRecord(Frozen):
    """A supplier as the records hold it."""

    id: str
    name: str
    email: str
    active: bool
    country: str = ""
    currency: str = "EUR"
    tax_rate: Decimal = Decimal(0)
    contact: str = Field(default="", description="name and telephone of the contact on file")
    insured_until: date | None = None
    accounts: tuple[Account, ...] = Field(default=(), description="the newest first; payments go to the first")


class Ordered(Frozen):
    """An order on record: what the match reads, and what the company knows beside it."""

    order: Order
    case: str
    day: date
    category: str = ""
    cost_centre: str = ""
    requester: str = ""
    approved_by: str = Field(default="", description="the person who approved it; empty where it was placed alone")
    state: State = "open"
    sent: bool = False
    buyer: str = Field(default="", description="whom it is for, where not the company itself")
    starts: date | None = Field(default=None, description="first day of a service")
    ends: date | None = None


class BillRecord(Frozen):
    """A bill on record."""

    reference: str
    order: str
    billed: Billed
    case: str
    document: str = ""
    paid: Decimal = Decimal(0)
    disputed: bool = False


class PaymentRecord(Frozen):
    """A payment on record."""

    reference: str
    bill: str
    supplier: str
    amount: Decimal
    currency: str
    account: str
    prepared_by: str = Field(default="", description="the person who approved it; empty where it was prepared alone")
    released: bool = False
    withdrawn: bool = False
    day: date


class Budget(Frozen):
    """What a cost centre may spend this year, and what it has."""

    cost_centre: str
    currency: str
    amount: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What remains."""
        return self.amount - self.spent


class Category(Frozen):
    """A kind of purchase, and what it asks for."""

    name: str
    insurance: bool = Field(description="suppliers need a certificate of insurance")
    tags: tuple[str, ...] = ()


class Ourselves(Frozen):
    """The company itself, as its papers say it."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    account: str = ""
    bank: str = ""
    email: str = ""


class Purchasing(Protocol):
    """The purchasing system. Writes take a permit, stand once under its key, and come back as read from the system."""

    async def supplier(self, id: str) -> SupplierRecord | None: ...  # noqa: D102  # named by what it returns

    async def suppliers(self) -> tuple[SupplierRecord, ...]: ...  # noqa: D102

    async def order(self, number: str) -> Ordered | None:
        """An order by its number, however the number is spelled."""
        ...

    async def orders_of(self, supplier: str) -> tuple[Ordered, ...]:
        """Every order of a supplier, cancelled ones too."""
        ...

    async def orders_since(self, day: date) -> tuple[Ordered, ...]:
        """Every order of this day and after it, cancelled ones too."""
        ...

    async def receipts_of(self, order: str) -> tuple[Receipt, ...]: ...  # noqa: D102

    async def bills_of(self, supplier: str) -> tuple[BillRecord, ...]:
        """Every bill of a supplier that stands, in the order they came."""
        ...

    async def bill(self, reference: str) -> BillRecord | None: ...  # noqa: D102

    async def payments_of(self, supplier: str) -> tuple[PaymentRecord, ...]:
        """Every payment to a supplier, withdrawn ones too."""
        ...

    async def payment(self, reference: str) -> PaymentRecord | None: ...  # noqa: D102

    async def place_order(self, order: PlaceOrder, permit: Permit, requester: str, by: str) -> OrderPlaced: ...  # noqa: D102

    async def send_order(self, sending: SendOrder, permit: Permit) -> OrderSent:
        """Mark that the order left; the letter itself is the mail's business."""
        ...

    async def record_receipt(self, receipt: RecordReceipt, permit: Permit) -> ReceiptRecorded:
        """Raises `TooMuch` when more would have come than was ordered."""
        ...

    async def register_bill(self, bill: RegisterBill, permit: Permit) -> BillRegistered:
        """Raises `AlreadyRegistered` for a number that the supplier used before."""
        ...

    async def confirm_account(self, account: ConfirmAccount, permit: Permit) -> AccountConfirmed: ...  # noqa: D102

    async def pay_bill(self, payment: PayBill, permit: Permit, by: str) -> PaymentPrepared:
        """Prepare a payment. Raises `AlreadyPaid` when the bill would be paid more than its total."""
        ...

    async def release_payment(self, release: ReleasePayment, permit: Permit, by: str) -> PaymentReleased:
        """Hand a payment over. Raises `SamePerson` when whoever prepared it also releases it."""
        ...

    async def dispute_bill(self, dispute: DisputeBill, permit: Permit) -> BillDisputed: ...  # noqa: D102

    async def cancel_order(self, cancel: CancelOrder, permit: Permit) -> OrderCancelled: ...  # noqa: D102

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        ...

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo what `done` says was written. The permit is one of its own, for the same action of the same case."""
        ...


class Company(Protocol):
    """What the company itself knows and no purchasing system keeps: budgets, categories, sanctions, who works here."""

    async def budget(self, cost_centre: str) -> Budget | None: ...  # noqa: D102

    async def category(self, name: str) -> Category | None: ...  # noqa: D102

    async def sanctioned(self, names: tuple[str, ...]) -> bool:
        """Whether one of these names or accounts stands on the sanctions list."""
        ...

    async def ourselves(self) -> Ourselves: ...  # noqa: D102

    async def colleague(self, address: str) -> tuple[str, str] | None:
        """Id and department of whoever has this address on the staff, or None."""
        ...
