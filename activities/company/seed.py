"""Fills the company's records from a folder of CSV files, once."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from activities.company import tables
from activities.company.journal import FIRST, PHOTOS, letters
from activities.company.lines import (
    BadSeed,
    CustomerLine,
    OrderLine,
    ProductLine,
    RemedyLine,
    StaffLine,
    StockLine,
    SupplierLine,
    read_lines,
)
from activities.company.parts import parts
from baton.types.frozen import Frozen


def seed_once(connection: Connection, folder: Path) -> bool:
    """Fill empty records from `folder`; False when that was done before. Raises `BadSeed` for what cannot be loaded."""
    if connection.execute(select(tables.seeded.c.once)).first():
        return False
    if not folder.is_dir() or not (folder / "customers.csv").is_file():
        raise BadSeed(f"no customers.csv in `{folder}`: name a folder of the company's CSV files in BATON_COMPANY_SEED")
    _records(connection, folder)
    last = dict.fromkeys((*letters(), PHOTOS), 0)
    for name, kind in (("gift_cards.csv", "gift_card"), ("repairs.csv", "repair")):
        earlier = list(read_lines(folder, name, RemedyLine))
        _fill(connection, tables.entry, name, [_remedy(line, kind) for line in earlier])
        last[kind] = max([0, *(_number(line.reference) - FIRST for line in earlier)])
    for part in parts():
        if fill := getattr(part, "seed", None):
            fill(connection, folder)
    connection.execute(insert(tables.counter), [{"name": name, "value": value} for name, value in last.items()])
    _fill(connection, tables.seeded, "", [{"once": 1, "folder": str(folder), "written": datetime.now(UTC)}])
    return True


def _records(connection: Connection, folder: Path) -> None:
    plain: tuple[tuple[Table, str, type[Frozen]], ...] = (
        (tables.customer, "customers.csv", CustomerLine),
        (tables.supplier, "suppliers.csv", SupplierLine),
        (tables.product, "products.csv", ProductLine),
        (tables.stock, "stock.csv", StockLine),
        (tables.person, "staff.csv", StaffLine),
    )
    for table, name, line in plain:
        _fill(connection, table, name, [row.model_dump() for row in read_lines(folder, name, line)])
    orders = [row.model_dump() for row in read_lines(folder, "orders.csv", OrderLine)]
    _fill(connection, tables.purchase, "orders.csv", [{"number": row.pop("order"), **row} for row in orders])


def _remedy(line: RemedyLine, kind: str) -> dict[str, Any]:
    return {
        "key": f"seed/{line.reference}",
        "kind": kind,
        "position": 0,
        "reference": line.reference,
        "case_id": "",
        "order_no": line.order,
        "action": "{}",
        "amount": line.amount,
        "currency": line.currency,
        "detail": "",
        "written": _noon(line.date),
    }


def _number(reference: str) -> int:
    """`GC-1007` is 1007, so that a new card never takes an earlier one's reference."""
    digits = reference.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _fill(connection: Connection, table: Table, name: str, rows: list[dict[str, Any]]) -> None:
    try:
        if rows:
            connection.execute(insert(table), rows)
    except IntegrityError as error:
        raise BadSeed(f"`{name}` does not fit the other files: {error.orig}") from None
