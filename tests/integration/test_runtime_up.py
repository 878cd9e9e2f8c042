"""`baton up`: everything comes up together, and goes down together with the reason."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from baton.runtime.children import last_lines
from baton.runtime.lock import Lock, running_at
from baton.runtime.nursery import AT_HAND, Nursery
from baton.runtime.settings import Settings, load
from baton.runtime.up import NotReady, WentDown, running
from tests.integration.small_project import UNDECLARED, write_project


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE", "BATON_DATABASE_URL", "BATON_MODEL", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    root = write_project(tmp_path / "company")
    return load(project=root, home=root / ".baton", start_seconds=90, stop_seconds=4)


class Command:
    """A `baton up` as a user types it."""

    def __init__(self, settings: Settings) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "baton.cli", "up", "--json"],
            cwd=settings.project,
            env={**os.environ, **settings.environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> dict[str, object]:
        """Wait until it says where it listens."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        return dict(json.loads(line))

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ends(self) -> tuple[int, str]:
        """Its exit code and what it said."""
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def command(settings: Settings) -> Iterator[Command]:
    started = Command(settings)
    yield started
    children = started.children() if started.process.poll() is None else []
    for process in (started.process, *children):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    started.process.communicate()


def none_left(children: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(children, timeout=15)
    return not alive


async def test_a_second_up_finds_the_first_and_leaves_it_running(settings: Settings) -> None:
    async with running(settings, workers=()) as first:
        async with running(settings) as second:
            assert second.found
            assert second.address == first.address
            assert not second.workers
        assert await (await first.client()).service_client.check_health()
    assert running_at(settings.home) is None


async def test_a_taken_port_is_no_reason_to_fail(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        async with running(settings.model_copy(update={"temporal_port": taken}), workers=()) as up:
            assert not up.address.endswith(f":{taken}")
            assert await (await up.client()).service_client.check_health()


@pytest.mark.parametrize("born", [pytest.param(True, marks=pytest.mark.skipif(not AT_HAND, reason="Linux only")), False])
async def test_a_killed_worker_takes_everything_down_with_the_reason(
    settings: Settings, born: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baton.runtime.up.AT_HAND", born)
    async with running(settings, workers=("work",)) as up:
        assert up.dead() is None
        up.workers["work"].process.kill()
        with pytest.raises(WentDown, match=r"stopped, because work \(pid \d+\) was killed by SIGKILL"):
            await asyncio.wait_for(up.wait(), 10)
        word = await up.start_worker("work", "work")
        assert (word.processes, word.pid) == (1, up.workers["work"].pid)
        assert up.dead() is None


@pytest.mark.skipif(not AT_HAND, reason="Linux only")
async def test_a_killed_nursery_takes_everything_down_with_the_reason(settings: Settings) -> None:
    async with running(settings, workers=("work",)) as up:
        assert up.nursery is not None
        up.nursery.child.process.kill()
        with pytest.raises(WentDown, match=r"stopped, because nursery \(pid \d+\) was killed by SIGKILL"):
            await asyncio.wait_for(up.wait(), 10)
        assert await up.workers["work"].gone(15)
        with pytest.raises(NotReady, match="nursery"):
            await up.start_worker("work", "work")


@pytest.mark.skipif(not AT_HAND, reason="Linux only")
async def test_who_is_born_has_its_own_log_and_environment_and_its_end_is_heard(tmp_path: Path, settings: Settings) -> None:
    nursery = Nursery.open(tmp_path / "nursery.log", settings.environment(), settings.project)
    try:
        mistaken = await nursery.birth("mistaken", ["--queue", "nonsense"], tmp_path / "mistaken.log", {})
        lost = await nursery.birth("lost", [], tmp_path / "lost.log", {"BATON_START_SECONDS": "soon"})
        assert await mistaken.gone(30)
        assert await lost.gone(30)
        assert (mistaken.process.returncode, lost.process.returncode) == (2, 2)
        assert "invalid choice: 'nonsense'" in last_lines(tmp_path / "mistaken.log")
        assert "BATON_START_SECONDS" in last_lines(tmp_path / "lost.log")
    finally:
        await nursery.close()


async def test_a_project_that_does_not_fit_fails_at_start_in_its_own_words(settings: Settings) -> None:
    (settings.project / "activities/shelf/more.py").write_text(UNDECLARED)
    with pytest.raises(NotReady, match="activity `pay_out` does not say what it is"):
        async with running(settings, workers=("work",)):
            pytest.fail("it came up")
    assert running_at(settings.home) is None


async def test_a_policy_that_does_not_parse_stops_the_start_and_is_named(settings: Settings) -> None:
    (settings.project / "policies/waiting.cedar").write_text("permit (principal, action resource);\n")
    with pytest.raises(NotReady, match=r"waiting\.cedar"):
        async with running(settings, workers=("work",)):
            pytest.fail("it came up")


async def test_a_server_left_over_by_a_killed_up_is_ended_before_its_file_is_opened_again(settings: Settings) -> None:
    async with running(settings, workers=()) as up:
        told = Lock(settings.home).read()
        assert told is not None
        assert up.server is not None
        # As after a SIGKILL on a system that does not end children: the lock is gone, the server is not.
        lock = settings.home / "up.lock"
        lock.rename(lock.with_suffix(".old"))
        async with running(settings, workers=()) as again:
            assert not again.found
            assert not up.server.alive


def test_when_the_server_dies_up_ends_with_the_reason_and_leaves_nothing_behind(command: Command) -> None:
    command.ready()
    children = command.children()
    server = next(child for child in children if child.name() == "temporal")
    server.kill()
    code, said = command.ends()
    assert code == 2
    assert "baton: stopped, because temporal" in said
    assert "killed by SIGKILL" in said
    assert "Traceback" not in said
    assert none_left(children)


def test_ctrl_c_stops_every_part_and_is_no_error(command: Command, settings: Settings) -> None:
    told = command.ready()
    assert told["address"]
    workers = set(dict(told["workers"]))  # type: ignore[call-overload]  # JSON
    assert workers == {"console", "pages", "work", *(f"work-{number}" for number in range(2, settings.work_workers + 1))}
    children = command.children()
    assert len(children) == len(workers) + 1 + AT_HAND  # the server, and whoever gives birth to the workers
    command.process.send_signal(signal.SIGINT)
    code, said = command.ends()
    assert (code, "Traceback" in said) == (0, False)
    assert none_left(children)
    assert not (settings.home / "run.json").exists()


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next `baton up` ends what is left")
def test_a_killed_up_takes_its_server_and_workers_with_it(command: Command, settings: Settings) -> None:
    command.ready()
    children = command.children()
    command.process.kill()
    assert none_left(children)
    deadline = time.monotonic() + 5
    while running_at(settings.home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running_at(settings.home) is None
