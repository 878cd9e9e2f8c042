"""What each effect writes beside its entry, in the same transaction. The records themselves refuse what must never be."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Connection, insert, select, update

from activities.purchasing import rows, tables
from activities.purchasing.errors import AlreadyPaid, AlreadyRegistered, NotOnRecord, SamePerson, TooLate, TooMuch
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
    counted = [one for paper in before for one in paper.lines] + list(action.lines)
    for line in ordered.order.lines:
        came = sum((one.received for one in counted if one.line == line.number), Decimal(0))
        if came > line.quantity:
            raise TooMuch(
                f"line {line.number} of `{action.order}` would have `{came}` of `{line.quantity}`: count this delivery alone"
            )
    body = Receipt(number=reference, lines=action.lines)
    values = {"reference": reference, "order_no": ordered.order.number, "standing": True, "body": rows.plain(body)}
    connection.execute(insert(tables.receipt).values(**values))


def bill(connection: Connection, action: RegisterBill, ordered: Ordered, reference: str, case: str) -> None:
    """The bill. Raises `AlreadyRegistered` for a number that the supplier used before, however it is spelled."""
    supplier = ordered.order.supplier
    known = number_key(action.number)
    twin = (tables.bill.c.supplier == supplier) & (tables.bill.c.number_key == known) & tables.bill.c.standing.is_(True)
    same_kind = [row for row in connection.execute(select(tables.bill).where(twin)) if _kind(row.body) == action.kind]
    if same_kind:
        raise AlreadyRegistered(f"bill `{action.number}` of `{supplier}` stands as `{same_kind[0].reference}`: it is a duplicate")
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


def _kind(body: str) -> str:
    return Billed.model_validate_json(body).kind


def account(connection: Connection, action: ConfirmAccount, key: str) -> None:
    """The new account."""
    values = {"supplier": action.supplier, "number": action.account, "bank": "", "since": today(), "key": key}
    connection.execute(insert(tables.account).values(**values))


def payment(connection: Connection, action: PayBill, supplier: SupplierRecord, reference: str, by: str) -> None:
    """A payment that waits. Raises `AlreadyPaid` beyond the bill's total."""
    found = rows.bills(connection, reference=action.bill)[0]
    if found.paid + action.amount.amount > found.billed.total or found.billed.kind == "credit_note":
        raise AlreadyPaid(
            f"`{action.bill}` is over `{found.billed.total}` and `{found.paid}` of it is paid: `{action.amount}` is too much"
        )
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
    if found.withdrawn or found.released:
        raise TooLate(f"payment `{reference}` was {'withdrawn' if found.withdrawn else 'released'} before: look at it")
    if by and by == found.prepared_by:
        raise SamePerson(f"`{by}` approved payment `{reference}` when it was prepared: somebody else has to release it")
    connection.execute(update(tables.payment).where(tables.payment.c.reference == reference).values(released=True, day=today()))


def disputed(connection: Connection, reference: str) -> None:
    """The bill is in dispute."""
    connection.execute(update(tables.bill).where(tables.bill.c.reference == reference).values(disputed=True))
