"""The sample company's records, with `today-120` turned into the date it means on the day of the run."""

import csv
import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from baton.errors import BatonError
from baton.types.frozen import Frozen
from samples.story import Language

HERE = Path(__file__).parent
TABLES = tuple(sorted(path.stem for path in (HERE / "company").glob("*.csv")))

_RELATIVE = re.compile(r"today([+-]\d+)?")


class UnknownOrder(BatonError):
    """A sample names an order that orders.csv does not hold."""


class Seller(Frozen):
    """A shop, and how its receipts look."""

    name: str
    style: Literal["till", "invoice"]
    address: tuple[str, ...]
    phone: str
    vat_number: str
    vat_percent: int
    language: Language
    dates: str


class Sale(Frozen):
    """One order with what its receipt says."""

    order: str
    customer: str
    product: str
    serial: str
    seller: Seller
    purchased: date
    paid: Decimal
    currency: str
    receipt_number: str


def rows(table: str, today: date) -> list[dict[str, str]]:
    """One table of the company, its dates resolved."""
    with (HERE / "company" / f"{table}.csv").open(encoding="utf-8", newline="") as source:
        return [{column: _dated(cell, today) for column, cell in row.items()} for row in csv.DictReader(source)]


def write_company(out: Path, today: date) -> list[Path]:
    """Write every table below `out`, ready to be loaded."""
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / f"{table}.csv", rows(table, today)) for table in TABLES]


def sellers() -> dict[str, Seller]:
    """Every shop by the name that orders call it."""
    source = tomllib.loads((HERE / "sellers.toml").read_text(encoding="utf-8"))
    return {name: Seller(name=name, **said) for name, said in source.items()}


class Sales:
    """Every sale of the company, by order number."""

    def __init__(self, today: date) -> None:
        """Read the company as it is on this day."""
        self.today = today
        shops = sellers()
        names = {row["sku"]: row["name"] for row in rows("products", today)}
        self._by_order = {row["order"]: _sale(row, names, shops) for row in rows("orders", today)}
        self._deals = {row["deal"]: row for row in rows("deals", today)}
        self._vendors = {row["id"]: row for row in rows("vendors", today)}
        self._people = {row["id"]: row["name"] for row in rows("customers", today)}

    def of(self, order: str) -> Sale:
        """The sale behind an order number. Raises `UnknownOrder`."""
        if order not in self._by_order:
            raise UnknownOrder(f"no order `{order}` in samples/company/orders.csv: add it or correct the sample")
        return self._by_order[order]

    def deal(self, number: str) -> dict[str, str]:
        """A deal's line. Raises `UnknownOrder`."""
        if number not in self._deals:
            raise UnknownOrder(f"no deal `{number}` in samples/company/deals.csv: add it or correct the sample")
        return self._deals[number]

    def vendor(self, number: str) -> dict[str, str]:
        """A supplier's line. Raises `UnknownOrder`."""
        if number not in self._vendors:
            raise UnknownOrder(f"no supplier `{number}` in samples/company/vendors.csv: add it or correct the sample")
        return self._vendors[number]

    def buyer(self, sale: Sale) -> str:
        """The name of who bought it."""
        return self._people[sale.customer]


def _sale(row: dict[str, str], names: dict[str, str], shops: dict[str, Seller]) -> Sale:
    return Sale(
        order=row["order"],
        customer=row["customer"],
        product=names[row["sku"]],
        serial=row["serial"],
        seller=shops[row["seller"]],
        purchased=date.fromisoformat(row["purchased"]),
        paid=Decimal(row["paid"]),
        currency=row["currency"],
        receipt_number=row["receipt_number"],
    )


def _dated(cell: str, today: date) -> str:
    relative = _RELATIVE.fullmatch(cell)
    return (today + timedelta(days=int(relative[1] or 0))).isoformat() if relative else cell


def _write(path: Path, table: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return path
