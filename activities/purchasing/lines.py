"""What a line of each CSV file of purchasing holds."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from activities.company.lines import Amount, Currency, Name
from baton.types.frozen import Frozen

_TODAY = re.compile(r"today(?:([+-])(\d{1,5}))?")


def _day(value: object) -> object:
    """`today+45` is 45 days after the company is set up; an empty cell is no day."""
    if value == "":
        return None
    match = _TODAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    days = int(match[2] or 0)
    return datetime.now(UTC).date() + timedelta(days=days if match[1] == "+" else -days)


Day = Annotated[date, BeforeValidator(_day)]
DayOrNone = Annotated[date | None, BeforeValidator(_day)]


class SupplierLine(Frozen):
    """vendors.csv."""

    id: Name
    name: Name
    email: str
    active: bool
    country: str
    currency: Currency
    tax_rate: Amount
    contact: str
    insured_until: DayOrNone


class AccountLine(Frozen):
    """vendor_accounts.csv."""

    supplier: Name
    number: Name
    bank: str
    since: Day


class SanctionLine(Frozen):
    """sanctions.csv."""

    name: Name
    list: str


class CategoryLine(Frozen):
    """purchase_categories.csv: tags are separated by `|`."""

    name: Name
    insurance: bool
    tags: str


class BudgetLine(Frozen):
    """budgets.csv."""

    cost_centre: Name
    currency: Currency
    amount: Amount
    spent: Amount


class OrderedLine(Frozen):
    """purchase_orders.csv: one line of an order that stood before; the order's own columns are repeated on each."""

    order: Name
    supplier: Name
    day: Day
    category: str
    cost_centre: str
    currency: Currency
    freight: Amount
    buyer: str
    starts: DayOrNone
    ends: DayOrNone
    line: Annotated[int, Field(ge=1)]
    item: str
    name: Name
    quantity: Amount
    unit: str
    price: Amount
    tax_rate: Amount


class ReceivedLine(Frozen):
    """goods_receipts.csv."""

    receipt: Name
    order: Name
    line: Annotated[int, Field(ge=1)]
    received: Amount
    rejected: Amount


class BilledBefore(Frozen):
    """bills.csv: a bill of one line that stood before, paid or not."""

    bill: Name
    order: Name
    number: Name
    day: Day
    line: Annotated[int, Field(ge=1)]
    quantity: Amount
    net: Amount
    tax: Amount
    paid: bool


class OurselvesLine(Frozen):
    """company.csv: who orders and pays."""

    name: Name
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str
    account: Name
    bank: str
    email: str
