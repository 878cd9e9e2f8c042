"""From rows of purchasing's tables to its records, and back."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select

from activities.purchasing import tables
from activities.purchasing.port import Account, BillRecord, Budget, Category, Ordered, Ourselves, PaymentRecord, SupplierRecord
from baton.matching import Billed, Receipt
from baton.matching.pairing import key
from baton.types.frozen import Frozen

_SUPPLIERS: Final = select(tables.supplier).order_by(tables.supplier.c.id)
_ACCOUNTS: Final = select(tables.account).order_by(tables.account.c.since.desc(), tables.account.c.position.desc())
_ORDER: Final = select(tables.order).where(tables.order.c.number == bindparam("number"))
_RECEIPTS: Final = select(tables.receipt).where(
    tables.receipt.c.order_no == bindparam("number"), tables.receipt.c.standing.is_(True)
)
_BILLS: Final = select(tables.bill).where(tables.bill.c.standing.is_(True)).order_by(tables.bill.c.position)
_PAYMENTS: Final = select(tables.payment).order_by(tables.payment.c.day, tables.payment.c.reference)


def plain(body: Frozen) -> str:
    """A record as its row keeps it."""
    return json.dumps(body.model_dump(mode="json"), sort_keys=True)


def suppliers(connection: Connection, id: str | None = None) -> tuple[SupplierRecord, ...]:
    """Suppliers with their accounts, the newest account first."""
    wanted = _SUPPLIERS if id is None else _SUPPLIERS.where(tables.supplier.c.id == id)
    accounts: dict[str, list[Account]] = {}
    for row in connection.execute(_ACCOUNTS if id is None else _ACCOUNTS.where(tables.account.c.supplier == id)):
        accounts.setdefault(row.supplier, []).append(Account(number=row.number, bank=row.bank, since=row.since))
    return tuple(_supplier(row, accounts.get(row.id, [])) for row in connection.execute(wanted))


def order(connection: Connection, number: str) -> Ordered | None:
    """One order; its number may be spelled with or without marks."""
    found = connection.execute(_ORDER, {"number": number}).first()
    if found is None and key(number):
        plainly = func.replace(func.replace(func.upper(tables.order.c.number), "-", ""), " ", "")
        alike = connection.execute(select(tables.order).where(plainly == key(number))).all()
        found = alike[0] if len(alike) == 1 else None
    return _ordered(found) if found is not None else None


def orders_of(connection: Connection, supplier: str) -> tuple[Ordered, ...]:
    """Every order of one supplier."""
    wanted = select(tables.order).where(tables.order.c.supplier == supplier).order_by(tables.order.c.number)
    return tuple(_ordered(row) for row in connection.execute(wanted))


def orders_since(connection: Connection, day: date) -> tuple[Ordered, ...]:
    """Every order of this day and after it."""
    return tuple(one for row in connection.execute(select(tables.order)) if (one := _ordered(row)).day >= day)


def receipts_of(connection: Connection, number: str) -> tuple[Receipt, ...]:
    """The deliveries of one order that stand."""
    rows = connection.execute(_RECEIPTS, {"number": number})
    return tuple(Receipt.model_validate_json(row.body) for row in rows)


def bills(connection: Connection, *, supplier: str | None = None, reference: str | None = None) -> tuple[BillRecord, ...]:
    """Bills that stand, in the order they came, with what was paid of them."""
    wanted = _BILLS.where(tables.bill.c.supplier == supplier) if supplier is not None else _BILLS
    wanted = wanted.where(tables.bill.c.reference == reference) if reference is not None else wanted
    rows = connection.execute(wanted).all()
    paid = paid_of(connection, [row.reference for row in rows])
    return tuple(_bill(row, paid.get(row.reference, Decimal(0))) for row in rows)


def paid_of(connection: Connection, references: Iterable[str]) -> dict[str, Decimal]:
    """What was paid of these bills, prepared payments included."""
    found: dict[str, Decimal] = {}
    wanted = select(tables.payment).where(tables.payment.c.bill.in_(list(references)), tables.payment.c.withdrawn.is_(False))
    for row in connection.execute(wanted):
        found[row.bill] = found.get(row.bill, Decimal(0)) + row.amount
    return found


def payments(connection: Connection, *, supplier: str | None = None, reference: str | None = None) -> tuple[PaymentRecord, ...]:
    """Payments, withdrawn ones too."""
    wanted = _PAYMENTS.where(tables.payment.c.supplier == supplier) if supplier is not None else _PAYMENTS
    wanted = wanted.where(tables.payment.c.reference == reference) if reference is not None else wanted
    return tuple(PaymentRecord(**_mapping(row)) for row in connection.execute(wanted))


def category(connection: Connection, name: str) -> Category | None:
    """A kind of purchase, or None."""
    row = connection.execute(select(tables.category).where(tables.category.c.name == name)).first()
    tags = tuple(tag for tag in row.tags.split("|") if tag) if row else ()
    return Category(name=row.name, insurance=row.insurance, tags=tags) if row else None


def budget(connection: Connection, cost_centre: str) -> Budget | None:
    """What a cost centre has, with every standing order of Baton's counted as spent."""
    row = connection.execute(select(tables.budget).where(tables.budget.c.cost_centre == cost_centre)).first()
    if row is None:
        return None
    spent = row.spent + sum((_worth(one, row) for one in _every_order(connection)), Decimal(0))
    return Budget(cost_centre=row.cost_centre, currency=row.currency, amount=row.amount, spent=spent)


def ourselves(connection: Connection) -> Ourselves:
    """The company itself; without a record, one that has a name only."""
    row = connection.execute(select(tables.ourselves)).first()
    return Ourselves(**_mapping(row)) if row else Ourselves(name="The company")


def _every_order(connection: Connection) -> Iterable[Ordered]:
    return (_ordered(row) for row in connection.execute(select(tables.order).where(tables.order.c.state != "cancelled")))


def _worth(ordered: Ordered, row: Row[Any]) -> Decimal:
    """What an order takes of a budget; what stood before Baton came is in `spent` already."""
    mine = ordered.case and ordered.cost_centre == row.cost_centre and ordered.order.currency == row.currency
    return sum((line.quantity * line.price for line in ordered.order.lines), ordered.order.freight) if mine else Decimal(0)


def _supplier(row: Row[Any], accounts: list[Account]) -> SupplierRecord:
    return SupplierRecord(**_mapping(row), accounts=tuple(accounts))


def _ordered(row: Row[Any]) -> Ordered:
    body = Ordered.model_validate_json(row.body)
    return body.model_copy(update={"state": row.state, "sent": row.sent})


def _bill(row: Row[Any], paid: Decimal) -> BillRecord:
    return BillRecord(
        reference=row.reference,
        order=row.order_no,
        billed=Billed.model_validate_json(row.body),
        case=row.case_id,
        document=row.document,
        paid=paid,
        disputed=row.disputed,
    )


def _mapping(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)
