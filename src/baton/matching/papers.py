"""The papers that are matched: what was ordered, what came, what is billed, and how far they may differ."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from baton.types.frozen import Frozen

_NONE = Decimal(0)


class OrderLine(Frozen):
    """One line of an order."""

    number: int = Field(description="position in the order, from 1")
    item: str = Field(default="", description="the item's code, the buyer's or the seller's")
    name: str = ""
    quantity: Decimal
    unit: str = Field(default="", description="as written, in words or as a code of UN/ECE Recommendation 20")
    price: Decimal = Field(description="net, for one unit")
    tax_rate: Decimal | None = Field(default=None, description="in percent; None where the order does not say")


class Order(Frozen):
    """What was ordered, from whom."""

    number: str
    supplier: str
    currency: str
    lines: tuple[OrderLine, ...]
    freight: Decimal = Field(default=_NONE, description="agreed freight and other charges, net, for the whole order")
    freight_tax_rate: Decimal | None = None

    def line(self, number: int) -> OrderLine | None:
        """A line by its position, or None."""
        return next((line for line in self.lines if line.number == number), None)


class ReceiptLine(Frozen):
    """What came of one order line, in the order's unit."""

    line: int
    received: Decimal
    rejected: Decimal = Field(default=_NONE, description="of what was received: sent back, or not accepted")


class Receipt(Frozen):
    """One delivery, as the warehouse counted it."""

    number: str = ""
    lines: tuple[ReceiptLine, ...]


class BilledLine(Frozen):
    """One line of an invoice or credit note, as it was read."""

    line: int | None = Field(default=None, description="the order line that it names")
    item: str = ""
    name: str = ""
    quantity: Decimal
    unit: str = Field(default="", description="empty where the invoice does not say")
    price: Decimal | None = Field(default=None, description="net, for one unit; None where the invoice does not say")
    net: Decimal
    tax_rate: Decimal | None = None


class Billed(Frozen):
    """An invoice or a credit note, as it was read. Amounts are positive in both."""

    number: str
    kind: Literal["invoice", "credit_note"] = "invoice"
    order: str = Field(default="", description="the order it names; empty where it names none")
    supplier: str = Field(default="", description="who sent it, by the buyer's records")
    currency: str
    day: date | None = None
    lines: tuple[BilledLine, ...]
    freight: Decimal = Field(default=_NONE, description="freight and other charges beside the lines, net")
    net: Decimal
    tax: Decimal = _NONE
    total: Decimal
    account: str = Field(default="", description="where it wants the money; empty where it does not say")
    corrects: str = Field(default="", description="number of the invoice that a credit note corrects")


class Supplier(Frozen):
    """Who is paid, as the records have it."""

    id: str
    accounts: tuple[str, ...] = ()


class Tolerances(Frozen):
    """How far papers may differ before a person looks; the larger of two price tolerances counts, within the line's cap."""

    price_percent: Decimal = Field(default=Decimal("0.20"), description="of the ordered price")
    price_amount: Decimal = Field(default=Decimal("0.005"), description="for one unit: prices are printed in cents")
    line_amount: Decimal = Field(default=Decimal("5.00"), description="what a price within tolerance may add to one line")
    quantity_percent: Decimal = Field(default=_NONE, description="of the ordered quantity, for goods by weight")
    tax_amount: Decimal = Field(default=Decimal("0.02"), description="on the tax of the invoice; half a cent a line is added")
    freight_amount: Decimal = Field(default=Decimal("0.02"), description="on the freight of the order")
    sum_amount: Decimal = Field(default=Decimal("0.02"), description="on sums; half a cent a line is added")
