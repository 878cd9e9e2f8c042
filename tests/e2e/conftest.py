"""One Chromium for every file of tests; a house and its console for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from baton.console import build
from baton.store import Database
from tests.e2e.stage import Seat, browsing, served
from tests.integration.console_house import House

PATIENCE = 30_000
"""Milliseconds until something that should be seen is missed; a machine may have much else to do."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Not for the whole session: its event loop would stand in the way of the asynchronous tests that come after."""
    assert build.ensure()
    expect.set_options(timeout=PATIENCE)
    with browsing() as one:
        yield one


@pytest.fixture
def undo() -> float:
    """Seconds in which an answer can be taken back; a test that takes one back wants more, on a busy machine."""
    return 1.5


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path, undo: float) -> House:
    """A house whose answers are held for long enough to be taken back."""
    return House(sqlite_database, tmp_path / "home", settings={"undo_seconds": undo})


@pytest.fixture
def seat(browser: Browser, house: House) -> Iterator[Seat]:
    """Places before the screen; nothing that the browser complains about is let pass."""
    with served(house) as address:
        found = Seat(browser, address)
        yield found
        found.leave()
        assert found.complaints == []
