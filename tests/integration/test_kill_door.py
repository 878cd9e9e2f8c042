"""The worker dies by SIGKILL at every step of the door, and starts again: no message is lost, and none becomes two cases."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client

from baton.cases import arrivals, store
from baton.cases import tables as t
from baton.documents.store import open_store
from baton.doors.taking import Taking
from baton.ledger import Keys, Ledger
from baton.runtime.settings import load
from baton.runtime.up import Up, running
from baton.store import Database
from baton.types.cases import Case
from baton.types.decisions import Decision
from baton.types.ids import CaseId
from tests.integration.door_house import mail

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROJECT = Path(__file__).parents[2]
WORKER = PROJECT / "tests" / "workflows" / "killed_door.py"
PATIENCE = 120.0
KETTLE = "My kettle stopped working after four months. It does not heat any more. It is still under warranty, please replace it."
OPENING = [
    "the finding's row:before:1",
    "the registration:after:1",
    "the start:after:1",
    "the mark:after:1",
    "the effect's row:after:1",
    "the end:before:1",
]
ADDING = ["the filing:after:1", "the effect's row:before:1"]


@pytest_asyncio.fixture(loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Up, Client]]:
    # One for each test: every home counts its cases from the same number, and a server starts no case of one number twice.
    async with running(load(project=str(PROJECT), home=str(tmp_path_factory.mktemp("home"))), workers=()) as up:
        yield up, await up.client()


@pytest.fixture(scope="module")
def workers() -> Iterator["subprocess.Popen[str]"]:
    """Where workers come from; they do not outlive it."""
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "src"), str(WORKER.parent)])
    found = subprocess.Popen(
        [sys.executable, str(WORKER)], stdin=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    )
    yield found
    assert found.stdin
    found.stdin.close()
    found.wait(10)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the classifier learns at the first message of a home: learnt once for all of these."""
    home = tmp_path_factory.mktemp("learnt")
    code = "from agents.graphs.routed import router; router()"
    environment = {**os.environ, "BATON_HOME": str(home), "BATON_PROJECT": str(PROJECT)}
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)
    return home / "routing"


class Door:
    """One home, one worker that may be killed, and what came in."""

    def __init__(self, home: Path, database: Database, up: Up, client: Client, workers: "subprocess.Popen[str]") -> None:
        self.home, self.database, self.up, self.client, self.workers = home, database, up, client, workers
        self.queue = f"door-{uuid.uuid4()}"
        self.ledger = Ledger(database, Keys(home))
        self.taking = Taking(database, open_store(home), client, "Intake", self.queue)

    @asynccontextmanager
    async def at_work(self, moment: str = "") -> AsyncIterator[None]:
        """With a worker that is started again whenever it is killed."""
        for left in ("stop", "ended", "ready", "lives"):
            (self.home / left).unlink(missing_ok=True)
        environment = {"KILL_AT": moment, "BATON_PROJECT": str(PROJECT), "BATON_HOME": str(self.home)}
        order = {"home": str(self.home), "address": self.up.address, "queue": self.queue, "environment": environment}
        assert self.workers.stdin
        self.workers.stdin.write(json.dumps(order) + "\n")
        self.workers.stdin.flush()
        try:
            yield
        finally:
            (self.home / "stop").touch()
            await self.until((self.home / "ended").exists, "the end of the worker")

    async def until(self, holds: object, what: str) -> None:
        assert callable(holds)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, f"{what} did not come within {PATIENCE:g} s"
            await asyncio.sleep(0.05)

    async def ended(self, case: CaseId) -> Case:
        await self.until(lambda: self.case(case).status == "closed", f"the end of {case}")
        return self.case(case)

    def case(self, case: CaseId) -> Case:
        with self.database.read() as connection:
            return store.case(connection, case)

    def cases(self, process: str) -> list[Case]:
        with self.database.read() as connection:
            return [case for case in store.cases(connection) if case.process == process]

    def effects(self, case: CaseId) -> list[Decision]:
        return [row for row in self.ledger.of_case(case) if row.kind == "effect"]

    def lives(self) -> list[int]:
        told = self.home / "lives"
        return [int(line) for line in told.read_text().split()] if told.exists() else []


@pytest_asyncio.fixture(loop_scope="module")
async def door(
    server: tuple[Up, Client], workers: "subprocess.Popen[str]", learnt: Path, migrated_sqlite: Path, tmp_path: Path
) -> AsyncIterator[Door]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(migrated_sqlite, home / "baton.db")
    shutil.copytree(learnt, home / "routing")
    database = Database(f"sqlite:///{home / 'baton.db'}")
    yield Door(home, database, *server, workers)
    database.close()


def stands_once(door: Door, arrived: CaseId, action: str) -> None:
    """One effect row after the verdict that allowed it, one opening, and a ledger that holds."""
    [effect] = door.effects(arrived)
    assert (effect.action, effect.outcome) == (action, "written")
    with door.database.read() as connection:
        [opening] = arrivals.openings(connection, arrived)
        assert opening.started
        assert connection.execute(t.alert.select()).all() == []
    assert effect.links["key"] == opening.key
    assert door.ledger.verify().ok
    assert [life for life in door.lives() if life != 0] == [-signal.SIGKILL]


@pytest.mark.parametrize(
    "moment", [pytest.param(one, marks=() if one == "the start:after:1" else pytest.mark.long) for one in OPENING]
)
async def test_killed_while_a_message_becomes_a_case_it_becomes_one(door: Door, moment: str) -> None:
    async with door.at_work(moment):
        done = await door.taking.take(mail(KETTLE, id="kill", sender="nadia.verhoeven@example.com"), "smtp")
        assert (await door.ended(done.case)).outcome.result == "warranty claim"  # type: ignore[union-attr]
        await door.until(door.lives, "the kill")
    stands_once(door, done.case, "casebook.open_case")
    [claim] = door.cases("warranty_claim")
    assert (await door.client.get_workflow_handle(claim.id).describe()).workflow_type == "WarrantyClaim"


@pytest.mark.long
@pytest.mark.parametrize("moment", ADDING)
async def test_killed_while_a_message_joins_a_case_it_joins_once(door: Door, moment: str) -> None:
    async with door.at_work():
        first = await door.taking.take(mail(KETTLE, id="first", sender="nadia.verhoeven@example.com"), "smtp")
        await door.ended(first.case)
        [claim] = door.cases("warranty_claim")
        await door.until(lambda: door.case(claim.id).status == "waiting", "the letter that asks for the receipt")
    async with door.at_work(moment):
        late = mail("I am still looking for it.", id="late", sender="nadia.verhoeven@example.com", subject=f"Re: [{claim.id}]")
        second = await door.taking.take(late, "smtp")
        assert (await door.ended(second.case)).outcome.result == "added to its case"  # type: ignore[union-attr]
        await door.until(door.lives, "the kill")
    stands_once(door, second.case, "casebook.add_message")
    with door.database.read() as connection:
        assert len(store.messages(connection, claim.id)) == 2
