"""The tables are what the code says they are, however many processes make them."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import baton
from baton.store import Database, metadata
from baton.store.revisions import NewerDatabase, newest, stored

STARTS_AT_ONCE = """
import sys
from baton.store import Database
sys.stdin.readline()
Database(sys.argv[1]).migrate()
assert "alembic" not in sys.modules or sys.argv[2] == "first"
"""


def every_table() -> None:
    """Import each `tables` module of the engine, so that `metadata` is whole."""
    for package in iter_modules(baton.__path__):
        folder = Path(baton.__path__[0]) / package.name
        if package.ispkg and (folder / "tables.py").exists():
            import_module(f"baton.{package.name}.tables")


def test_migrations_make_the_tables_that_the_code_declares(database: Database) -> None:
    every_table()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_loads_no_alembic(sqlite_database: Database) -> None:
    command = [sys.executable, "-c", STARTS_AT_ONCE, sqlite_database.url, "again"]
    assert subprocess.run(command, input=b"\n", check=False).returncode == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_processes_may_start_at_once_on_an_empty_database(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    command = [sys.executable, "-c", STARTS_AT_ONCE, url, "first"]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(3)]
    for process in started:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [process.wait(60) for process in started] == [0, 0, 0]
    with Database(url).read() as connection:
        assert stored(connection) == newest()
        assert inspect(connection).has_table("entry")


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE decision_index (in_the_way integer)"))
    with pytest.raises(Exception, match="already exists"):
        database.migrate()
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["decision_index"]


def test_a_database_of_a_newer_baton_is_left_alone(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="`9999`"):
        sqlite_database.migrate()
