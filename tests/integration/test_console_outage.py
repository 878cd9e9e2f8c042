"""The console before a Temporal server that is dead or slow: what was said shows as pending, and counts once when it is back."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn
from kill_office import KillOffice, Workers, an_office, stands_once

from baton.console.app import create_app
from baton.console.bench import Bench
from baton.console.settings import load_console
from baton.documents.store import FolderStore
from baton.governance.stamps import SignIn
from baton.runtime import server
from baton.runtime.connect import connect
from baton.runtime.settings import load
from tests.integration.console_house import Browser
from tests.integration.test_kill_server import PROJECT, Server

pytestmark = pytest.mark.long


@pytest_asyncio.fixture
async def temporal(tmp_path: Path) -> AsyncIterator[Server]:
    found = Server(load(project=str(PROJECT), home=str(tmp_path / "temporal"), temporal_port=server.free_port(0)))
    await found.start()
    yield found
    await found.stop()


@pytest_asyncio.fixture
async def office(temporal: Server, migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[KillOffice]:
    workers = Workers()
    client = await connect(temporal.settings, temporal.address)
    async with an_office(client, temporal.address, workers, tmp_path / "home", migrated_sqlite) as found:
        yield found
    workers.close()


@pytest.fixture
def carl(office: KillOffice, temporal: Server) -> Iterator[Browser]:
    """Somebody who may approve, before the console."""
    documents = FolderStore.from_home(office.home)
    settings = load_console(undo_seconds=0)
    bench = Bench(
        office.engine,
        documents,
        SignIn.at(office.home),
        settings,
        office.home,
        lambda: connect(temporal.settings, temporal.address),
    )
    with served(create_app(bench)) as address, httpx.Client(base_url=address, timeout=60) as client:
        browser = Browser(client)  # type: ignore[arg-type]  # it gets and posts
        assert browser.sign_in("carl").status_code == 303
        yield browser


@contextmanager
def served(app: Any) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(20)


@pytest.mark.parametrize("trouble", ["dead", "slow"])
async def test_an_answer_shows_as_pending_until_the_case_has_taken_it_and_counts_once(
    office: KillOffice, temporal: Server, carl: Browser, trouble: str
) -> None:
    async with office.at_work():
        case = await office.submit("pay 30.00")
        task = await office.task(case)
        await asyncio.to_thread(carl.get, f"/tasks/{task.id}")
        assert temporal.child
        if trouble == "dead":
            await temporal.kill()
        else:
            temporal.child.process.send_signal(SIGSTOP)
        said = await asyncio.to_thread(carl.post, f"/tasks/{task.id}/answer", says="approve", hash=task.hash)
        assert said.status_code == 303
        await shows(carl, f"/tasks/{task.id}", "Pending.")
        assert "pending" in (await asyncio.to_thread(carl.get, "/inbox?view=waiting")).text
        assert task.id not in (await asyncio.to_thread(carl.get, "/inbox")).text
        assert [one.status for one in office.tasks(case)] == ["open"]
        assert office.box.payments() == []
        again = await asyncio.to_thread(carl.post, f"/tasks/{task.id}/answer", says="approve", hash=task.hash)
        assert "Somebody was faster" in again.text
        if trouble == "dead":
            await temporal.start()
        else:
            temporal.child.process.send_signal(SIGCONT)
        assert (await office.ended(case))["result"] == "paid"
        await shows(carl, f"/tasks/{task.id}", "Approved.")
    stands_once(office, case)
    answers = [row for row in office.rows(case) if row.kind == "answer"]
    assert [(row.by.id, row.outcome) for row in answers] == [("carl", "approve")]


async def shows(browser: Browser, path: str, words: str) -> None:
    """Wait until the page says so."""
    seen: list[str] = []

    def there() -> bool:
        seen[:] = [browser.get(path).text]
        return words in seen[0]

    deadline = time.monotonic() + 90
    while not await asyncio.to_thread(there):
        assert time.monotonic() < deadline, seen[0][-2000:]
        await asyncio.sleep(0.3)
