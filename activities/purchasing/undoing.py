"""What comes back with an entry that is undone, in the same transaction."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import Connection, delete, select, update

from activities.company import journal
from activities.company.journal import Draft, Written
from activities.purchasing import tables, writing
from activities.purchasing.errors import TooLate
from baton.governance.declare import Permit
from baton.types.actions import Action

_Undo: TypeAlias = Callable[[Connection, Written, Action, Permit], None]


def beside(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    """Undo what an entry brought. Raises `TooLate` when something that came after stands upon it."""
    _UNDO[found.kind](connection, found, original, permit)


def _order(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    upon = (tables.receipt, tables.receipt.c.order_no), (tables.bill, tables.bill.c.order_no)
    for table, column in upon:
        if connection.execute(select(column).where(column == found.reference, table.c.standing.is_(True))).first():
            raise TooLate(f"something was delivered or billed on `{found.reference}`: cancel what is left instead")
    writing.state(connection, found.reference, "cancelled")


def _receipt(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    connection.execute(update(tables.receipt).where(tables.receipt.c.reference == found.reference).values(standing=False))


def _bill(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    paid = select(tables.payment.c.reference).where(
        tables.payment.c.bill == found.reference, tables.payment.c.withdrawn.is_(False)
    )
    if payment := connection.scalar(paid):
        raise TooLate(f"`{payment}` pays `{found.reference}`: withdraw the payment first")
    connection.execute(update(tables.bill).where(tables.bill.c.reference == found.reference).values(standing=False))


def _account(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    connection.execute(delete(tables.account).where(tables.account.c.key == found.key))


def _payment(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    mine = tables.payment.c.reference == found.reference
    if connection.scalar(select(tables.payment.c.released).where(mine)):
        raise TooLate(f"`{found.reference}` was handed to the bank: recall it instead")
    connection.execute(update(tables.payment).where(mine).values(withdrawn=True))


def _release(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    """The bank is asked to give it back; both stay visible."""
    journal.write_once(connection, Draft("recall", original, found.order_no), permit)
    connection.execute(update(tables.payment).where(tables.payment.c.reference == found.order_no).values(withdrawn=True))


def _cancellation(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    writing.state(connection, found.order_no, "open")


_UNDO: Final[Mapping[str, _Undo]] = {
    "purchase_order": _order,
    "receipt": _receipt,
    "bill": _bill,
    "supplier_account": _account,
    "payment": _payment,
    "release": _release,
    "cancellation": _cancellation,
}
