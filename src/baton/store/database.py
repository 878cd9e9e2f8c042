"""One way to open a database, embedded or on a cluster."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from baton.store import revisions
from baton.store.wal import write_ahead
from baton.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")
metadata = MetaData()
"""Every table of Baton's own stores; each room declares its tables on it."""


class Database:
    """A SQLite file or a PostgreSQL database.

    SQLite runs in WAL mode with `synchronous=FULL`, because the ledger must survive a power cut, and takes its write
    lock when a transaction begins, so that a reader never turns writer half-way and fails.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _open(url)
        self._writer = Writer(self.engine) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits on leaving and rolls back on an exception."""
        if self._writer:
            with self._writer.turn() as connection:
                yield connection
            return
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view, however many queries it takes; nothing is written."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Look something up in this database from an event loop.

        PostgreSQL is waited for in a thread. SQLite answers within a millisecond or two: handing that to a thread and back costs
        more than it takes, and a busy worker would spend its time passing the interpreter lock around.
        """
        return work(*args, **named) if self.is_sqlite else await asyncio.to_thread(work, *args, **named)

    async def transact(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Do a piece of work that writes, from an event loop; it is durable when this returns.

        On SQLite every `write()` in it is part of one transaction, and the event loop goes on while the disk is waited for.
        """
        if self._writer:
            return await self._writer.together(partial(work, *args, **named))
        return await asyncio.to_thread(work, *args, **named)

    def migrate(self) -> None:
        """Bring every table to the newest revision; quick when there is nothing to do, safe from several processes at once."""
        if not self.is_migrated:
            with self.write() as connection:
                revisions.upgrade(connection)

    @property
    def is_migrated(self) -> bool:
        """Whether its tables are those of this Baton. Raises `NewerDatabase` for tables of a newer one."""
        with self.read() as connection:
            return not revisions.outdated(revisions.stored(connection))

    def close(self) -> None:
        """Give back every connection."""
        if self._writer:
            self._writer.close()
        self.engine.dispose()


def _open(url: str) -> Engine:
    if not url.startswith("sqlite"):
        scheme, rest = url.split("://", 1)
        driver = "postgresql+psycopg" if scheme in ("postgres", "postgresql") else scheme
        return create_engine(f"{driver}://{rest}", pool_pre_ping=True)
    opened = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(opened, "connect")
    def _tune(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        write_ahead(connection)

    return opened
