"""The sandbox CRM: customers and claims in the company's own records."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, exists, select

from activities.company import company, journal, photos
from activities.company.book import Book
from activities.company.journal import Draft, Written
from activities.company.tables import customer as customers
from activities.company.tables import entry
from activities.crm.models import ClaimClosed, ClaimOpened, CloseClaim, Decline, Declined, OpenClaim
from activities.crm.port import ClaimsRecord, Crm, CustomerRecord
from activities.crm.words import done_of, taken_back
from baton.errors import BatonError
from baton.governance.declare import Permit
from baton.store import Database
from baton.types.actions import Action, Done

_ACTIONS: Final[dict[str, type[Action]]] = {"claim": OpenClaim, "closing": CloseClaim, "decline": Decline}


_closing = entry.alias("closing")
_closed = exists().where(_closing.c.kind == "closing", _closing.c.detail == entry.c.reference, _closing.c.undone_by.is_(None))
_OPEN: Final = (
    select(entry)
    .where(journal.standing("claim"), entry.c.order_no == bindparam("order"), ~_closed)
    .order_by(entry.c.position)  # the first opened first
)
_DECLINED: Final = select(entry.c.key).where(entry.c.kind == "decline", entry.c.case_id == bindparam("case"))
_BY_ADDRESS: Final = select(customers).where(customers.c.email == bindparam("value"))
_BY_ID: Final = select(customers).where(customers.c.id == bindparam("value"))


class NoOpenClaim(BatonError):
    """The case has no open claim on this order."""


def adapter() -> Crm:
    """The sandbox CRM on this process's company records."""
    return Sandbox(company())


class Sandbox:
    """A CRM on one database."""

    def __init__(self, database: Database) -> None:
        self._book = Book(database, _ACTIONS, done_of)

    async def customer_by_address(self, address: str) -> CustomerRecord | None:
        """The customer with this address on file, whatever its capitals."""
        return await self._customer(_BY_ADDRESS, address.strip().lower())

    async def customer(self, customer: str) -> CustomerRecord | None:
        """One customer by id."""
        return await self._customer(_BY_ID, customer)

    async def claims(self, order: str, case: str) -> ClaimsRecord:
        """The claims on an order, seen from a case."""
        return await self._book.read(lambda connection: _claims(connection, order, case))

    async def open_claim(self, claim: OpenClaim, permit: Permit, photos: Mapping[str, str]) -> ClaimOpened:
        """A claim; its photographs are kept with it."""
        draft = Draft("claim", claim, claim.order)
        return await self._book.write(draft, permit, ClaimOpened, lambda connection: _keep(connection, permit, claim, photos))

    async def close_claim(self, claim: CloseClaim, permit: Permit) -> ClaimClosed:
        """The end of a claim. Raises `NoOpenClaim`."""
        number = await self._book.read(lambda connection: _to_close(connection, claim.order, permit))
        return await self._book.write(Draft("closing", claim, claim.order, detail=number), permit, ClaimClosed)

    async def decline_claim(self, decline: Decline, permit: Permit) -> Declined:
        """A decline."""
        return await self._book.write(Draft("decline", decline, decline.order, detail=decline.code), permit, Declined)

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        return await self._book.look_up(key)

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once."""
        found, _ = await self._book.take_back(done.reference, permit, _beside)
        return taken_back(found)

    async def _customer(self, wanted: Select[Any], value: str) -> CustomerRecord | None:
        row = await self._book.read(lambda connection: connection.execute(wanted, {"value": value}).first())
        return CustomerRecord.model_validate(dict(row._mapping)) if row else None


def _claims(connection: Connection, order: str, case: str) -> ClaimsRecord:
    standing = connection.execute(_OPEN, {"order": order}).all()
    own = min((row.position for row in standing if row.case_id == case), default=None)
    others = {row.case_id for row in standing if row.case_id != case and (own is None or row.position < own)}
    declined = connection.execute(_DECLINED, {"case": case}).first()
    return ClaimsRecord(other_open=len(others), own_open=own is not None, declined_before=declined is not None)


def _to_close(connection: Connection, order: str, permit: Permit) -> str:
    before = journal.find(connection, permit.key)
    if before is not None:
        return str(before.detail)
    own = [row for row in connection.execute(_OPEN, {"order": order}) if row.case_id == permit.case]
    if not own:
        raise NoOpenClaim(f"case `{permit.case}` has no open claim on order `{order}`: nothing is left to close")
    return str(own[0].reference)


def _keep(connection: Connection, permit: Permit, claim: OpenClaim, hashes: Mapping[str, str]) -> None:
    photos.keep(connection, permit, claim.order, hashes)


def _beside(connection: Connection, found: Written, original: Action, permit: Permit) -> None:
    """A withdrawn claim lets go of its photographs."""
    photos.withdraw(connection, found.key)
