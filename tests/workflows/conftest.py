"""A real Temporal server, and an office at work on it."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import petty_cash
import pytest
import pytest_asyncio
from office import PROJECT, Office, an_engine
from temporalio.client import Client

from baton.runtime.settings import load
from baton.runtime.up import running
from baton.store import Database


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A client of a real embedded server; no workers of its own."""
    settings = load(project=str(PROJECT), home=str(tmp_path_factory.mktemp("home")))
    async with running(settings, workers=()) as up:
        yield await up.client()


@pytest.fixture
def fresh_till(monkeypatch: pytest.MonkeyPatch) -> petty_cash.Till:
    """A till with 40.00 owed and nothing paid."""
    till = petty_cash.Till()
    monkeypatch.setattr(petty_cash, "till", till)
    return till


@pytest.fixture
def make_office(server: Client, tmp_path: Path) -> Callable[[Database], Office]:
    """An office over a given database."""
    return lambda database: Office(server, an_engine(database, tmp_path), tmp_path)


@pytest_asyncio.fixture(loop_scope="session")
async def office(
    make_office: Callable[[Database], Office], sqlite_database: Database, fresh_till: petty_cash.Till
) -> AsyncIterator[Office]:
    """An office at work on SQLite."""
    async with make_office(sqlite_database).at_work() as open_office:
        yield open_office


@pytest.fixture(autouse=True)
def _quick_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped step asks again sooner, so that tests do not wait."""
    monkeypatch.setattr("baton.governance.stops.ASK_AGAIN", timedelta(milliseconds=200))
