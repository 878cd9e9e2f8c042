"""Which revision the tables are at, and how they get to the newest."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from baton.errors import BatonError

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6261746F  # PostgreSQL's advisory locks are numbers; this one is `bato`


class NewerDatabase(BatonError):
    """The database was migrated by a newer Baton."""


@cache
def newest() -> str:
    """The newest revision this Baton knows: the first four digits of the last file in `migrations/versions`."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def stored(connection: Connection) -> str | None:
    """The revision the tables are at, or None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def outdated(revision: str | None) -> bool:
    """Whether there is something to migrate. Raises `NewerDatabase` rather than guess at tables made by a newer Baton."""
    if revision is not None and revision > newest():
        raise NewerDatabase(f"the database is at revision `{revision}`, this Baton knows `{newest()}`: install the newer one")
    return revision != newest()


def upgrade(connection: Connection) -> None:
    """Run what is missing, inside the caller's transaction: all of it, or nothing."""
    # Alembic takes a quarter of a second to import, and start-up nearly always finds nothing to do.
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if outdated(stored(connection)):  # another process may have been first
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        command.upgrade(config, "head")
