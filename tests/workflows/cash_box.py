"""Petty cash from a box whose book is a file: it survives the death of every process around it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import petty_cash
from temporalio import workflow

from baton.governance.declare import About, agent, effect, exact
from baton.governance.permits import Permit
from baton.process import Department, Message, Outcome, Rejected, do, hours, stage
from baton.types.actions import Action, Done, Facts
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.money import Money

CASH_DESK = Department("cash-desk")
OWED = Decimal("12.00")
"""What each employee is owed at first. Paying takes it away, so that facts loaded after the payment are other facts."""
SOON = timedelta(seconds=3)
"""A step whose worker died is tried again after this long."""

POLICY = petty_cash.POLICY.replace("petty_cash.pay_out", "cash_box.pay_out")
CLOCKS = petty_cash.CLOCKS.replace("petty_cash", "cash_box")
STAFF = petty_cash.STAFF


class PayOut(Action):
    """Cash for an employee."""

    employee: str
    amount: Money


class PayOutFacts(Facts):
    """What the book says."""

    owed: Money
    known: bool


class Paid(Done):
    """Cash left the box."""

    value: Money


class Box:
    """The system of record: one payment a key, and a line for everything that was tried."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._book() as book:
            book.execute("CREATE TABLE IF NOT EXISTS payment (key TEXT PRIMARY KEY, employee TEXT, amount TEXT)")
            book.execute("CREATE TABLE IF NOT EXISTS put_back (key TEXT PRIMARY KEY, reference TEXT)")
            book.execute("CREATE TABLE IF NOT EXISTS tried (number INTEGER PRIMARY KEY, key TEXT)")

    def owed(self, employee: str) -> Decimal:
        """What the employee may still have."""
        return OWED - sum(Decimal(amount) for _, whose, amount in self.payments() if whose == employee)

    def pay(self, key: str, employee: str, amount: str) -> None:
        """Once a key, whoever asks and however often."""
        with self._book() as book:
            book.execute("INSERT INTO tried (key) VALUES (?)", (key,))
            book.execute("INSERT OR IGNORE INTO payment VALUES (?, ?, ?)", (key, employee, amount))

    def put_back(self, key: str, reference: str) -> None:
        """Once a key."""
        with self._book() as book:
            book.execute("INSERT OR IGNORE INTO put_back VALUES (?, ?)", (key, reference))

    def find(self, key: str) -> tuple[str, str, str] | None:
        """The payment under this key."""
        return next((payment for payment in self.payments() if payment[0] == key), None)

    def payments(self) -> list[tuple[str, str, str]]:
        """Key, employee and amount of everything that was paid."""
        rows = self._read("SELECT key, employee, amount FROM payment ORDER BY rowid")
        return [(key, employee, amount) for key, employee, amount in rows]

    def tried(self) -> list[str]:
        """The keys under which somebody tried to pay, as often as they did."""
        return [key for (key,) in self._read("SELECT key FROM tried ORDER BY number")]

    def returned(self) -> list[str]:
        """The references of what was put back."""
        return [reference for (reference,) in self._read("SELECT reference FROM put_back")]

    def _read(self, query: str) -> list[tuple[str, ...]]:
        with self._book() as book:
            return list(book.execute(query))

    @contextmanager
    def _book(self) -> Iterator[sqlite3.Connection]:
        book = sqlite3.connect(self.path, timeout=10)
        try:
            with book:
                yield book
        finally:
            book.close()


def box() -> Box:
    """The box of this office."""
    return Box(Path(os.environ["CASH_BOX"]))


async def what_is_owed(pay: PayOut, about: About) -> PayOutFacts:
    """From the book, never from the request."""
    owed = max(box().owed(pay.employee), Decimal("0.00"))
    return PayOutFacts(owed=Money(amount=owed, currency="EUR"), known=True)


async def find_payment(key: str) -> Paid | None:
    """By our reference."""
    found = box().find(key)
    return _paid(key, Money(amount=Decimal(found[2]), currency="EUR")) if found else None


async def put_back(done: Done, permit: Permit) -> Done:
    """The cash goes back into the box."""
    box().put_back(permit.key, done.reference)
    return done


@effect(
    facts=what_is_owed,
    look_up=find_payment,
    undo=exact(put_back),
    says="Pay {amount} to {employee}",
    spends="amount",
    editable=("amount",),
    timeout=SOON,
)
async def pay_out(pay: PayOut, permit: Permit) -> Paid:
    """Take cash from the box."""
    permit.covers(pay)
    box().pay(permit.key, pay.employee, str(pay.amount.amount))
    return _paid(permit.key, pay.amount)


def _paid(key: str, amount: Money) -> Paid:
    return Paid(reference=f"P-{key}", wrote={"cash": str(amount)}, value=amount)


class Note(Frozen):
    """What an agent read."""

    words: str = ""


@agent(timeout=SOON)
async def look_at(message: Message) -> Finding[Note]:
    """An agent that reads nothing in particular."""
    from baton.governance.context import current

    return Finding(id=current().decision, values=Note(words=message.subject), fields=())


@workflow.defn
class CashBox:
    """Cash is paid, or it is not."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """The subject says what to do: `pay 12.00`, and perhaps what for."""
        _, value, *_ = message.subject.split()
        async with stage(CASH_DESK, within=hours(1)):
            await do(look_at, message, into=Finding[Note])
            try:
                paid = await do(pay_out, PayOut(employee=message.sender, amount=Money(amount=Decimal(value), currency="EUR")))
            except Rejected as no:
                return Outcome(result="rejected", words=no.code)
        return Outcome(result="paid", words=str(paid.value))
