"""What may be asked of purchasing, and what it says about it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import Field

from baton.matching import BilledLine, Kind, ReceiptLine
from baton.types.actions import Action, Done
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money

# -- looking up


class WhoDeals(Frozen):
    """Ask who the sender of this case's message is: a supplier of ours, or somebody on our staff."""


class PartyFound(Frozen):
    """Who writes. `customer` is the supplier's or the colleague's own number, so that a case belongs to somebody."""

    known: bool
    customer: str | None = None
    tier: str = "standard"
    name: str = ""
    supplier: bool = False


class SupplierQuery(Frozen):
    """What a requisition or a quote says about the supplier; any of it may be wrong or missing."""

    name: str | None = None
    account: str | None = None


class SupplierFound(Frozen):
    """The supplier on file; `known` is False when none or more than one fits."""

    known: bool
    supplier: str = ""
    name: str = ""
    currency: str = "EUR"
    tax_rate: Decimal = Decimal(0)
    account_changed: bool = Field(default=False, description="the paper names an account that is none of those on file")
    contact: str = Field(default="", description="who to call, by the records and by no paper")


class OrderQuestion(Frozen):
    """Numbers that a paper gives for the order it is about; the first that the records hold counts."""

    numbers: tuple[str, ...] = ()


class LineStanding(Frozen):
    """One order line as it stands."""

    line: int
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    received: Decimal
    rejected: Decimal
    item: str = ""
    tax_rate: Decimal | None = None


class OrderStanding(Frozen):
    """An order and what came of it; `known` is False when the numbers name none, or one of another supplier."""

    known: bool
    order: str = ""
    supplier: str = ""
    supplier_name: str = ""
    contact: str = ""
    currency: str = "EUR"
    value: Decimal = Field(default=Decimal(0), description="with tax and freight")
    open: bool = False
    sent: bool = False
    freight: Decimal = Decimal(0)
    freight_tax_rate: Decimal | None = None
    accounts: tuple[str, ...] = Field(default=(), description="the supplier's, on file")
    lines: tuple[LineStanding, ...] = ()
    unpaid: tuple[str, ...] = Field(default=(), description="invoices of it on record that nothing was paid of")

    @property
    def outstanding(self) -> tuple[ReceiptLine, ...]:
        """What has not come yet."""
        left = ((line.line, line.quantity - line.received) for line in self.lines)
        return tuple(ReceiptLine(line=number, received=quantity) for number, quantity in left if quantity > 0)


class Confirmed(Frozen):
    """The lines that a supplier confirms."""

    order: str
    lines: tuple[BilledLine, ...]


class Differences(Frozen):
    """What a confirmation says otherwise than the order, in words; nothing where both agree."""

    words: tuple[str, ...] = ()


class BillQuestion(Frozen):
    """A bill on record."""

    bill: str


class BillStanding(Frozen):
    """A bill beside its order and receipts."""

    known: bool
    bill: str = ""
    number: str = ""
    kind: str = "invoice"
    total: Money | None = None
    undisputed: Money | None = None
    faults: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()


# -- changing the world


class WantedLine(Frozen):
    """One line of an order to be."""

    item: str = ""
    name: str
    quantity: Decimal
    unit: str = "C62"
    price: Decimal = Field(description="net, for one unit")


class PlaceOrder(Action):
    """An order with a supplier."""

    supplier: str
    category: str
    cost_centre: str
    lines: tuple[WantedLine, ...]
    amount: Money = Field(description="net, of all lines")


class SendOrder(Action):
    """The order as PDF and UBL to the supplier's address on file."""

    order: str


class RecordReceipt(Action):
    """What came of an order, counted."""

    order: str
    lines: tuple[ReceiptLine, ...]


class RegisterBill(Action):
    """An invoice or credit note, as it was read, into the ledger of what suppliers want."""

    order: str
    number: str
    kind: str = "invoice"
    day: date | None = None
    lines: tuple[BilledLine, ...]
    freight: Decimal = Decimal(0)
    net: Decimal
    tax: Decimal
    amount: Money = Field(description="with tax")
    account: str = ""
    corrects: str = ""
    document: DocumentId | None = None


class ConfirmAccount(Action):
    """A supplier's new account: put on file after a person asked the contact on file."""

    supplier: str
    account: str


class PayBill(Action):
    """A payment prepared: the ERP entry and the pain.001 file. Nothing leaves before it is released."""

    bill: str
    amount: Money


class ReleasePayment(Action):
    """The prepared payment goes to the bank."""

    payment: str
    amount: Money


class DisputeBill(Action):
    """A fixed letter to the supplier that names what is wrong, and a mark on the bill."""

    bill: str


class CancelOrder(Action):
    """What is not delivered yet is not wanted any more."""

    order: str
    reason: str


# -- what was done


class OrderPlaced(Done):
    """An order stands."""

    order: str


class OrderSent(Done):
    """The order left."""

    order: str
    recipient: str


class ReceiptRecorded(Done):
    """A delivery stands."""

    receipt: str


class BillRegistered(Done):
    """A bill stands."""

    bill: str


class AccountConfirmed(Done):
    """An account stands on file."""

    account: str


class PaymentPrepared(Done):
    """A payment waits for its release."""

    payment: str
    file: str = Field(description="name of the pain.001 file")


class PaymentReleased(Done):
    """A payment was handed to the bank."""

    payment: str


class BillDisputed(Done):
    """The supplier was told, and the bill is marked."""

    bill: str


class OrderCancelled(Done):
    """An order takes nothing more."""

    order: str


ACTIONS: Final[Mapping[str, type[Action]]] = {
    "purchase_order": PlaceOrder,
    "dispatch": SendOrder,
    "receipt": RecordReceipt,
    "bill": RegisterBill,
    "supplier_account": ConfirmAccount,
    "payment": PayBill,
    "release": ReleasePayment,
    "dispute": DisputeBill,
    "cancellation": CancelOrder,
}
"""Each effect by the kind under which its entry stands."""
