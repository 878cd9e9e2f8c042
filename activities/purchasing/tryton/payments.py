"""Payments as Tryton keeps them: submitted when they are prepared, processing when they are released, failed when recalled."""

from decimal import Decimal
from typing import Any, Final

from activities.purchasing.models import PayBill
from activities.purchasing.port import BillRecord, PaymentRecord
from activities.purchasing.tryton.bills import Bills
from activities.purchasing.tryton.orders import Orders
from activities.purchasing.tryton.register import Entry, Register
from activities.purchasing.tryton.rpc import Client, Record, TrytonRefuses
from activities.purchasing.tryton.settings import TrytonNotSet
from activities.purchasing.tryton.suppliers import Suppliers
from activities.purchasing.writing import today

MODEL: Final = "account.payment"
_FIELDS: Final = ("state", "amount", "date", "currency.code", "party.code", "line.move_origin")
_LEFT: Final = ("processing", "succeeded")


class Payments:
    """Reads payments, and moves them through Tryton's own steps."""

    def __init__(self, client: Client, register: Register, suppliers: Suppliers, orders: Orders, bills: Bills) -> None:
        self._client = client
        self._register = register
        self._suppliers = suppliers
        self._orders = orders
        self._bills = bills

    # -- reading

    def of_supplier(self, supplier: str) -> list[PaymentRecord]:
        """Every payment to a supplier: Baton's, withdrawn ones too, and those that others made in Tryton."""
        ours = self._register.of_kind("payment", supplier)
        rows = self._client.search(MODEL, [["party.code", "=", supplier], ["kind", "=", "payable"]], _FIELDS)
        mine = {entry.number for entry in ours}
        others = [_theirs(row) for row in rows if row["id"] not in mine and row["state"] != "draft"]
        found = {row["id"]: row for row in rows}
        return [*others, *(_ours(entry, found.get(entry.number)) for entry in ours)]

    def one(self, reference: str) -> PaymentRecord | None:
        """One payment of Baton's, or None."""
        entry = self._register.by_reference(reference)
        if entry is None or entry.kind != "payment":
            return None
        found = self._client.search(MODEL, [["id", "=", entry.number]], _FIELDS)
        return _ours(entry, found[0] if found else None)

    def state(self, id: int) -> str:
        """How far Tryton is with it."""
        return str(self._client.read(MODEL, [id], ["state"])[0]["state"])

    # -- writing

    def draft(self, payment: PayBill, bill: BillRecord, key: str) -> int:
        """A payment that nobody may send; the one that stands under our reference, where there is one."""
        found = self._client.search(MODEL, [["reference", "=", key], ["state", "=", "draft"]], ["id"])
        return int(found[0]["id"]) if found else self._client.create(MODEL, self._payment(payment, bill, key))[0]

    def strays(self, key: str, but: int) -> None:
        """Take away what an attempt that died left behind."""
        wanted = [["reference", "=", key], ["id", "!=", but], ["state", "=", "draft"]]
        self._client.delete(MODEL, [row["id"] for row in self._client.search(MODEL, wanted, ["id"])])

    def prepare(self, id: int, bill: int) -> None:
        """The payment waits for its release, against the bill in the books."""
        if self.state(id) == "draft":
            self._client.write(MODEL, [id], {"line": self._bills.post(bill)})
            self._client.step(MODEL, id, ("draft",), "submit")

    def release(self, id: int) -> None:
        """The payment leaves. Raises `TrytonRefuses` where it did not."""
        self._client.step(MODEL, id, ("submitted",), "approve")
        if self.state(id) == "approved":
            self._client.wizard("account.payment.process", "process", "process", {}, MODEL, [id])
        if (state := self.state(id)) not in _LEFT:
            raise TrytonRefuses(f"Tryton did not release payment `{id}`, it is `{state}`: look at it there")

    def withdraw(self, id: int) -> None:
        """The payment never was."""
        if self._client.search(MODEL, [["id", "=", id]], ["state"]):
            self._client.step(MODEL, id, ("submitted", "approved"), "draft")
            self._client.delete(MODEL, [id])

    def recall(self, id: int) -> None:
        """The bank is asked to give it back."""
        self._client.step(MODEL, id, _LEFT, "fail")

    def _payment(self, payment: PayBill, bill: BillRecord, key: str) -> Record:
        currency = self._orders.currency(payment.amount.currency)
        wanted: list[Any] = [["company", "=", self._client.company], ["currency", "=", currency]]
        journals = self._client.settled("account.payment.journal", [*wanted, ["process_method", "=", "manual"]], ["id"])
        if not journals:
            raise TrytonNotSet(
                f"Tryton has no manual payment journal in {payment.amount.currency}: its accountant has to make one"
            )
        return {
            "company": self._client.company,
            "journal": journals[0]["id"],
            "kind": "payable",
            "party": self._suppliers.party(bill.billed.supplier)["id"],
            "date": today(),
            "amount": payment.amount.amount,
            "reference": key,
        }


def _ours(entry: Entry, row: Record | None) -> PaymentRecord:
    """A payment of Baton's; whoever took it out of Tryton withdrew it."""
    asked = PayBill.model_validate(entry.action)
    state = row["state"] if row else "failed"
    return PaymentRecord(
        reference=entry.reference,
        bill=asked.bill,
        supplier=entry.supplier,
        amount=row["amount"] if row else asked.amount.amount,
        currency=asked.amount.currency,
        account=entry.detail,
        prepared_by=entry.by,
        released=state in _LEFT or (state == "failed" and row is not None),
        withdrawn=state == "failed" or not entry.standing,
        day=row["date"] if row else entry.day,
    )


def _theirs(row: Record) -> PaymentRecord:
    """A payment that others made in Tryton."""
    origin = (row["line."] or {}).get("move_origin") or ""
    model, _, id = origin.partition(",")
    return PaymentRecord(
        reference=f"PY-{row['id']}",
        bill=f"BI-{id}" if model == "account.invoice" else "",
        supplier=row["party."]["code"] or "",
        amount=Decimal(row["amount"]),
        currency=row["currency."]["code"],
        account="",
        released=row["state"] in _LEFT,
        withdrawn=row["state"] == "failed",
        day=row["date"],
    )
