"""The sandbox ERP: the company's own records, written once under each permit's key."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select, update

from activities.company import company, journal, photos
from activities.company.book import Book
from activities.company.journal import Draft, Written
from activities.company.tables import entry, stock
from activities.erp import records
from activities.erp.models import (
    CardIssued,
    DefectRecorded,
    DefectReport,
    GiftCard,
    Goodwill,
    Recovery,
    RecoveryClaimed,
    Repair,
    RepairBooked,
    Replacement,
    ReplacementSent,
)
from activities.erp.port import Erp, History, OrderRecord, SupplierRecord
from activities.erp.words import done_of, taken_back
from baton.errors import BatonError
from baton.governance.declare import Permit
from baton.store import Database
from baton.types.actions import Action, Done

_ACTIONS: Final[dict[str, type[Action]]] = {
    "gift_card": GiftCard,
    "goodwill": Goodwill,
    "repair": Repair,
    "replacement": Replacement,
    "recovery": Recovery,
    "defect": DefectReport,
}


class UnknownOrder(BatonError):
    """The records hold no such order."""


class OutOfStock(BatonError):
    """Nothing is left to ship."""


class NoRepairCentre(BatonError):
    """The product has no repair centre."""


def adapter() -> Erp:
    """The sandbox ERP on this process's company records."""
    return Sandbox(company())


class Sandbox:
    """An ERP on one database."""

    def __init__(self, database: Database) -> None:
        self._book = Book(database, _ACTIONS, done_of)

    async def orders_of(self, customer: str) -> tuple[OrderRecord, ...]:
        """Every order of one customer."""
        return await self._book.read(lambda connection: records.orders_of(connection, customer))

    async def order(self, number: str) -> OrderRecord | None:
        """One order, or None."""
        return await self._book.read(lambda connection: records.order(connection, number))

    async def supplier_by_address(self, address: str) -> SupplierRecord | None:
        """The supplier with this address on file."""
        return await self._book.read(lambda connection: records.supplier_by_address(connection, address))

    async def history(self, number: str, case: str, photos: Mapping[str, str] = {}) -> History:
        """What already happened to an order, seen from one case."""
        return await self._book.read(lambda connection: records.history(connection, number, case, photos))

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every effect of this case that stands."""
        wanted = select(entry).where(entry.c.case_id == case, journal.standing(*_ACTIONS)).order_by(entry.c.written)
        rows = await self._book.read(lambda connection: connection.execute(wanted).all())
        return tuple(done_of(row) for row in rows)

    async def issue_gift_card(self, card: GiftCard, permit: Permit) -> CardIssued:
        """A gift card."""
        await self._order(card.order)
        return await self._book.write(Draft("gift_card", card, card.order, card.amount), permit, CardIssued)

    async def give_goodwill(self, goodwill: Goodwill, permit: Permit) -> CardIssued:
        """A gift card as goodwill."""
        await self._order(goodwill.order)
        return await self._book.write(Draft("goodwill", goodwill, goodwill.order, goodwill.amount), permit, CardIssued)

    async def book_repair(self, repair: Repair, permit: Permit) -> RepairBooked:
        """A repair at the product's repair centre. Raises `NoRepairCentre`."""
        order = await self._order(repair.order)
        if not order.repairable:
            raise NoRepairCentre(f"product `{order.sku}` has no repair centre: offer a replacement or a gift card")
        return await self._book.write(Draft("repair", repair, repair.order, detail=order.repair_centre), permit, RepairBooked)

    async def send_replacement(self, replacement: Replacement, permit: Permit) -> ReplacementSent:
        """A shipment, with stock one less in the same transaction. Raises `OutOfStock`."""
        sku = (await self._order(replacement.order)).sku
        draft = Draft("replacement", replacement, replacement.order, detail=sku)
        return await self._book.write(draft, permit, ReplacementSent, lambda connection: _ship(connection, sku))

    async def recover_from_supplier(self, recovery: Recovery, permit: Permit) -> RecoveryClaimed:
        """A charge-back to the product's supplier."""
        order = await self._order(recovery.order)
        draft = Draft("recovery", recovery, recovery.order, recovery.amount, order.supplier)
        return await self._book.write(draft, permit, RecoveryClaimed)

    async def record_defect(self, report: DefectReport, permit: Permit, photos: Mapping[str, str]) -> DefectRecorded:
        """A defect report; its photographs are kept with it."""
        await self._order(report.order)
        draft = Draft("defect", report, report.order, detail=str(len(report.photos)))
        return await self._book.write(draft, permit, DefectRecorded, lambda connection: _keep(connection, permit, report, photos))

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        return await self._book.look_up(key)

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once."""
        return taken_back(*await self._book.take_back(done.reference, permit, _beside))

    async def _order(self, number: str) -> OrderRecord:
        found = await self.order(number)
        if found is None:
            raise UnknownOrder(f"order `{number}` is not in the company's records: find the order first")
        return found


def _ship(connection: Connection, sku: str) -> None:
    taken = update(stock).where(stock.c.sku == sku, stock.c.quantity > 0).values(quantity=stock.c.quantity - 1)
    if connection.execute(taken).rowcount != 1:
        raise OutOfStock(f"no `{sku}` is left in stock: offer a repair or a gift card, or wait for the next delivery")


def _keep(connection: Connection, permit: Permit, report: DefectReport, hashes: Mapping[str, str]) -> None:
    photos.keep(connection, permit, report.order, hashes)


def _beside(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    """What else comes back: photographs are let go of; a recalled shipment gets an entry of its own and returns to stock."""
    photos.withdraw(connection, found.key)
    if found.kind == "replacement":
        journal.write_once(connection, Draft("recall", original, found.order_no, detail=found.detail), permit)
        connection.execute(update(stock).where(stock.c.sku == found.detail).values(quantity=stock.c.quantity + 1))
