"""The tables that the sandbox keeps for purchasing: suppliers and accounts, budgets, orders, receipts, bills, payments."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from activities.company.tables import Exact, records


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, String(400), nullable=False, **more)


supplier = Table(
    "purchasing_supplier",
    records,
    _text("id", primary_key=True),
    _text("name"),
    _text("email", index=True),  # lower case
    Column("active", Boolean, nullable=False),
    _text("country"),
    _text("currency"),
    Column("tax_rate", Exact, nullable=False),
    _text("contact"),
    Column("insured_until", Date),
)

account = Table(
    "purchasing_account",
    records,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("supplier", ForeignKey(supplier.c.id), nullable=False, index=True),
    _text("number"),
    _text("bank"),
    Column("since", Date, nullable=False),
    _text("key"),  # of the entry that brought it; empty for what stood before
)

sanction = Table("purchasing_sanction", records, _text("name", primary_key=True), _text("list"))

category = Table(
    "purchasing_category", records, _text("name", primary_key=True), Column("insurance", Boolean, nullable=False), _text("tags")
)

budget = Table(
    "purchasing_budget",
    records,
    _text("cost_centre", primary_key=True),
    _text("currency"),
    Column("amount", Exact, nullable=False),
    Column("spent", Exact, nullable=False),
)

order = Table(
    "purchasing_order",
    records,
    _text("number", primary_key=True),
    Column("supplier", ForeignKey(supplier.c.id), nullable=False, index=True),
    _text("state"),
    Column("sent", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)

receipt = Table(
    "purchasing_receipt",
    records,
    _text("reference", primary_key=True),
    Column("order_no", ForeignKey(order.c.number), nullable=False, index=True),
    Column("standing", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)

bill = Table(
    "purchasing_bill",
    records,
    Column("position", Integer, primary_key=True, autoincrement=True),
    _text("reference", unique=True),
    Column("order_no", ForeignKey(order.c.number), nullable=False, index=True),
    Column("supplier", ForeignKey(supplier.c.id), nullable=False, index=True),
    _text("number_key"),
    Column("standing", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("case_id", String(200), nullable=False),
    _text("document"),
    Column("body", Text, nullable=False),
)

payment = Table(
    "purchasing_payment",
    records,
    _text("reference", primary_key=True),
    Column("bill", ForeignKey(bill.c.reference), nullable=False, index=True),
    Column("supplier", ForeignKey(supplier.c.id), nullable=False, index=True),
    Column("amount", Exact, nullable=False),
    _text("currency"),
    _text("account"),
    _text("prepared_by"),
    Column("released", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("day", Date, nullable=False),
)

ourselves = Table(
    "purchasing_ourselves",
    records,
    _text("name", primary_key=True),
    _text("street"),
    _text("postcode"),
    _text("city"),
    _text("country"),
    _text("vat_id"),
    _text("account"),
    _text("bank"),
    _text("email"),
)
