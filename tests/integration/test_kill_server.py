"""The embedded Temporal server dies by SIGKILL in the middle of a case, and starts again on the same file: the case goes on."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from kill_office import KillOffice, Workers, an_office, eventually, stands_once, story
from office import PROJECT

from baton.deciding import Pending, send, signed
from baton.governance.stamps import SignIn
from baton.runtime import server
from baton.runtime.children import Child
from baton.runtime.connect import connect
from baton.runtime.settings import Settings, load
from baton.types.ids import PersonId


class Server:
    """An embedded server that may be killed: it comes back on the same address, from the same file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.address = ""
        self.child: Child | None = None

    async def start(self) -> None:
        """Start it, the first time or again."""
        self.child, address = await server.start(self.settings)
        assert self.address in ("", address)
        self.address = address

    async def kill(self) -> None:
        """At once, as in a power cut."""
        assert self.child
        self.child.process.send_signal(signal.SIGKILL)
        assert await self.child.gone(5)
        assert self.child.process.returncode == -signal.SIGKILL

    async def stop(self) -> None:
        """In order."""
        if self.child:
            await self.child.stop()


@pytest_asyncio.fixture
async def temporal(tmp_path: Path) -> AsyncIterator[Server]:
    """A server of this test's own."""
    found = Server(load(project=str(PROJECT), home=str(tmp_path / "temporal"), temporal_port=server.free_port(0)))
    await found.start()
    yield found
    await found.stop()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Workers that may be killed."""
    found = Workers()
    yield found
    found.close()


@pytest_asyncio.fixture
async def office(temporal: Server, workers: Workers, migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[KillOffice]:
    """An office on that server."""
    client = await connect(temporal.settings, temporal.address)
    async with an_office(client, temporal.address, workers, tmp_path / "home", migrated_sqlite) as found:
        yield found


@pytest.mark.long
async def test_a_case_that_waits_for_a_person_survives_and_takes_an_answer_that_found_no_server(
    office: KillOffice, temporal: Server
) -> None:
    async with office.at_work():
        case = await office.submit("pay 30.00")
        task = await office.task(case)
        answer = signed(SignIn.at(office.home), task, PersonId("carl"), "approve")
        await temporal.kill()
        with pytest.raises(Pending):
            await send(office.client, task.case, answer, patience=2)
        await temporal.start()
        await send(office.client, task.case, answer)
        assert (await office.ended(case))["result"] == "paid"
    stands_once(office, case)
    assert story(office.rows(case)) == [
        ("finding", "found"),
        ("verdict", "needs_approval"),
        ("answer", "approve"),
        ("verdict", "approved"),
        ("effect", "written"),
    ]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("the finding's row:after:1", marks=pytest.mark.long),
        pytest.param("the verdict's row:after:1", marks=pytest.mark.long),
        "the write:after:1",
        pytest.param("the effect's row:after:1", marks=pytest.mark.long),
        pytest.param("the end:after:1", marks=pytest.mark.long),
    ],
)
async def test_the_server_is_killed_while_a_step_is_on_its_way(office: KillOffice, temporal: Server, moment: str) -> None:
    async with office.at_work(HOLD_AT=moment):
        case = await office.submit("pay 8.00")
        await eventually((office.home / "held").exists, moment)
        await temporal.kill()
        (office.home / "go").touch()
        await temporal.start()
        assert (await office.ended(case))["result"] == "paid"
    stands_once(office, case)
    assert len(office.box.tried()) == 1
    assert story(office.rows(case)) == [("finding", "found"), ("verdict", "autonomous"), ("effect", "written")]


@pytest.mark.long
@pytest.mark.parametrize("moment", ["the verdict's row:after:1", "the write:after:1", "the effect's row:after:1"])
async def test_the_server_and_the_worker_are_killed_together(office: KillOffice, temporal: Server, moment: str) -> None:
    async with office.at_work(HOLD_AT=moment):
        case = await office.submit("pay 8.00")
        await eventually(lambda: (office.home / "held").exists() and (office.home / "held").read_text(), moment)
        await temporal.kill()
        os.kill(int((office.home / "held").read_text()), signal.SIGKILL)
        await eventually(office.lives, "the end of the worker")
        await temporal.start()
        assert (await office.ended(case))["result"] == "paid"
        assert office.lives() == [-signal.SIGKILL]
    stands_once(office, case)
    assert len(office.box.tried()) == 1
