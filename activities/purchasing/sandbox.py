"""The sandbox purchasing system: the company's own records, written once under each permit's key."""

from datetime import date

from sqlalchemy import Connection, func, select

from activities.company import company, journal
from activities.company.book import Book
from activities.company.journal import Draft
from activities.company.tables import person
from activities.purchasing import rows, tables, undoing, writing
from activities.purchasing.errors import NotOnRecord
from activities.purchasing.models import (
    ACTIONS,
    AccountConfirmed,
    BillDisputed,
    BillRegistered,
    CancelOrder,
    ConfirmAccount,
    DisputeBill,
    OrderCancelled,
    OrderPlaced,
    OrderSent,
    PayBill,
    PaymentPrepared,
    PaymentReleased,
    PlaceOrder,
    ReceiptRecorded,
    RecordReceipt,
    RegisterBill,
    ReleasePayment,
    SendOrder,
)
from activities.purchasing.port import (
    BillRecord,
    Budget,
    Category,
    Ordered,
    Ourselves,
    PaymentRecord,
    Purchasing,
    SupplierRecord,
)
from activities.purchasing.words import done_of, taken_back
from baton.governance.declare import Permit
from baton.matching import Receipt
from baton.matching.pairing import key
from baton.store import Database
from baton.types.actions import Done


def adapter() -> Purchasing:
    """The sandbox on this process's company records."""
    return Sandbox(company())


class Sandbox:
    """Purchasing on one database; what the company itself knows is in the same records."""

    def __init__(self, database: Database) -> None:
        self._book = Book(database, ACTIONS, done_of)

    # -- looking up

    async def supplier(self, id: str) -> SupplierRecord | None:
        """One supplier, or None."""
        return next(iter(await self._book.read(lambda connection: rows.suppliers(connection, id))), None)

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Every supplier."""
        return await self._book.read(rows.suppliers)

    async def order(self, number: str) -> Ordered | None:
        """One order, or None."""
        return await self._book.read(lambda connection: rows.order(connection, number))

    async def orders_of(self, supplier: str) -> tuple[Ordered, ...]:
        """Every order of a supplier."""
        return await self._book.read(lambda connection: rows.orders_of(connection, supplier))

    async def orders_since(self, day: date) -> tuple[Ordered, ...]:
        """Every order of this day and after it."""
        return await self._book.read(lambda connection: rows.orders_since(connection, day))

    async def receipts_of(self, order: str) -> tuple[Receipt, ...]:
        """What came of an order."""
        return await self._book.read(lambda connection: rows.receipts_of(connection, order))

    async def bills_of(self, supplier: str) -> tuple[BillRecord, ...]:
        """Every bill of a supplier that stands."""
        return await self._book.read(lambda connection: rows.bills(connection, supplier=supplier))

    async def bill(self, reference: str) -> BillRecord | None:
        """One bill that stands, or None."""
        return next(iter(await self._book.read(lambda connection: rows.bills(connection, reference=reference))), None)

    async def payments_of(self, supplier: str) -> tuple[PaymentRecord, ...]:
        """Every payment to a supplier."""
        return await self._book.read(lambda connection: rows.payments(connection, supplier=supplier))

    async def payment(self, reference: str) -> PaymentRecord | None:
        """One payment, or None."""
        return next(iter(await self._book.read(lambda connection: rows.payments(connection, reference=reference))), None)

    async def budget(self, cost_centre: str) -> Budget | None:
        """What a cost centre has."""
        return await self._book.read(lambda connection: rows.budget(connection, cost_centre))

    async def category(self, name: str) -> Category | None:
        """A kind of purchase."""
        return await self._book.read(lambda connection: rows.category(connection, name))

    async def sanctioned(self, names: tuple[str, ...]) -> bool:
        """Whether one of these names or accounts stands on the list, however it is spelled."""
        listed = await self._book.read(lambda connection: connection.scalars(select(tables.sanction.c.name)).all())
        return bool({key(name) for name in listed} & {key(name) for name in names if key(name)})

    async def ourselves(self) -> Ourselves:
        """Who orders and pays."""
        return await self._book.read(rows.ourselves)

    async def colleague(self, address: str) -> tuple[str, str] | None:
        """Who has this address on the staff."""
        wanted = select(person.c.id, person.c.department).where(func.lower(person.c.email) == address.lower(), person.c.active)
        row = await self._book.read(lambda connection: connection.execute(wanted).first())
        return (row.id, row.department) if row else None

    # -- writing

    async def place_order(self, order: PlaceOrder, permit: Permit, requester: str, by: str) -> OrderPlaced:
        """An order with its lines."""
        supplier = await self._known_supplier(order.supplier)
        draft = Draft("purchase_order", order, order.supplier, order.amount, supplier.name)

        def also(connection: Connection) -> None:
            who = writing.Who(case=permit.case, requester=requester, approved_by=by)
            writing.order(connection, order, supplier, _reference(connection, permit), who)

        return await self._book.write(draft, permit, OrderPlaced, also)

    async def send_order(self, sending: SendOrder, permit: Permit) -> OrderSent:
        """Mark that an order left."""
        ordered = await self._known_order(sending.order)
        supplier = await self._known_supplier(ordered.order.supplier)
        draft = Draft("dispatch", sending, sending.order, detail=supplier.email)
        return await self._book.write(draft, permit, OrderSent, lambda connection: writing.sent(connection, sending.order))

    async def record_receipt(self, receipt: RecordReceipt, permit: Permit) -> ReceiptRecorded:
        """A delivery; raises `TooMuch`."""
        await self._known_order(receipt.order)
        counted = sum(line.received for line in receipt.lines)
        rejected = sum(line.rejected for line in receipt.lines)
        detail = f"{counted:f} came" + (f", {rejected:f} of them rejected" if rejected else "")

        def also(connection: Connection) -> None:
            writing.receipt(connection, receipt, _reference(connection, permit))

        return await self._book.write(Draft("receipt", receipt, receipt.order, detail=detail), permit, ReceiptRecorded, also)

    async def register_bill(self, bill: RegisterBill, permit: Permit) -> BillRegistered:
        """A bill; raises `AlreadyRegistered`."""
        ordered = await self._known_order(bill.order)
        draft = Draft("bill", bill, bill.order, bill.amount, bill.number)

        def also(connection: Connection) -> None:
            writing.bill(connection, bill, ordered, _reference(connection, permit), permit.case)

        return await self._book.write(draft, permit, BillRegistered, also)

    async def confirm_account(self, account: ConfirmAccount, permit: Permit) -> AccountConfirmed:
        """A supplier's new account, first among its accounts from now on."""
        await self._known_supplier(account.supplier)
        draft = Draft("supplier_account", account, account.supplier, detail=account.account)
        return await self._book.write(
            draft, permit, AccountConfirmed, lambda connection: writing.account(connection, account, permit.key)
        )

    async def pay_bill(self, payment: PayBill, permit: Permit, by: str) -> PaymentPrepared:
        """A payment that waits for its release; raises `AlreadyPaid`."""
        bill = await self.bill(payment.bill)
        if bill is None:
            raise NotOnRecord(f"bill `{payment.bill}` is not on record: register it first")
        supplier = await self._known_supplier(bill.billed.supplier)
        to = supplier.accounts[0].number if supplier.accounts else ""
        draft = Draft("payment", payment, payment.bill, payment.amount, to)

        def also(connection: Connection) -> None:
            writing.payment(connection, payment, supplier, _reference(connection, permit), by)

        return await self._book.write(draft, permit, PaymentPrepared, also)

    async def release_payment(self, release: ReleasePayment, permit: Permit, by: str) -> PaymentReleased:
        """A payment handed over; raises `SamePerson`."""
        draft = Draft("release", release, release.payment, release.amount)
        return await self._book.write(
            draft, permit, PaymentReleased, lambda connection: writing.release(connection, release.payment, by)
        )

    async def dispute_bill(self, dispute: DisputeBill, permit: Permit) -> BillDisputed:
        """A bill marked as disputed."""
        draft = Draft("dispute", dispute, dispute.bill, detail="the supplier was told what is wrong")
        return await self._book.write(draft, permit, BillDisputed, lambda connection: writing.disputed(connection, dispute.bill))

    async def cancel_order(self, cancel: CancelOrder, permit: Permit) -> OrderCancelled:
        """An order that takes nothing more."""
        await self._known_order(cancel.order)
        draft = Draft("cancellation", cancel, cancel.order, detail=cancel.reason)
        return await self._book.write(
            draft, permit, OrderCancelled, lambda connection: writing.state(connection, cancel.order, "cancelled")
        )

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        return await self._book.look_up(key)

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once."""
        return taken_back(*await self._book.take_back(done.reference, permit, undoing.beside))

    async def _known_order(self, number: str) -> Ordered:
        found = await self.order(number)
        if found is None:
            raise NotOnRecord(f"order `{number}` is not on record: find the order first")
        return found

    async def _known_supplier(self, id: str) -> SupplierRecord:
        found = await self.supplier(id)
        if found is None:
            raise NotOnRecord(f"supplier `{id}` is not on record: find the supplier first")
        return found


def _reference(connection: Connection, permit: Permit) -> str:
    written = journal.find(connection, permit.key)
    assert written is not None, f"`{permit.key}` is being written"
    return str(written.reference)
