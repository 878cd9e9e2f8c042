"""What each effect writes beside its entry, in the same transaction. The records themselves refuse what must never be."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert, select, update

from activities.purchasing import refusals, rows, tables
from activities.purchasing.errors import NotOnRecord
from activities.purchasing.models import ConfirmAccount, PayBill, PlaceOrder, RecordReceipt, RegisterBill
from activities.purchasing.port import Ordered, State, SupplierRecord
from baton.matching import Billed, Order, OrderLine, Receipt
from baton.matching.before import number_key
from baton.types.frozen import Frozen


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


class Who(Frozen):
    """Whose order it is: the case it came from, who wants it, and who approved it."""

    case: str
    requester: str
    approved_by: str


def order(connection: Connection, action: PlaceOrder, supplier: SupplierRecord, number: str, who: Who) -> None:
    """The order with its lines."""
    lines = tuple(
        OrderLine(number=place, tax_rate=supplier.tax_rate, **line.model_dump())
        for place, line in enumerate(action.lines, start=1)
    )
    placed = Order(
        number=number,
        supplier=supplier.id,
        currency=action.amount.currency,
        lines=lines,
        freight_tax_rate=supplier.tax_rate,
    )
    body = Ordered(
        order=placed,
        case=who.case,
        day=today(),
        category=action.category,
        cost_centre=action.cost_centre,
        requester=who.requester,
        approved_by=who.approved_by,
    )
    values = {"number": number, "supplier": supplier.id, "state": "open", "sent": False, "body": rows.plain(body)}
    connection.execute(insert(tables.order).values(**values))


def sent(connection: Connection, number: str) -> None:
    """The order left."""
    connection.execute(update(tables.order).where(tables.order.c.number == number).values(sent=True))


def state(connection: Connection, number: str, now: State) -> None:
    """The order takes more, or nothing more."""
    connection.execute(update(tables.order).where(tables.order.c.number == number).values(state=now))


def receipt(connection: Connection, action: RecordReceipt, reference: str) -> None:
    """What came. Raises `TooMuch` beyond what was ordered."""
    ordered = rows.order(connection, action.order)
    assert ordered is not None
    before = rows.receipts_of(connection, action.order)
    refusals.within_order(ordered, before, action)
    body = Receipt(number=reference, lines=action.lines)
    values = {"reference": reference, "order_no": ordered.order.number, "standing": True, "body": rows.plain(body)}
    connection.execute(insert(tables.receipt).values(**values))


def bill(connection: Connection, action: RegisterBill, ordered: Ordered, reference: str, case: str) -> None:
    """The bill. Raises `AlreadyRegistered` for a number that the supplier used before, however it is spelled."""
    supplier = ordered.order.supplier
    known = number_key(action.number)
    twin = (tables.bill.c.supplier == supplier) & (tables.bill.c.number_key == known) & tables.bill.c.standing.is_(True)
    twins = connection.execute(select(tables.bill.c.reference, tables.bill.c.body).where(twin))
    refusals.first_of_its_number(action, supplier, [(one.reference, Billed.model_validate_json(one.body)) for one in twins])
    connection.execute(
        insert(tables.bill).values(
            reference=reference,
            order_no=ordered.order.number,
            supplier=supplier,
            number_key=known,
            standing=True,
            disputed=False,
            case_id=case,
            document=action.document or "",
            body=rows.plain(billed(action, ordered.order.number, supplier)),
        )
    )


def billed(action: RegisterBill, order: str, supplier: str) -> Billed:
    """A bill as the match reads it."""
    return Billed(
        number=action.number,
        kind="credit_note" if action.kind == "credit_note" else "invoice",
        order=order,
        supplier=supplier,
        currency=action.amount.currency,
        day=action.day,
        lines=action.lines,
        freight=action.freight,
        net=action.net,
        tax=action.tax,
        total=action.amount.amount,
        account=action.account,
        corrects=action.corrects,
    )


def account(connection: Connection, action: ConfirmAccount, key: str) -> None:
    """The new account."""
    values = {"supplier": action.supplier, "number": action.account, "bank": "", "since": today(), "key": key}
    connection.execute(insert(tables.account).values(**values))


def payment(connection: Connection, action: PayBill, supplier: SupplierRecord, reference: str, by: str) -> None:
    """A payment that waits. Raises `AlreadyPaid` beyond the bill's total."""
    refusals.within_bill(rows.bills(connection, reference=action.bill)[0], action.amount)
    connection.execute(
        insert(tables.payment).values(
            reference=reference,
            bill=action.bill,
            supplier=supplier.id,
            amount=action.amount.amount,
            currency=action.amount.currency,
            account=supplier.accounts[0].number if supplier.accounts else "",
            prepared_by=by,
            released=False,
            withdrawn=False,
            day=today(),
        )
    )


def release(connection: Connection, reference: str, by: str) -> None:
    """The payment leaves. Raises `SamePerson`, or `TooLate` where it was withdrawn."""
    found = next(iter(rows.payments(connection, reference=reference)), None)
    if found is None:
        raise NotOnRecord(f"payment `{reference}` is not on record: prepare it first")
    refusals.may_leave(found, by)
    connection.execute(update(tables.payment).where(tables.payment.c.reference == reference).values(released=True, day=today()))


def disputed(connection: Connection, reference: str) -> None:
    """The bill is in dispute."""
    connection.execute(update(tables.bill).where(tables.bill.c.reference == reference).values(disputed=True))
