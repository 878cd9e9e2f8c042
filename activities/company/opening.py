"""Opens the company's records: creates and fills them the first time, safely when two processes start together."""

from functools import cache

from sqlalchemy import Connection, text

from activities.company.parts import parts
from activities.company.seed import seed_once
from activities.company.settings import CompanySettings
from activities.company.tables import records
from baton.store import Database

_STARTING = 0x6261746F6E  # any number that nobody else locks on


def company() -> Database:
    """The company's records as this process's environment names them; opened once for each address."""
    return _opened(CompanySettings.from_environment())


def open_company(settings: CompanySettings) -> Database:
    """Open the records, creating tables and seeding them when they are not there yet."""
    database = Database(settings.url)
    parts()  # the tables of every system are known before any is made
    with database.write() as connection:
        _alone(connection, database)
        records.create_all(connection)
        seed_once(connection, settings.seed)
    return database


_opened = cache(open_company)


def _alone(connection: Connection, database: Database) -> None:
    """Make another process that starts now wait; SQLite's own write lock already does."""
    if not database.is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _STARTING})
