"""One system's own book of entries: write once, look up, take back, each in one transaction."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection

from activities.company import journal
from activities.company.journal import Draft, Written
from baton.governance.declare import Permit
from baton.store import Database
from baton.types.actions import Action, Done

T = TypeVar("T")
D = TypeVar("D", bound=Done)
Beside: TypeAlias = Callable[[Connection, Written, Action, Permit], None]


class Book:
    """The entries of one system, by kind."""

    def __init__(self, database: Database, actions: Mapping[str, type[Action]], done_of: Callable[[Written], Done]) -> None:
        self._database = database
        self._actions = actions
        self._done_of = done_of

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Ask the records something."""

        def reading() -> T:
            with self._database.read() as connection:
                return query(connection)

        return await asyncio.to_thread(reading)

    async def write(self, draft: Draft, permit: Permit, kind: type[D], also: Callable[[Connection], None] | None = None) -> D:
        """Write once, with whatever `also` does beside it the first time, and read it back by its key."""
        permit.covers(draft.action)
        await asyncio.to_thread(self._write, draft, permit, also)
        done = await self.look_up(permit.key)
        assert isinstance(done, kind), f"`{permit.key}` reads back as {done!r}"
        return done

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None; entries of other systems are none of ours."""
        found = await self.read(lambda connection: journal.find(connection, key))
        return self._done_of(found) if found is not None and found.kind in self._actions else None

    async def take_back(self, reference: str, permit: Permit, beside: Beside) -> tuple[Written, Written | None]:
        """Undo an entry once, with whatever else comes back; returns it, and the entry that the undo itself left."""
        return await asyncio.to_thread(self._take_back, reference, permit, beside)

    def _write(self, draft: Draft, permit: Permit, also: Callable[[Connection], None] | None) -> None:
        with self._database.write() as connection:
            if journal.write_once(connection, draft, permit) and also is not None:
                also(connection)

    def _take_back(self, reference: str, permit: Permit, beside: Beside) -> tuple[Written, Written | None]:
        with self._database.write() as connection:
            found, original = journal.to_undo(connection, reference, permit, self._actions)
            if journal.mark_undone(connection, found, permit):
                beside(connection, found, original, permit)
            return found, journal.find(connection, permit.key)
