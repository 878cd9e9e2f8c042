"""The worker dies by SIGKILL while a contract is signed, and starts again: no second signature or letter, nothing lost."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from contract_office import ContractOffice, a_home, a_story, an_engine
from kill_office import Workers, eventually
from office import PROJECT
from temporalio.client import Client

from activities.systems import forget, system
from baton.replaying import replay
from baton.runtime.settings import load
from baton.runtime.up import Up, running
from baton.store import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORKER = PROJECT / "tests" / "workflows" / "killed_contract.py"
LETTERS = {"contract_received": 1, "stage_changed": 2, "countersign": 1, "contract_complete": 1, "contract_live": 1}


class ContractWorkers(Workers):
    """Where workers of contract signing come from."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(PROJECT), str(WORKER.parent)])
        environment = {**os.environ, "PYTHONPATH": paths}
        self._process = subprocess.Popen([sys.executable, str(WORKER)], stdin=subprocess.PIPE, text=True, env=environment)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Up, Client]]:
    """A real embedded server."""
    async with running(load(project=str(PROJECT), home=str(tmp_path_factory.mktemp("home"))), workers=()) as up:
        yield up, await up.client()


@pytest.fixture(scope="module")
def workers() -> Iterator[ContractWorkers]:
    """Workers that may be killed."""
    found = ContractWorkers()
    yield found
    found.close()


@pytest.mark.long
@pytest.mark.parametrize(
    "moment",
    [
        "our signature:after:1",
        "the link's letter:after:1",
        "the signed file:after:2",
        "the archive:after:1",
    ],
)
async def test_a_killed_worker_signs_nothing_twice_and_writes_no_second_letter(
    server: tuple[Up, Client], workers: ContractWorkers, migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:  # fmt: skip
    (up, client), home = server, tmp_path / "home"
    home.mkdir()
    (home / "baton.db").write_bytes(migrated_sqlite.read_bytes())
    a_home(home, monkeypatch)
    forget()
    database = Database(f"sqlite:///{home / 'baton.db'}")
    office = ContractOffice(client, an_engine(database, home), home)
    environment = {name: os.environ[name] for name in ("BATON_HOME", "BATON_PROJECT", "BATON_COMPANY_SEED")}
    workers.start(home, up.address, office.queue, {**environment, "KILL_AT": moment})
    try:
        case = await office.receive(a_story("31"))
        await office.sign(case, "Piet Dijkgraaf")
        assert (await office.go_live(case))["result"] == "live"
    finally:
        (home / "stop").touch()
        await eventually((home / "ended").exists, "the end of the worker", 60)
    assert (home / "lives").read_text().split()[0] == str(-signal.SIGKILL)
    stands = await system("signing").standing("D-2002")
    assert [len(stands.signed), len(stands.invited), len(stands.countersigned)] == [1, 1, 1]
    assert len(list((home / "signing" / "kept").glob("*.pdf"))) == 2
    assert Counter(letter["X-Letter"] for letter in office.letters(case)) == LETTERS
    rows = office.rows(case, "effect")
    assert {row.outcome for row in rows} == {"written"}
    assert max(Counter((row.action, row.step) for row in rows).values()) == 1
    assert office.engine.ledger.verify().ok
    again = replay(office.engine)
    assert (again.same, again.differs) == (again.verdicts, ())
    database.close()
    forget()
