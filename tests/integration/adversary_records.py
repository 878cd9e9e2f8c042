"""What the oracle reads: the CSV files the company began with, and what stands in its database, by plain SQL."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Order:
    """An order with its product's terms."""

    customer: str
    email: str
    customer_active: bool
    purchased: date
    paid: Decimal
    currency: str
    warranty_days: int
    repairable: bool
    price: Decimal
    price_currency: str
    recovery_days: int
    share: Decimal


@dataclass
class Written:
    """One thing that stands in the company's records, or stood there."""

    key: str
    kind: str
    case: str
    order: str
    action: dict[str, Any]
    amount: Decimal
    currency: str
    day: date
    undone_by: str
    recipient: str = ""
    verdict: int = -1
    """Where in the ledger it was allowed."""
    undone: int = 10**9
    by: str = ""
    """Who allowed it; empty for the agent alone."""
    step: str = ""
    answer: str = ""

    def stood(self, at: int) -> bool:
        """Whether it was allowed, and not yet taken back, at this place of the ledger."""
        return self.verdict < at < self.undone


def rows(seed: Path, name: str) -> list[dict[str, str]]:
    with (seed / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def orders(seed: Path) -> dict[str, Order]:
    customers = {row["id"]: row for row in rows(seed, "customers")}
    products = {row["sku"]: row for row in rows(seed, "products")}
    suppliers = {row["id"]: row for row in rows(seed, "suppliers")}
    made = {}
    for row in rows(seed, "orders"):
        customer, product = customers[row["customer"]], products[row["sku"]]
        supplier = suppliers[product["supplier"]]
        made[row["order"]] = Order(
            customer=row["customer"],
            email=customer["email"],
            customer_active=customer["active"] == "true",
            purchased=date.fromisoformat(row["purchased"]),
            paid=Decimal(row["paid"]),
            currency=row["currency"],
            warranty_days=int(product["warranty_days"]),
            repairable=product["repairable"] == "true" and bool(product["repair_centre"]),
            price=Decimal(product["price"]),
            price_currency=product["currency"],
            recovery_days=int(supplier["recovery_days"]),
            share=Decimal(supplier["recovery_share"]),
        )
    return made


def entries(path: Path) -> Iterator[Written]:
    with sqlite3.connect(path) as company:
        entries = company.execute(
            "SELECT key, kind, case_id, order_no, action, amount, currency, written, undone_by FROM company_entry "
            "WHERE key NOT LIKE 'seed/%' AND kind <> 'recall'"
        ).fetchall()
        letters = company.execute("SELECT key, case_id, recipient, template, written FROM company_letter").fetchall()
    for key, kind, case, order, action, amount, currency, at, undone_by in entries:
        day = datetime.fromisoformat(at).date()
        yield Written(key, kind, case, order, json.loads(action), Decimal(amount or 0), currency or "", day, undone_by or "")
    for key, case, recipient, template, at in letters:
        yield Written(
            key, "letter", case, "", {"template": template}, Decimal(0), "", datetime.fromisoformat(at).date(), "", recipient
        )
