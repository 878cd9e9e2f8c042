"""Purchasing in a company's own Tryton."""

import asyncio
import time
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

import httpx

from activities.company.journal import AlreadyUndone, NothingToUndo, Written
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
from activities.purchasing.port import BillRecord, Ordered, PaymentRecord, SupplierRecord
from activities.purchasing.tryton import steps
from activities.purchasing.tryton.effects import BEGIN, Wish, supplier_of
from activities.purchasing.tryton.papers import Papers
from activities.purchasing.tryton.register import Entry
from activities.purchasing.tryton.rpc import Meanwhile, TrytonRefuses, Warned
from activities.purchasing.tryton.settings import TrytonSettings
from activities.purchasing.words import done_of, taken_back
from baton.governance.declare import NoPermit, Permit
from baton.matching import Receipt
from baton.types.actions import Action, Done

T = TypeVar("T")
D = TypeVar("D", bound=Done)
_KIND: Final = {action: kind for kind, action in ACTIONS.items()}
_TRIES: Final = 10
_PAUSE: Final = 0.1
"""Seconds, longer each time: whoever is ahead is soon done."""


class Tryton:
    """Purchasing over Tryton's own RPC. Each effect is an entry of the register and what Tryton makes of it."""

    def __init__(self, settings: TrytonSettings, http: httpx.Client | None = None) -> None:
        self._papers = Papers(settings, http)

    # -- looking up

    async def supplier(self, id: str) -> SupplierRecord | None:
        """One supplier, or None."""
        return await asyncio.to_thread(self._papers.suppliers.one, id)

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Every supplier."""
        return await asyncio.to_thread(self._papers.suppliers.all)

    async def order(self, number: str) -> Ordered | None:
        """One order, or None."""
        return await asyncio.to_thread(self._papers.orders.one, number)

    async def orders_of(self, supplier: str) -> tuple[Ordered, ...]:
        """Every order of a supplier."""
        return await asyncio.to_thread(self._papers.orders.of_supplier, supplier)

    async def orders_since(self, day: date) -> tuple[Ordered, ...]:
        """Every order of this day and after it."""
        return await asyncio.to_thread(self._papers.orders.since, day)

    async def receipts_of(self, order: str) -> tuple[Receipt, ...]:
        """What came of an order."""
        return await asyncio.to_thread(self._papers.receipts_of, order)

    async def bills_of(self, supplier: str) -> tuple[BillRecord, ...]:
        """Every bill of a supplier that stands."""
        return await asyncio.to_thread(self._papers.bills_of, supplier)

    async def bill(self, reference: str) -> BillRecord | None:
        """One bill that stands, or None."""
        return await asyncio.to_thread(self._papers.found_bill, reference)

    async def payments_of(self, supplier: str) -> tuple[PaymentRecord, ...]:
        """Every payment to a supplier."""
        return tuple(await asyncio.to_thread(self._papers.payments.of_supplier, supplier))

    async def payment(self, reference: str) -> PaymentRecord | None:
        """One payment, or None."""
        return await asyncio.to_thread(self._papers.payments.one, reference)

    # -- writing

    async def place_order(self, order: PlaceOrder, permit: Permit, requester: str, by: str) -> OrderPlaced:
        """An order with its lines."""
        return await self._write(order, permit, OrderPlaced, requester=requester, by=by)

    async def send_order(self, sending: SendOrder, permit: Permit) -> OrderSent:
        """The order binds, and Tryton expects its goods."""
        return await self._write(sending, permit, OrderSent)

    async def record_receipt(self, receipt: RecordReceipt, permit: Permit) -> ReceiptRecorded:
        """A delivery; raises `TooMuch`."""
        return await self._write(receipt, permit, ReceiptRecorded)

    async def register_bill(self, bill: RegisterBill, permit: Permit) -> BillRegistered:
        """A bill; raises `AlreadyRegistered`."""
        return await self._write(bill, permit, BillRegistered)

    async def confirm_account(self, account: ConfirmAccount, permit: Permit) -> AccountConfirmed:
        """A supplier's new account, first among its accounts from now on."""
        return await self._write(account, permit, AccountConfirmed)

    async def pay_bill(self, payment: PayBill, permit: Permit, by: str) -> PaymentPrepared:
        """A payment that waits for its release; raises `AlreadyPaid`."""
        return await self._write(payment, permit, PaymentPrepared, by=by)

    async def release_payment(self, release: ReleasePayment, permit: Permit, by: str) -> PaymentReleased:
        """A payment handed over; raises `SamePerson`."""
        return await self._write(release, permit, PaymentReleased, by=by)

    async def dispute_bill(self, dispute: DisputeBill, permit: Permit) -> BillDisputed:
        """A bill marked as disputed."""
        return await self._write(dispute, permit, BillDisputed)

    async def cancel_order(self, cancel: CancelOrder, permit: Permit) -> OrderCancelled:
        """An order that takes nothing more."""
        return await self._write(cancel, permit, OrderCancelled)

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None; what is only half written is none."""
        found = await asyncio.to_thread(self._papers.register.find, key)
        return _done(found) if found is not None and (found.finished or not found.standing) else None

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once."""
        return await asyncio.to_thread(_again, lambda: self._take_back(done.reference, permit))

    async def _write(self, action: Action, permit: Permit, kind: type[D], **who: str) -> D:
        permit.covers(action)
        done = await asyncio.to_thread(_again, lambda: self._written(action, permit, who))
        assert isinstance(done, kind), f"`{permit.key}` reads back as {done!r}"
        return done

    def _written(self, action: Action, permit: Permit, who: dict[str, str]) -> Done:
        before = self._papers.register.find(permit.key)
        entry = before or self._claimed(action, permit, who)
        if not entry.finished and entry.standing:
            try:
                steps.forward(self._papers, entry)
            except (TrytonRefuses, Warned) as no:
                raise _Hindered(str(no)) from no
            entry = self._papers.register.finish(entry)
        if before is not None:
            steps.sweep(self._papers, entry)
        return _done(entry)

    def _claimed(self, action: Action, permit: Permit, who: dict[str, str]) -> Entry:
        """The number is asked for first: whatever is found true after that still is when the number is free."""
        supplier = supplier_of(self._papers, action)
        number = self._papers.register.next(supplier)
        wish = Wish(_KIND[type(action)], action, supplier, permit, **who)
        body = BEGIN[wish.kind](self._papers, wish, number)
        return self._papers.register.claim(supplier, number, permit.key, body)

    def _take_back(self, reference: str, permit: Permit) -> Done:
        entry = self._to_undo(reference, permit)
        number = self._papers.register.next(entry.supplier)
        if entry.standing:
            if not entry.finished:
                steps.forward(self._papers, entry)
            steps.may_go_back(self._papers, entry)
            entry = self._papers.register.undo(entry, number, permit.key)
        if not entry.taken_back:
            steps.back(self._papers, entry)
            self._papers.register.finish(entry)
        return _undone(entry)

    def _to_undo(self, reference: str, permit: Permit) -> Entry:
        entry = self._papers.register.by_reference(reference)
        if entry is None:
            raise NothingToUndo(f"no entry `{reference}` in Tryton's register: check the reference")
        permit.covers(ACTIONS[entry.kind].model_validate(entry.action))
        if permit.case != entry.case or permit.key == entry.key:
            raise NoPermit(f"undoing `{reference}` needs a permit of its own for case `{entry.case}`: propose the undo")
        if entry.undone_by not in ("", permit.key):
            raise AlreadyUndone(f"`{reference}` was already taken back under `{entry.undone_by}`: nothing is left to undo")
        return entry


class _Hindered(Meanwhile):
    """Tryton refuses a step: for good, or because another attempt takes the same step at this moment."""


def _again(attempt: Callable[[], T]) -> T:
    """Whoever finds that another wrote in the meanwhile looks anew and decides anew."""
    last: Meanwhile | None = None
    for number in range(_TRIES):
        try:
            return attempt()
        except Meanwhile as other:
            last = other
            time.sleep(number * _PAUSE)
    if isinstance(last, _Hindered) and last.__cause__:
        raise last.__cause__
    raise TrytonRefuses(f"others write about this supplier all the time, try again later: {last}")


def _done(entry: Entry) -> Done:
    return done_of(cast(Written, entry))


def _undone(entry: Entry) -> Done:
    recall: Any = SimpleNamespace(reference=f"RC-{entry.reference}") if entry.kind == "release" else None
    return taken_back(cast(Written, entry), recall)
