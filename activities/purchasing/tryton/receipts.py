"""Deliveries as Tryton keeps them: shipments whose goods are done.

What is rejected never enters Tryton's stock: Tryton goes on expecting it, and the register holds how much it was.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from activities.purchasing.models import RecordReceipt
from activities.purchasing.port import Ordered
from activities.purchasing.tryton.orders import Orders, counted
from activities.purchasing.tryton.register import Entry, Register
from activities.purchasing.tryton.rpc import Client, Record
from activities.purchasing.tryton.suppliers import Suppliers
from baton.matching import Receipt, ReceiptLine

MODEL: Final = "stock.shipment.in"
_MOVES: Final = ("quantity", "state", "shipment", "origin")
_COUNTED: Final = "check_move_quantity"
"""Tryton's question whether so much may come: that was looked at before."""


class Receipts:
    """Reads deliveries, and brings them into stock."""

    def __init__(self, client: Client, register: Register, suppliers: Suppliers, orders: Orders) -> None:
        self._client = client
        self._register = register
        self._suppliers = suppliers
        self._orders = orders

    def of_order(self, ordered: Ordered) -> tuple[Receipt, ...]:
        """What came of an order: as Baton wrote it, and as others entered it in Tryton."""
        number = ordered.order.number
        ours = [one for one in self._register.of_orders([number]) if one.kind == "receipt"]
        came = self._came(number)
        mine = {one.document for one in ours}
        told = [_ours(one, came.get(one.document, {})) for one in ours if one.standing]
        others = [_theirs(document, lines) for document, lines in came.items() if document not in mine]
        return (*told, *others)

    def draft(self, receipt: RecordReceipt, ordered: Ordered, key: str) -> int:
        """A shipment that has not arrived; the one that stands under our reference, where there is one."""
        found = self._client.search(MODEL, [["reference", "=", key], ["state", "=", "draft"]], ["id"])
        return int(found[0]["id"]) if found else self._client.create(MODEL, self._shipment(receipt, ordered, key))[0]

    def strays(self, key: str, but: int) -> None:
        """Take away what an attempt that died left behind."""
        wanted = [["reference", "=", key], ["id", "!=", but], ["state", "=", "draft"]]
        stray = [row["id"] for row in self._client.search(MODEL, wanted, ["id"])]
        if stray:
            self._client.press(MODEL, "cancel", stray)
            self._client.delete(MODEL, stray)

    def arrive(self, id: int, order: str) -> None:
        """The goods are in stock, and Tryton expects the rest."""
        purchase, ordered = self._orders.stands(order)
        if self._client.read(MODEL, [id], ["state"])[0]["state"] == "draft":
            if ordered == "quotation":
                self._orders.confirm(order)
            else:
                self._client.delete("stock.move", self._orders.expected(purchase))  # the shipment brings its own
            self._client.step(MODEL, id, ("draft",), "receive", _COUNTED)
        self._client.step(MODEL, id, ("received",), "do", _COUNTED)
        self._orders.expect_the_rest(purchase)

    def send_back(self, id: int, order: str) -> None:
        """The goods never came."""
        self._client.step(MODEL, id, ("draft", "received", "done"), "cancel")
        self._orders.expect_again(self._orders.stands(order)[0])

    def _came(self, number: str) -> dict[str, dict[int, Decimal]]:
        """By shipment, how much of each line is in stock."""
        ids = [line["id"] for line in self._orders.lines(number)]
        wanted = [["purchase.number", "=", number], ["state", "=", "done"], ["shipment", "like", f"{MODEL},%"]]
        came: dict[str, dict[int, Decimal]] = {}
        for move in self._client.search("stock.move", wanted, _MOVES):
            line = ids.index(int(move["origin"].partition(",")[2])) + 1
            lines = came.setdefault(move["shipment"], {})
            lines[line] = lines.get(line, Decimal(0)) + counted(move["quantity"])
        return came

    def _shipment(self, receipt: RecordReceipt, ordered: Ordered, key: str) -> Record:
        party, warehouse = self._suppliers.party(ordered.order.supplier), self._orders.warehouse()
        return {
            "company": self._client.company,
            "supplier": party["id"],
            "warehouse": warehouse["id"],
            "warehouse_input": warehouse["input_location"],
            "warehouse_storage": warehouse["storage_location"],
            "reference": key,
            "incoming_moves": [["create", self._moves(receipt, ordered, warehouse["input_location"])]],
        }

    def _moves(self, receipt: RecordReceipt, ordered: Ordered, to: int) -> list[Record]:
        lines = self._orders.lines(ordered.order.number)
        shared = {
            "company": self._client.company,
            "currency": self._orders.currency(ordered.order.currency),
            "from_location": self._orders.outside(),
            "to_location": to,
        }
        return [_move(lines[one.line - 1], one, shared) for one in receipt.lines if one.received > one.rejected]


def _move(line: Record, counted: ReceiptLine, shared: Record) -> Record:
    own = {"product": line["product"], "unit": line["unit"], "unit_price": line["unit_price"]}
    return shared | own | {"quantity": float(counted.received - counted.rejected), "origin": f"purchase.line,{line['id']}"}


def _ours(entry: Entry, came: dict[int, Decimal]) -> Receipt:
    """As it was counted; once it is in stock, Tryton's own quantities count."""
    asked = RecordReceipt.model_validate(entry.action).lines
    lines = [one.model_copy(update={"received": came.get(one.line, Decimal(0)) + one.rejected}) for one in asked]
    return Receipt(number=entry.reference, lines=tuple(lines) if entry.finished else asked)


def _theirs(document: str, lines: dict[int, Decimal]) -> Receipt:
    told: Sequence[Any] = [ReceiptLine(line=line, received=quantity) for line, quantity in sorted(lines.items())]
    return Receipt(number=document, lines=tuple(told))
