"""The demo: every sample message through the real server, with staff who decide the way `baton decide` does."""

import asyncio
import importlib
import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from temporalio.client import Client

from baton import deciding
from baton.cases import store
from baton.errors import BatonError
from baton.governance.stamps import SignIn
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.lock import running_at
from baton.runtime.project import open_project
from baton.runtime.settings import Settings
from baton.runtime.up import running
from baton.types.canonical import Json
from baton.types.cases import Case, Task
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, PersonId

MARK = "demo"
"""A file in a home that a demo filled: the next demo may clear it. A home with real work is never touched."""

Say = Callable[[str], None]


class NoSamples(BatonError):
    """This project has no samples to run."""


class CaseLine(Frozen):
    """One line of the demo's table."""

    id: str
    process: str
    message: str
    title: str
    outcome: str
    expected: str
    autonomous: bool
    verdicts: tuple[dict[str, Json], ...]
    approvals: tuple[dict[str, Json], ...]
    handoffs: int
    seconds: float
    why: str


class Shown(Frozen):
    """Everything the demo showed."""

    home: Path
    cases: tuple[CaseLine, ...]
    effects: int
    ledger: dict[str, Json]
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether every case ended as its sample says and the ledger holds."""
        return bool(self.ledger["verified"]) and all(line.outcome == line.expected for line in self.cases)


@dataclass
class _Run:
    """One sample on its way."""

    story: Any
    case: CaseId | None = None
    answered: int = 0
    replied: bool = False
    tasks: set[str] = field(default_factory=set)


def home_for(settings: Settings) -> Path:
    """The settings' own home when nothing but an earlier demo ran there, else a folder inside it."""
    home = settings.home
    fresh = not (home / "baton.db").exists()
    if running_at(home) is None and (fresh or (home / MARK).exists()):
        return home
    return home / "demo"


async def demo(settings: Settings, say: Say, progress: Callable[[int, int], None]) -> Shown:
    """Run all samples; ends by itself. Raises `NoSamples` in a project without `samples/`."""
    began = time.monotonic()
    _clear(settings.home)
    say("rendering the sample messages")
    stories = _render(settings)
    os.environ["BATON_COMPANY_SEED"] = str(settings.home / "samples" / "company")
    async with running(settings, say=say, environment={"BATON_COMPANY_SEED": os.environ["BATON_COMPANY_SEED"]}) as up:
        runtime = build(settings)
        try:
            await _Demo(runtime, await up.client(), stories, progress).run()
            say("verifying the ledger")
            return await asyncio.to_thread(_shown, runtime, stories, began)
        finally:
            runtime.close()


def _clear(home: Path) -> None:
    """Begin anew; only ever in a home that a demo filled."""
    if (home / MARK).exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text("filled by `baton demo`, cleared by the next one\n")


def _render(settings: Settings) -> list[_Run]:
    open_project(settings.project)
    try:
        render, story = importlib.import_module("samples.render"), importlib.import_module("samples.story")
    except ModuleNotFoundError as error:
        raise NoSamples("this project has no `samples/`: submit messages of your own with `baton submit`") from error
    render.render_all(settings.home / "samples", date.today())
    return [_Run(one) for one in story.load_stories()]


class _Demo:
    """Submits what arrives, answers what waits, sends what customers reply, until every case has ended."""

    def __init__(self, runtime: Runtime, client: Client, runs: list[_Run], progress: Callable[[int, int], None]) -> None:
        self._runtime, self._client, self._runs, self._progress = runtime, client, runs, progress
        self._folder = runtime.settings.home / "samples"
        self._sign_in = SignIn.at(runtime.settings.home)

    async def run(self, patience: float = 60) -> None:
        """Until all ended, or nothing moved for `patience` seconds."""
        last, moved = -1, time.monotonic()
        while True:
            await self._submit_what_may_come()
            standing = self._standing()
            ended = sum(1 for run in self._runs if run.case and standing[run.case].status in ("closed", "stuck"))
            self._progress(ended, len(self._runs))
            if ended == len(self._runs) or time.monotonic() - moved > patience:
                return
            if ended != last:
                last, moved = ended, time.monotonic()
            await self._reply(standing)
            await self._decide()
            await asyncio.sleep(0.1)

    def _standing(self) -> dict[CaseId, Case]:
        with self._runtime.database.read() as connection:
            return {case.id: case for case in store.cases(connection)}

    async def _submit_what_may_come(self) -> None:
        standing = self._standing()
        ended = {run.story.name for run in self._runs if run.case and standing[run.case].status in ("closed", "stuck")}
        for run in self._runs:
            if run.case is None and (run.story.after is None or run.story.after in ended):
                run.case = await self._submit(run.story.file)

    async def _submit(self, file: str) -> CaseId:
        (name, process), *_ = self._runtime.project.processes.items()
        queue = self._runtime.settings.queue("work")
        path = self._folder / file
        done = await submit(self._runtime.engine, self._runtime.documents, self._client, path, name, process.temporal_name, queue)
        return done.case

    async def _reply(self, standing: dict[CaseId, Case]) -> None:
        for run in self._runs:
            if run.case and run.story.reply_file and not run.replied and standing[run.case].status == "waiting":
                run.replied = True
                await self._submit(run.story.reply_file)

    async def _decide(self) -> None:
        with self._runtime.database.read() as connection:
            waiting = store.tasks(connection)
        for task in waiting:
            run = next((run for run in self._runs if run.case == task.case), None)
            if run and (said := _next_said(run, task)):
                await self._say(run, task, said)

    async def _say(self, run: _Run, task: Task, said: Any) -> None:
        answer = deciding.signed(
            self._sign_in,
            task,
            PersonId(said.person),
            said.says,
            changes=said.changes,
            reason=said.reason,
            code=said.code,
            shown=("demo",),
        )
        try:
            await deciding.send(self._client, task.case, answer)
            run.answered += 1
        except deciding.Refused:
            # A refusal is part of some stories, and on record; the next sentence follows it.
            run.answered += 1


def _next_said(run: _Run, task: Task) -> Any:
    """What the story lets somebody say next, when it is about this task."""
    if run.answered >= len(run.story.decisions):
        return None
    said = run.story.decisions[run.answered]
    about = task.proposal.action if task.proposal else "question"
    return said if said.on in ("", about) else None


def _shown(runtime: Runtime, runs: Iterable[_Run], began: float) -> Shown:
    ledger = runtime.engine.ledger
    ledger.checkpoint()
    verified = ledger.verify()
    with runtime.database.read() as connection:
        known = {case.id: case for case in store.cases(connection)}
    lines = [_line(runtime, run, known[run.case]) for run in runs if run.case]
    effects = sum(1 for row in ledger.scan() if row.kind == "effect" and row.outcome == "written")
    about: dict[str, Json] = {"entries": verified.entries, "root": str(verified.root), "verified": verified.ok}
    return Shown(
        home=runtime.settings.home, cases=tuple(lines), effects=effects, ledger=about, seconds=round(time.monotonic() - began, 1)
    )


def _line(runtime: Runtime, run: _Run, case: Case) -> CaseLine:
    rows = runtime.engine.ledger.of_case(case.id)
    with runtime.database.read() as connection:
        handoffs = len(store.handoffs(connection, case.id))
    answers = [row for row in rows if row.kind == "answer" and row.outcome != "refused"]
    ended = case.closed or rows[-1].at
    return CaseLine(
        id=case.id,
        process=case.process,
        message=run.story.name,
        title=run.story.title,
        outcome=case.outcome.result if case.outcome else case.status,
        expected=run.story.expect.outcome,
        autonomous=not answers,
        verdicts=tuple(
            {"action": row.action, "outcome": row.outcome, "rules": list(row.rules)} for row in rows if row.kind == "verdict"
        ),
        approvals=tuple({"by": row.by.id, "says": row.outcome, "action": row.action} for row in answers),
        handoffs=handoffs,
        seconds=round((ended - case.opened).total_seconds(), 2),
        why=case.trouble or _why(rows) or (case.outcome.words if case.outcome else ""),
    )


def _why(rows: list[Decision]) -> str:
    """The conditions that sent the case to a person."""
    return "; ".join(dict.fromkeys(clause.words for row in rows if row.outcome == "needs_approval" for clause in row.failed))
