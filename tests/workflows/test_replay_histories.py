"""Cases that ran before go on under the code of today: recorded histories are replayed against every change.

A failure here names the cases that would break. Where the change is meant, `record_histories.py` records them anew.
"""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import changed_cash
import petty_cash
import pytest
from office import PROJECT, Office, an_engine
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from baton.governance.interceptors import Governance
from baton.governance.undoing import Undo
from baton.runtime.project import Process, Project, discover
from baton.runtime.replay import open_cases_that_no_longer_fit
from baton.runtime.sandbox import sandbox
from baton.store import Database

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


@pytest.fixture
def replayer(sqlite_database: Database, tmp_path: Path) -> Callable[..., Replayer]:
    """Makes a replayer with governance around the processes, as a worker has it."""

    def make(*processes: type) -> Replayer:
        return Replayer(
            workflows=[*processes, Undo],
            workflow_runner=sandbox(),
            interceptors=[Governance(an_engine(sqlite_database, tmp_path))],
            data_converter=pydantic_data_converter,
        )

    return make


def history(path: Path) -> WorkflowHistory:
    """A case as it went."""
    return WorkflowHistory.from_json(path.stem, path.read_text())


def test_every_process_has_recorded_cases() -> None:
    for process in ("petty_cash", *discover(PROJECT).processes):
        assert any(path.stem.startswith(f"{process}_") for path in HISTORIES), process


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_recorded_case_fits_the_process_of_today(path: Path, replayer: Callable[..., Replayer]) -> None:
    processes = [found.workflow for found in discover(PROJECT).processes.values()]
    await replayer(petty_cash.PettyCash, *processes).replay_workflow(history(path))


@pytest.mark.parametrize("path", [path for path in HISTORIES if path.stem.startswith("petty_cash")], ids=lambda path: path.stem)
async def test_a_recorded_case_does_not_fit_a_process_that_was_changed(path: Path, replayer: Callable[..., Replayer]) -> None:
    result = await replayer(changed_cash.PettyCash).replay_workflow(history(path), raise_on_replay_failure=False)
    assert "ondeterminism" in str(result.replay_failure)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_open_cases_that_do_not_fit_a_changed_process_are_named(office: Office) -> None:
    small, large = await office.submit("pay 30.00"), await office.submit("pay 40.00")
    for case in (small, large):
        await office.task(case)
    governed = [Governance(office.engine)]
    kept = await open_cases_that_no_longer_fit(
        office.client, _project(petty_cash), [petty_cash.PettyCash, Undo], governed, office.queue
    )
    assert kept == (2, ())
    count, misfits = await open_cases_that_no_longer_fit(
        office.client, _project(changed_cash), [changed_cash.PettyCash, Undo], governed, office.queue
    )
    assert count == 2
    assert {misfit.case for misfit in misfits} == {small.id, large.id}
    assert {misfit.process for misfit in misfits} == {"PettyCash"}
    assert all("ondeterminism" in misfit.why for misfit in misfits)
    for case in (small, large):
        await office.say(await office.task(case), "carl", "approve")
        assert (await case.result())["result"] == "paid"


def _project(module: ModuleType) -> Project:
    """A project of one process."""
    found = Process("petty_cash", module.PettyCash, module.__name__, Path(str(module.__file__)))
    return Project(PROJECT, {"petty_cash": found}, ())
