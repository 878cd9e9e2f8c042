"""How the scratch store's tables come to be: by whichever process needs them first."""

from sqlalchemy import MetaData

from baton.store.database import Database

_MAKING = 0x6261746F6F
"""The PostgreSQL advisory lock under which tables are made."""


def make(database: Database, tables: MetaData) -> None:
    """Make what is missing, in one transaction that no two processes are in at once."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
        tables.create_all(connection)
