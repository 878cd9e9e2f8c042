"""The company's tables. Their names begin with `company_`, so that they may share a database with Baton's own."""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

records = MetaData()


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as it is written: SQLite would turn it into a float."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """From the database."""
        return None if value is None else Decimal(value)


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, String(400), nullable=False, **more)


customer = Table(
    "company_customer",
    records,
    _text("id", primary_key=True),
    _text("name"),
    _text("email", unique=True),  # lower case
    _text("tier"),
    Column("active", Boolean, nullable=False),
)

supplier = Table(
    "company_supplier",
    records,
    _text("id", primary_key=True),
    _text("name"),
    _text("email"),
    Column("recovery_days", Integer, nullable=False),
    Column("recovery_share", Exact, nullable=False),
)

product = Table(
    "company_product",
    records,
    _text("sku", primary_key=True),
    _text("name"),
    _text("category"),
    Column("warranty_days", Integer, nullable=False),
    Column("repairable", Boolean, nullable=False),
    _text("repair_centre"),
    Column("supplier", ForeignKey(supplier.c.id), nullable=False),
    Column("price", Exact, nullable=False),
    _text("currency"),
)

purchase = Table(
    "company_order",
    records,
    _text("number", primary_key=True),
    Column("customer", ForeignKey(customer.c.id), nullable=False, index=True),
    Column("sku", ForeignKey(product.c.sku), nullable=False),
    _text("serial"),
    _text("seller"),
    Column("purchased", Date, nullable=False),
    Column("paid", Exact, nullable=False),
    _text("currency"),
    _text("receipt_number"),
)

stock = Table(
    "company_stock",
    records,
    Column("sku", ForeignKey(product.c.sku), primary_key=True),
    Column("quantity", Integer, CheckConstraint("quantity >= 0"), nullable=False),
)

person = Table(
    "company_staff",
    records,
    _text("id", primary_key=True),
    _text("name"),
    _text("email"),
    _text("department"),
    _text("roles"),
    Column("active", Boolean, nullable=False),
    _text("delegate"),
)

counter = Table(
    "company_counter",
    records,
    _text("name", primary_key=True),
    Column("value", Integer, nullable=False),
)

entry = Table(
    "company_entry",
    records,
    Column("key", String(200), primary_key=True),  # invariant: the permit's key, so a second write finds the first
    Column("kind", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    _text("reference", unique=True),
    Column("case_id", String(200), nullable=False, index=True),  # empty for what stood before Baton came
    _text("order_no"),
    Column("action", Text, nullable=False),
    Column("amount", Exact),
    Column("currency", String(3)),
    _text("detail"),
    Column("written", DateTime(timezone=True), nullable=False),
    Column("undone_by", String(200), unique=True),
    Column("undone", DateTime(timezone=True)),
    Index("company_entry_order", "order_no", "kind"),
)

photo = Table(
    "company_photo",
    records,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("key", String(200), nullable=False),  # of the entry that brought it
    Column("case_id", String(200), nullable=False, index=True),
    _text("order_no"),
    _text("document"),
    Column("phash", String(64), nullable=False),
    UniqueConstraint("key", "document"),
)

letter = Table(
    "company_letter",
    records,
    Column("key", String(200), primary_key=True),
    Column("case_id", String(200), nullable=False, index=True),
    _text("template"),
    _text("recipient", index=True),
    _text("message_id"),
    Column("asks_for", Text, nullable=False),
    Column("state", String(10), nullable=False),  # `sending` is committed before the letter leaves, `sent` after
    Column("written", DateTime(timezone=True), nullable=False),
)

seeded = Table(
    "company_seeded",
    records,
    Column("once", Integer, primary_key=True, autoincrement=False),
    Column("folder", Text, nullable=False),
    Column("written", DateTime(timezone=True), nullable=False),
)
