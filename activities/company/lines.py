"""What a line of each CSV file holds. A wrong value is named by file, line and column."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from baton.errors import BatonError
from baton.types.frozen import Frozen

L = TypeVar("L", bound=Frozen)
_TODAY = re.compile(r"today(?:-(\d{1,5}))?")


class BadSeed(BatonError):
    """The company's CSV files cannot be loaded."""


def _day(value: object) -> object:
    """`today-45` is 45 days before the company is set up, so that samples never grow old."""
    match = _TODAY.fullmatch(value) if isinstance(value, str) else None
    return datetime.now(UTC).date() - timedelta(days=int(match[1] or 0)) if match else value


Day = Annotated[date, BeforeValidator(_day)]
Name = Annotated[str, Field(min_length=1)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4, allow_inf_nan=False)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class CustomerLine(Frozen):
    """customers.csv."""

    id: Name
    name: Name
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$"), BeforeValidator(lambda value: str(value).lower())]
    tier: Name
    active: bool


class SupplierLine(Frozen):
    """suppliers.csv."""

    id: Name
    name: Name
    email: str
    recovery_days: Annotated[int, Field(ge=0)]
    recovery_share: Annotated[Decimal, Field(ge=0, le=1)]


class ProductLine(Frozen):
    """products.csv."""

    sku: Name
    name: Name
    category: str
    warranty_days: Annotated[int, Field(ge=0)]
    repairable: bool
    repair_centre: str
    supplier: Name
    price: Amount
    currency: Currency


class OrderLine(Frozen):
    """orders.csv."""

    order: Name
    customer: Name
    sku: Name
    serial: str
    seller: str
    purchased: Day
    paid: Amount
    currency: Currency
    receipt_number: str


class StockLine(Frozen):
    """stock.csv."""

    sku: Name
    quantity: Annotated[int, Field(ge=0)]


class RemedyLine(Frozen):
    """repairs.csv and gift_cards.csv: what was given before Baton came."""

    order: Name
    reference: Name
    date: Day
    amount: Amount
    currency: Currency


class StaffLine(Frozen):
    """staff.csv."""

    id: Name
    name: Name
    email: str
    department: Name
    roles: str
    active: bool
    delegate: str


def read_lines(folder: Path, name: str, line: type[L]) -> Iterator[L]:
    """Every line of one file; none where the file does not exist. Raises `BadSeed` naming file, line and column."""
    path = folder / name
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        if set(rows.fieldnames or ()) != set(line.model_fields):
            raise BadSeed(f"`{path}` must have exactly the columns {','.join(line.model_fields)}")
        for row in rows:
            try:
                yield line.model_validate(row)
            except ValidationError as error:
                wrong = error.errors()[0]
                raise BadSeed(f"`{path}` line {rows.line_num}, column `{wrong['loc'][0]}`: {wrong['msg'].lower()}") from None
