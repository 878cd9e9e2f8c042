"""What the sandbox ERP reads: orders with their terms, and what already happened to them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select

from activities.company import photos as kept_photos
from activities.company.journal import REMEDIES, standing
from activities.company.tables import entry, product, purchase, stock, supplier
from activities.erp.port import History, OrderRecord, SupplierRecord
from baton.types.money import Money

# Statements are built once: building one costs more than running it.
_ORDERS: Final = (
    select(
        purchase,
        product.c.name.label("product"),
        product.c.warranty_days,
        product.c.repairable,
        product.c.repair_centre,
        product.c.price,
        product.c.currency.label("price_currency"),
        stock.c.quantity,
        supplier.c.name.label("supplier"),
        supplier.c.recovery_days,
        supplier.c.recovery_share,
    )
    .join(product, product.c.sku == purchase.c.sku)
    .join(supplier, supplier.c.id == product.c.supplier)
    .join(stock, stock.c.sku == purchase.c.sku, isouter=True)
)
_ORDER: Final = _ORDERS.where(purchase.c.number == bindparam("number"))
_ORDERS_OF: Final = _ORDERS.where(purchase.c.customer == bindparam("customer")).order_by(purchase.c.purchased, purchase.c.number)
_WRITTEN: Final = select(entry.c.kind, entry.c.case_id, entry.c.order_no, entry.c.amount).where(
    standing(*REMEDIES, "recovery"),
    (entry.c.order_no == bindparam("number")) | (entry.c.case_id == bindparam("case")),
)


def order(connection: Connection, number: str) -> OrderRecord | None:
    """One order, or None."""
    found = connection.execute(_ORDER, {"number": number}).first()
    return _record(found) if found else None


def orders_of(connection: Connection, customer: str) -> tuple[OrderRecord, ...]:
    """Every order of one customer, the oldest first."""
    return tuple(_record(row) for row in connection.execute(_ORDERS_OF, {"customer": customer}))


def supplier_by_address(connection: Connection, address: str) -> SupplierRecord | None:
    """The supplier with this address on file."""
    wanted = select(supplier).where(func.lower(supplier.c.email) == address.strip().lower())
    row = connection.execute(wanted).first()
    return SupplierRecord(id=row.id, name=row.name, email=row.email) if row else None


def history(connection: Connection, number: str, case: str, photos: Mapping[str, str]) -> History:
    """What already happened to an order, seen from one case."""
    written = connection.execute(_WRITTEN, {"number": number, "case": case}).all()
    remedies = [row for row in written if row.kind != "recovery"]
    charged = [row.amount for row in written if row.kind == "recovery" and row.order_no == number]
    return History(
        remedies_before=sum(row.order_no == number and row.case_id != case for row in remedies),
        remedy_given=any(row.case_id == case for row in remedies),
        recovered=sum(charged, Decimal(0)),
        photo_used_before=kept_photos.used_before(connection, case, photos),
    )


def _record(row: Row[Any]) -> OrderRecord:
    return OrderRecord(
        number=row.number,
        customer=row.customer,
        sku=row.sku,
        product=row.product,
        serial=row.serial,
        seller=row.seller,
        purchased=row.purchased,
        paid=Money(amount=row.paid, currency=row.currency),
        receipt_number=row.receipt_number,
        days_since_purchase=(datetime.now(UTC).date() - row.purchased).days,
        warranty_days=row.warranty_days,
        repairable=row.repairable and bool(row.repair_centre),
        repair_centre=row.repair_centre,
        price=Money(amount=row.price, currency=row.price_currency),
        in_stock=row.quantity or 0,
        supplier=row.supplier,
        recovery_days=row.recovery_days,
        recovery_share=row.recovery_share,
    )
