"""Bills as Tryton keeps them: invoices of suppliers, validated when they come and posted when they are paid.

Tryton's amounts are those of the paper, whatever the paper says: what the lines do not make stands in a line of its own.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from activities.purchasing.models import RegisterBill
from activities.purchasing.port import BillRecord, Ordered
from activities.purchasing.tryton.orders import Orders, counted
from activities.purchasing.tryton.register import Entry, Register
from activities.purchasing.tryton.rpc import Client, Record
from activities.purchasing.tryton.settings import TrytonNotSet
from activities.purchasing.tryton.suppliers import Suppliers
from activities.purchasing.writing import billed
from baton.matching import Billed, BilledLine

MODEL: Final = "account.invoice"
_ON_RECORD: Final = ("validated", "posted", "paid")
_FIELDS: Final = (
    "state",
    "reference",
    "invoice_date",
    "party.code",
    "currency.code",
    "untaxed_amount",
    "tax_amount",
    "total_amount",
    "purchases.number",
    "lines.description",
    "lines.quantity",
    "lines.amount",
)
_EXPECTED: Final = ("invoice_taxes", "invoice_similar")
"""Warnings that mean nothing here: the paper's own tax, and a number that another bill has too, which was looked at."""
_CENT: Final = Decimal("0.01")


class Bills:
    """Reads bills, and puts them on record."""

    def __init__(self, client: Client, register: Register, suppliers: Suppliers, orders: Orders) -> None:
        self._client = client
        self._register = register
        self._suppliers = suppliers
        self._orders = orders

    def of_supplier(self, supplier: str) -> list[BillRecord]:
        """Every bill of a supplier that stands, nothing counted as paid."""
        return self._read([["party.code", "=", supplier]])

    def one(self, reference: str) -> BillRecord | None:
        """One bill that stands, or None."""
        id = reference.removeprefix("BI-")
        return next(iter(self._read([["id", "=", int(id)]])), None) if id.isdigit() else None

    def _read(self, domain: list[Any]) -> list[BillRecord]:
        wanted = [*domain, ["type", "=", "in"], ["state", "!=", "cancelled"]]
        rows = self._client.search(MODEL, wanted, _FIELDS)
        entries = self._register.of_documents(MODEL, [row["id"] for row in rows])
        ours = {entry.number: entry for entry in entries if entry.kind == "bill"}
        disputed = {entry.number for entry in entries if entry.kind == "dispute"}
        told = (_bill(row, ours.get(row["id"]), disputed=row["id"] in disputed) for row in rows)
        return [one for one in told if one is not None]

    def draft(self, bill: RegisterBill, ordered: Ordered, key: str) -> int:
        """An invoice that counts for nothing yet; the one that stands under our reference, where there is one."""
        found = self._client.search(MODEL, [["description", "=", key], ["state", "=", "draft"]], ["id"])
        return int(found[0]["id"]) if found else self._client.create(MODEL, self._invoice(bill, ordered, key))[0]

    def strays(self, key: str, but: int) -> None:
        """Take away what an attempt that died left behind."""
        wanted = [["description", "=", key], ["id", "!=", but], ["state", "=", "draft"]]
        self._client.delete(MODEL, [row["id"] for row in self._client.search(MODEL, wanted, ["id"])])

    def register(self, id: int) -> None:
        """The bill is on record; nothing is paid by it."""
        self._client.step(MODEL, id, ("draft",), "validate_invoice", *_EXPECTED)

    def post(self, id: int) -> int:
        """The bill is in the books; tells the entry there that a payment settles."""
        self._client.step(MODEL, id, ("draft", "validated"), "post", *_EXPECTED)
        [row] = self._client.read(MODEL, [id], ["lines_to_pay"])
        return int(row["lines_to_pay"][0])

    def strike_out(self, id: int) -> None:
        """The bill is none."""
        self._client.step(MODEL, id, ("draft", "validated", "posted"), "cancel")

    def note(self, id: int, key: str, words: str) -> None:
        """A note on the bill, once."""
        resource = f"{MODEL},{id}"
        if not self._client.search("ir.note", [["resource", "=", resource], ["message", "like", f"%{key}%"]], ["id"]):
            self._client.create("ir.note", {"resource": resource, "message": f"{words} ({key})"})

    def state(self, id: int) -> str:
        """How far Tryton is with it."""
        return str(self._client.read(MODEL, [id], ["state"])[0]["state"])

    def total(self, id: int) -> Decimal:
        """Its total in Tryton, below zero for a credit note."""
        return Decimal(self._client.read(MODEL, [id], ["total_amount"])[0]["total_amount"])

    # -- writing

    def _invoice(self, bill: RegisterBill, ordered: Ordered, key: str) -> Record:
        party = self._suppliers.party(ordered.order.supplier)
        if not party["account_payable"] or not party["addresses"]:
            raise TrytonNotSet(f"supplier `{ordered.order.supplier}` has no payable account or no address in Tryton: add both")
        currency, sign = self._orders.currency(bill.amount.currency), -1 if bill.kind == "credit_note" else 1
        shared = {
            "type": "line",
            "invoice_type": "in",
            "company": self._client.company,
            "currency": currency,
            "party": party["id"],
        }
        lines = [shared | line for line in self._lines(bill, ordered, sign)]
        return {
            "type": "in",
            "company": self._client.company,
            "party": party["id"],
            "invoice_address": party["addresses"][0],
            "account": party["account_payable"],
            "currency": currency,
            "journal": self._client.settled("account.journal", [["type", "=", "expense"]], ["id"])[0]["id"],
            "reference": bill.number,
            "description": key,
            "invoice_date": bill.day or datetime.now(UTC).date(),
            "accounting_date": datetime.now(UTC).date(),
            "lines": [["create", lines]],
            "taxes": [["create", self._taxes(bill, sign)]] if bill.tax else [],
        }

    def _lines(self, bill: RegisterBill, ordered: Ordered, sign: int) -> list[Record]:
        ids = [line["id"] for line in self._orders.lines(ordered.order.number)]
        made = [self._line(one, sign, _origin(one, ids)) for one in bill.lines]
        if bill.freight:
            made.append(self._amount(bill.freight * sign, "Freight and other charges"))
        net = sum((one.net for one in bill.lines), bill.freight)
        if beside := bill.amount.amount - bill.tax - net:
            made.append(self._amount(beside * sign, "What the paper's total says beyond its lines"))
        return made

    def _line(self, line: BilledLine, sign: int, origin: str | None) -> Record:
        product = self._orders.product(line.item)
        account = {"account": product["account_category."]["account_expense"], "description": line.name or line.item}
        price = (line.net / line.quantity).quantize(Decimal("0.0001")) if line.quantity else Decimal(0)
        if (price * line.quantity).quantize(_CENT) != line.net:
            told = f"{account['description']}: {line.quantity:f} pieces"
            return self._amount(line.net * sign, told) | {"origin": origin}
        own = {"product": product["id"], "unit": product["purchase_uom"], "origin": origin}
        return account | own | {"quantity": float(line.quantity * sign), "unit_price": price}

    def _amount(self, amount: Decimal, words: str) -> Record:
        account = self._orders.product("")["account_category."]["account_expense"]
        return {"account": account, "description": words, "quantity": 1.0, "unit_price": amount}

    def _taxes(self, bill: RegisterBill, sign: int) -> list[Record]:
        """The tax of the paper, by hand: what it says, right or wrong."""
        found = self._client.settled("account.tax", [["company", "=", self._client.company]], ["invoice_account"])
        if not found:
            raise TrytonNotSet("Tryton has no tax, so no account for the tax of this bill: its accountant has to make one")
        base = {"manual": True, "account": found[0]["invoice_account"], "description": "Tax as billed"}
        return [base | {"base": bill.net * sign, "amount": bill.tax * sign}]


def _origin(line: BilledLine, ids: list[int]) -> str | None:
    """The order line that a billed line names, or the only one there is."""
    place = line.line or (1 if len(ids) == 1 else None)
    return f"purchase.line,{ids[place - 1]}" if place is not None and 0 < place <= len(ids) else None


def _bill(row: Record, entry: Entry | None, *, disputed: bool) -> BillRecord | None:
    if entry is None:
        return _theirs(row) if row["state"] in _ON_RECORD else None
    if not entry.standing:
        return None
    asked = RegisterBill.model_validate(entry.action)
    order, supplier = entry.order, entry.supplier
    told = billed(asked, order, supplier).model_copy(update={"total": abs(row["total_amount"])})
    return BillRecord(
        reference=entry.reference,
        order=order,
        billed=told,
        case=entry.case,
        document=asked.document or "",
        disputed=disputed,
    )


def _theirs(row: Record) -> BillRecord:
    """A bill that others entered in Tryton."""
    orders = row["purchases."]
    order = orders[0]["number"] if len(orders) == 1 else ""
    told = Billed(
        number=row["reference"] or "",
        kind="credit_note" if row["total_amount"] < 0 else "invoice",
        order=order,
        supplier=row["party."]["code"] or "",
        currency=row["currency."]["code"],
        day=row["invoice_date"],
        lines=tuple(_line(line) for line in row["lines."] if line["quantity"]),
        net=abs(row["untaxed_amount"]),
        tax=abs(row["tax_amount"]),
        total=abs(row["total_amount"]),
    )
    return BillRecord(reference=f"BI-{row['id']}", order=order, billed=told, case="")


def _line(line: Record) -> BilledLine:
    return BilledLine(name=line["description"] or "", quantity=abs(counted(line["quantity"])), net=abs(line["amount"]))
