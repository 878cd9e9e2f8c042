"""Every paper of purchasing in one Tryton, with the register beside it."""

from decimal import Decimal

import httpx

from activities.purchasing.errors import NotOnRecord
from activities.purchasing.port import BillRecord, Ordered, PaymentRecord, SupplierRecord
from activities.purchasing.tryton.bills import Bills
from activities.purchasing.tryton.orders import Orders
from activities.purchasing.tryton.payments import Payments
from activities.purchasing.tryton.receipts import Receipts
from activities.purchasing.tryton.register import Register
from activities.purchasing.tryton.rpc import Client
from activities.purchasing.tryton.settings import TrytonSettings
from activities.purchasing.tryton.suppliers import Suppliers
from baton.matching import Receipt


class Papers:
    """Reads across suppliers, orders, receipts, bills and payments. Raises `NotOnRecord` where a paper has to be there."""

    def __init__(self, settings: TrytonSettings, http: httpx.Client | None = None) -> None:
        client = Client(settings, http)
        self.register = Register(client)
        self.suppliers = Suppliers(client)
        self.orders = Orders(client, self.register, self.suppliers, settings.product)
        self.receipts = Receipts(client, self.register, self.suppliers, self.orders)
        self.bills = Bills(client, self.register, self.suppliers, self.orders)
        self.payments = Payments(client, self.register, self.suppliers, self.orders, self.bills)

    def supplier(self, id: str) -> SupplierRecord:
        """A supplier on file."""
        if (found := self.suppliers.one(id)) is None:
            raise NotOnRecord(f"supplier `{id}` is not on record: find the supplier first")
        return found

    def order(self, number: str) -> Ordered:
        """An order on record."""
        if (found := self.orders.one(number)) is None:
            raise NotOnRecord(f"order `{number}` is not on record: find the order first")
        return found

    def bill(self, reference: str) -> BillRecord:
        """A bill on record, with what was paid of it."""
        if (found := self.found_bill(reference)) is None:
            raise NotOnRecord(f"bill `{reference}` is not on record: register it first")
        return found

    def payment(self, reference: str) -> PaymentRecord:
        """A payment on record."""
        if (found := self.payments.one(reference)) is None:
            raise NotOnRecord(f"payment `{reference}` is not on record: prepare it first")
        return found

    def found_bill(self, reference: str) -> BillRecord | None:
        """A bill that stands, with what was paid of it, or None."""
        found = self.bills.one(reference)
        return self._paid([found], found.billed.supplier)[0] if found else None

    def bills_of(self, supplier: str) -> tuple[BillRecord, ...]:
        """Every bill of a supplier that stands, with what was paid of it."""
        return tuple(self._paid(self.bills.of_supplier(supplier), supplier))

    def receipts_of(self, order: str) -> tuple[Receipt, ...]:
        """What came of an order; nothing where there is none."""
        ordered = self.orders.one(order)
        return self.receipts.of_order(ordered) if ordered else ()

    def _paid(self, bills: list[BillRecord], supplier: str) -> list[BillRecord]:
        paid: dict[str, Decimal] = {}
        for one in self.payments.of_supplier(supplier) if bills else ():
            if not one.withdrawn:
                paid[one.bill] = paid.get(one.bill, Decimal(0)) + one.amount
        return [one.model_copy(update={"paid": paid.get(one.reference, Decimal(0))}) for one in bills]
