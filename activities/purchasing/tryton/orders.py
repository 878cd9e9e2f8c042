"""Orders and deliveries as Tryton keeps them: purchases, and shipments that bring their goods."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from activities.purchasing.models import PlaceOrder
from activities.purchasing.port import Ordered, State, SupplierRecord
from activities.purchasing.tryton.register import Entry, Register
from activities.purchasing.tryton.rpc import Client, Record
from activities.purchasing.tryton.settings import TrytonNotSet
from activities.purchasing.tryton.suppliers import Suppliers
from activities.purchasing.writing import today
from baton.matching import Order, OrderLine
from baton.matching.pairing import key

MODEL: Final = "purchase.purchase"
_FIELDS: Final = (
    "number",
    "state",
    "purchase_date",
    "party.code",
    "currency.code",
    "lines.type",
    "lines.description",
    "lines.quantity",
    "lines.unit_price",
    "lines.unit.symbol",
    "lines.product.code",
    "lines.taxes",
)
_OFFERED: Final = ("draft", "quotation")
_HUNDRED: Final = Decimal(100)


class Orders:
    """Reads orders, and moves them through Tryton's own steps."""

    def __init__(self, client: Client, register: Register, suppliers: Suppliers, product: str) -> None:
        self._client = client
        self._register = register
        self._suppliers = suppliers
        self._product = product

    # -- reading

    def one(self, number: str) -> Ordered | None:
        """One order; its number may be spelled with or without marks."""
        found = self._read([["number", "=", number]])
        if not found and key(number):
            spelled = "".join(f"%{mark}" for mark in key(number))
            wanted = [["number", "ilike", f"{spelled}%"]]
            rows = self._client.search(MODEL, wanted, ["number"])
            alike = [row["number"] for row in rows if key(row["number"]) == key(number)]
            found = self._read([["number", "=", alike[0]]]) if len(alike) == 1 else []
        return found[0] if found else None

    def of_supplier(self, supplier: str) -> tuple[Ordered, ...]:
        """Every order of a supplier."""
        return tuple(self._read([["party.code", "=", supplier]]))

    def since(self, day: date) -> tuple[Ordered, ...]:
        """Every order of this day and after it."""
        return tuple(self._read([["purchase_date", ">=", day]]))

    def stands(self, number: str) -> tuple[int, str]:
        """Tryton's own id of an order, and how far Tryton is with it."""
        [row] = self._client.search(MODEL, [["number", "=", number]], ["state"])
        return int(row["id"]), str(row["state"])

    def lines(self, number: str) -> list[Record]:
        """An order's lines as Tryton has them, in their order."""
        wanted = [["purchase.number", "=", number], ["type", "=", "line"]]
        rows = self._client.search("purchase.line", wanted, ["sequence", "product", "unit", "unit_price"])
        return sorted(rows, key=_place)

    def _read(self, domain: Sequence[Any]) -> list[Ordered]:
        rows = self._client.search(MODEL, [*domain, ["number", "!=", None]], _FIELDS)
        rows = [row for row in rows if row["state"] != "draft"]
        entries = self._register.of_orders(row["number"] for row in rows)
        rates = self._rates({tax for row in rows for line in row["lines."] for tax in line["taxes"]})
        return [_ordered(row, [one for one in entries if one.order == row["number"]], rates, self._product) for row in rows]

    def _rates(self, taxes: set[int]) -> dict[int, Decimal]:
        found = self._client.read("account.tax", sorted(taxes), ["rate"])
        return {row["id"]: (row["rate"] or Decimal(0)) * _HUNDRED for row in found}

    # -- writing

    def offered(self, order: PlaceOrder, supplier: SupplierRecord, key: str) -> Record:
        """A purchase that has its number and binds nobody; the one that stands under our reference, where there is one."""
        wanted = [["reference", "=", key], ["state", "in", list(_OFFERED)]]
        found = self._client.search(MODEL, wanted, ["state"])
        id = int(found[0]["id"]) if found else self._client.create(MODEL, self._draft(order, supplier, key))[0]
        if not found or found[0]["state"] == "draft":
            self._client.step(MODEL, id, ("draft",), "quote")
        return self._client.read(MODEL, [id], ["number"])[0]

    def strays(self, key: str, but: int) -> None:
        """Take away what an attempt that died left behind."""
        wanted = [["reference", "=", key], ["id", "!=", but], ["state", "in", list(_OFFERED)]]
        stray = [row["id"] for row in self._client.search(MODEL, wanted, ["id"])]
        if stray:
            self._client.press(MODEL, "cancel", stray)
            self._client.delete(MODEL, stray)

    def confirm(self, number: str) -> None:
        """The order binds: Tryton expects its goods from now on."""
        self._client.step(MODEL, self.stands(number)[0], ("quotation",), "confirm")

    def close(self, number: str) -> None:
        """Nothing more is wanted of an order."""
        id, state = self.stands(number)
        if state in _OFFERED:
            self._client.step(MODEL, id, _OFFERED, "cancel")
            return
        if expected := self.expected(id):
            self._client.press("stock.move", "cancel", expected)

    def reopen(self, number: str) -> None:
        """What was not wanted is wanted again."""
        id, state = self.stands(number)
        if state in ("cancelled", "draft"):
            self._client.step(MODEL, id, ("cancelled",), "draft")
            self._client.step(MODEL, id, ("draft",), "quote")
        else:
            self.expect_again(id)

    def expect_again(self, id: int) -> None:
        """Goods whose arrival was cancelled are expected once more."""
        wanted = [["purchase", "=", id], ["state", "=", "cancelled"]]
        cancelled = [row["id"] for row in self._client.search("stock.move", wanted, ["id"])]
        if cancelled:
            told = {"domain_moves": cancelled, "recreate_moves": cancelled, "ignore_moves": []}
            self._client.wizard("purchase.handle.shipment.exception", "ask", "handle", told, MODEL, [id])

    def expected(self, id: int) -> list[int]:
        """The arrivals that Tryton plans by itself for what has not come."""
        return [int(row["id"]) for row in self._expected(id)]

    def expect_the_rest(self, id: int) -> None:
        """Tryton plans what has not come: once a line, whoever else pressed its buttons at the same moment."""
        planned = self._expected(id)
        if not planned or len({row["origin"] for row in planned}) < len(planned):
            self._client.delete("stock.move", [row["id"] for row in planned])
            self._client.press(MODEL, "process", [id])

    def _expected(self, id: int) -> list[Record]:
        wanted = [["purchase", "=", id], ["shipment", "=", None], ["state", "=", "draft"]]
        return self._client.search("stock.move", wanted, ["origin"])

    def product(self, code: str) -> Record:
        """The product of a code, else the one that stands for whatever has none. Raises `TrytonNotSet`."""
        fields = ("code", "purchase_uom", "account_category.account_expense")
        found = self._client.settled("product.product", [["code", "in", [code, self._product]]], fields)
        chosen = next((row for row in found if code and row["code"] == code), next(iter(found), None))
        if chosen is None:
            raise TrytonNotSet(
                f"Tryton has no product `{self._product}`: make one that goods are bought as (BATON_TRYTON_PRODUCT)"
            )
        return chosen

    def warehouse(self) -> Record:
        """Where goods arrive."""
        fields = ("input_location", "storage_location")
        return self._client.settled("stock.location", [["type", "=", "warehouse"]], fields)[0]

    def outside(self) -> int:
        """Where goods come from."""
        return int(self._client.settled("stock.location", [["type", "=", "supplier"]], ["id"])[0]["id"])

    def tax(self, rate: Decimal) -> list[int]:
        """The tax of a rate in percent; none for 0. Raises `TrytonNotSet`."""
        if not rate:
            return []
        wanted = [["type", "=", "percentage"], ["rate", "=", rate / _HUNDRED], ["company", "=", self._client.company]]
        found = self._client.settled("account.tax", wanted, ["id"])
        if not found:
            raise TrytonNotSet(
                f"Tryton has no tax of {rate:f} %: its accountant has to make one before this supplier gets an order"
            )
        return [int(found[0]["id"])]

    def currency(self, code: str) -> int:
        """A currency by its code."""
        found = self._client.settled("currency.currency", [["code", "=", code]], ["id"])
        if not found:
            raise TrytonNotSet(f"Tryton has no currency `{code}`: make it there first")
        return int(found[0]["id"])

    def _draft(self, order: PlaceOrder, supplier: SupplierRecord, key: str) -> Record:
        party, taxes = self._suppliers.party(order.supplier), self.tax(supplier.tax_rate)
        lines = [self._line(place, line, taxes) for place, line in enumerate(order.lines, start=1)]
        return {
            "company": self._client.company,
            "party": party["id"],
            "invoice_party": party["id"],
            "invoice_address": party["addresses"][0] if party["addresses"] else None,
            "currency": self.currency(order.amount.currency),
            "warehouse": self.warehouse()["id"],
            "purchase_date": today(),
            "reference": key,
            "description": f"{order.category}, {order.cost_centre}",
            "invoice_method": "manual",
            "lines": [["create", lines]],
        }

    def _line(self, place: int, line: Any, taxes: list[int]) -> Record:
        product = self.product(line.item)
        return {
            "type": "line",
            "sequence": place,
            "product": product["id"],
            "unit": product["purchase_uom"],
            "quantity": float(line.quantity),
            "unit_price": line.price,
            "description": line.name,
            "taxes": [["add", taxes]],
        }


def counted(quantity: float) -> Decimal:
    """A quantity of Tryton, which keeps them as floats."""
    told = Decimal(repr(quantity))
    return told.quantize(Decimal(1)) if told == told.to_integral_value() else told


def _place(row: Record) -> tuple[int, int]:
    return row["sequence"] or 0, row["id"]


def _ordered(row: Record, entries: list[Entry], rates: dict[int, Decimal], general: str) -> Ordered:
    placed = next((one for one in entries if one.kind == "purchase_order"), None)
    asked = PlaceOrder.model_validate(placed.action) if placed else None
    lines = [line for line in row["lines."] if line["type"] == "line"]
    wanted = asked.lines if asked and len(asked.lines) == len(lines) else (None,) * len(lines)
    made = tuple(
        _line(place, line, want, rates, general) for place, (line, want) in enumerate(zip(lines, wanted, strict=True), start=1)
    )
    told = {one.kind for one in entries if one.standing}
    return Ordered(
        order=Order(number=row["number"], supplier=row["party."]["code"] or "", currency=row["currency."]["code"], lines=made),
        case=placed.case if placed else "",
        day=row["purchase_date"] or today(),
        category=asked.category if asked else "",
        cost_centre=asked.cost_centre if asked else "",
        requester=placed.requester if placed else "",
        approved_by=placed.by if placed else "",
        state=_state(row["state"], "cancellation" in told or (placed is not None and not placed.standing)),
        sent="dispatch" in told or (placed is None and row["state"] in ("confirmed", "processing", "done")),
    )


def _state(state: str, cancelled: bool) -> State:
    return "cancelled" if cancelled or state == "cancelled" else "open"


def _line(place: int, line: Record, wanted: Any, rates: dict[int, Decimal], general: str) -> OrderLine:
    code = (line["product."] or {}).get("code") or ""
    return OrderLine(
        number=place,
        item=wanted.item if wanted else "" if code == general else code,
        name=line["description"] or "",
        quantity=counted(line["quantity"]),
        unit=wanted.unit if wanted else (line["unit."] or {}).get("symbol") or "",
        price=line["unit_price"],
        tax_rate=sum((rates[tax] for tax in line["taxes"]), Decimal(0)),
    )
