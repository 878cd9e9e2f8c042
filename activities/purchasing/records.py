"""Fills purchasing's part of the sandbox company from its CSV files, and names its kinds of entry."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import IntegrityError

from activities.company.lines import BadSeed, read_lines
from activities.purchasing import earlier, tables
from activities.purchasing.lines import (
    AccountLine,
    BilledBefore,
    BudgetLine,
    CategoryLine,
    OrderedLine,
    OurselvesLine,
    ReceivedLine,
    SanctionLine,
    SupplierLine,
)

SERIES: Final = {
    "purchase_order": "PUR",
    "dispatch": "OS",
    "receipt": "GR",
    "bill": "BI",
    "supplier_account": "SA",
    "payment": "PY",
    "release": "PR",
    "dispute": "DI",
    "cancellation": "CN",
}


def seed(connection: Connection, folder: Path) -> None:
    """Fill the tables, once; a file that is not there fills nothing."""
    suppliers = (line.model_dump() | {"email": line.email.lower()} for line in read_lines(folder, "vendors.csv", SupplierLine))
    accounts = (line.model_dump() | {"key": ""} for line in read_lines(folder, "vendor_accounts.csv", AccountLine))
    ordered = list(read_lines(folder, "purchase_orders.csv", OrderedLine))
    billed = list(read_lines(folder, "bills.csv", BilledBefore))
    _fill(connection, tables.supplier, "vendors.csv", suppliers)
    _fill(connection, tables.account, "vendor_accounts.csv", accounts)
    for table, name, line in (
        (tables.sanction, "sanctions.csv", SanctionLine),
        (tables.category, "purchase_categories.csv", CategoryLine),
        (tables.budget, "budgets.csv", BudgetLine),
        (tables.ourselves, "company.csv", OurselvesLine),
    ):
        _fill(connection, table, name, (one.model_dump() for one in read_lines(folder, name, line)))
    _fill(connection, tables.order, "purchase_orders.csv", earlier.orders(ordered))
    _fill(
        connection,
        tables.receipt,
        "goods_receipts.csv",
        earlier.receipts(list(read_lines(folder, "goods_receipts.csv", ReceivedLine))),
    )
    _fill(connection, tables.bill, "bills.csv", earlier.bills(billed, ordered))
    _fill(connection, tables.payment, "bills.csv", earlier.payments(billed, ordered))


def _fill(connection: Connection, table: Table, name: str, rows: Iterable[dict[str, Any]]) -> None:
    try:
        if given := list(rows):
            connection.execute(insert(table), given)
    except (IntegrityError, KeyError) as error:
        raise BadSeed(f"`{name}` does not fit the other files: {error}") from None
