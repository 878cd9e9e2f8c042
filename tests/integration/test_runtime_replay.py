"""A process that was changed under an open case: the case is named at start-up, with the reason."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from baton.runtime.project import Process, Project, temporal_name
from baton.runtime.replay import open_cases_that_no_longer_fit
from baton.runtime.sandbox import sandbox
from baton.runtime.settings import load
from baton.runtime.up import running
from tests.integration.small_project import PROCESS, write_project

SLEEPS = "await workflow.sleep(3600)"


def process(folder: Path, file: str, name: str, first: str) -> Process:
    """One process as it stands in the code of a day."""
    path = folder / f"{file}.py"
    path.write_text(PROCESS.format(name=name, first=first))
    spec = importlib.util.spec_from_file_location(file, path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Process(file, module.Waiting, file, path)


def project(*processes: Process) -> Project:
    return Project(Path(), {found.name: found for found in processes}, ())


async def open_case(client: Client, case: str, found: Process) -> None:
    """A case that has begun and waits."""
    await client.start_workflow(temporal_name(found.workflow), id=case, task_queue="baton")
    async with Worker(client, task_queue="baton", workflows=[found.workflow], workflow_runner=sandbox()):
        handle = client.get_workflow_handle(case)
        while (await handle.describe()).history_length < 4:
            pass


async def test_only_the_cases_that_no_longer_fit_are_named(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    root = write_project(tmp_path_factory.mktemp("company"))
    async with running(load(project=root, home=tmp_path / "home"), workers=()) as up:
        client = await up.client()
        kept = process(tmp_path, "kept_process", "Kept", "pass")
        before = process(tmp_path, "before_process", "Changed", SLEEPS)
        gone = process(tmp_path, "gone_process", "Gone", "pass")
        for case, found in {"KP-1": kept, "CH-1": before, "GO-1": gone}.items():
            await open_case(client, case, found)
        after = process(tmp_path, "after_process", "Changed", "pass")
        assert await open_cases_that_no_longer_fit(client, project(kept, before, gone)) == (3, ())
        count, misfits = await open_cases_that_no_longer_fit(client, project(kept, after))
        why = {misfit.case: misfit.why for misfit in misfits}
        assert count == 3
        assert set(why) == {"CH-1", "GO-1"}
        assert "ondeterminism" in why["CH-1"]
        assert "no file in workflows/" in why["GO-1"]
