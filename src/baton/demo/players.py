"""The people of the demo: customers who write and reply, and staff who decide, each by the way that is open to them."""

import asyncio
import importlib
import importlib.util
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from temporalio.client import Client

from baton import deciding
from baton.cases import arrivals, store
from baton.demo.stories import Run
from baton.errors import BatonError
from baton.governance.stamps import SignIn
from baton.intake import DOOR, Submitted, submit
from baton.runtime.bootstrap import Runtime
from baton.types.cases import Case, Task
from baton.types.ids import CaseId, PersonId

COUNTERSIGNING = "samples.countersigning"
"""A module of the samples, where there is one: `async def countersign(runtime, home)` plays whoever signs by a link."""


_BREATH = 0.4
"""Seconds between two looks; the machine is there for the cases."""


class Players:
    """Submits what arrives, answers what waits, sends what customers reply, until every case has ended."""

    def __init__(self, runtime: Runtime, client: Client, runs: list[Run], progress: Callable[[int, int], None]) -> None:
        self._runtime, self._client, self._runs, self._progress = runtime, client, runs, progress
        self._folder = runtime.settings.home / "samples"
        self._sign_in = SignIn.at(runtime.settings.home)
        self._by_name = {run.story.name: run for run in runs}
        self._countersign = _countersigning()

    async def play(self, patience: float = 120) -> None:
        """Until all ended, or nothing moved for `patience` seconds."""
        last, moved = (-1, -1), time.monotonic()
        while True:
            standing = self._standing()
            await self._submit_what_may_come(standing)
            ended = sum(run.ended(standing) for run in self._runs)
            self._progress(ended, len(self._runs))
            if ended == len(self._runs) or time.monotonic() - moved > patience:
                return
            if (ended, len(standing)) != last:
                last, moved = (ended, len(standing)), time.monotonic()
            await self._reply(standing)
            await self._decide()
            await self._sign()
            await asyncio.sleep(_BREATH)

    async def _sign(self) -> None:
        if self._countersign:
            # A refusal is part of some stories, and on record.
            with suppress(BatonError):
                await self._countersign(self._runtime, self._runtime.settings.home)

    def _standing(self) -> dict[CaseId, Case]:
        """Every case as it stands, each with the story it came of."""
        new = {run.arrived: run for run in self._runs if run.arrived and not run.known}
        with self._runtime.database.read() as connection:
            opened = [one for one in arrivals.openings(connection, *new) if one.how == "opened"]
            for arrived, run in new.items():
                run.opened = [one.case for one in opened if one.arrived == arrived]
            return {case.id: case for case in store.cases(connection)}

    async def _submit_what_may_come(self, standing: dict[CaseId, Case]) -> None:
        for run in self._runs:
            if run.arrived is None and self._may_come(run, standing):
                done = await self._submit(run.story.file)
                run.arrived, run.known = done.case, done.how == "known"

    def _may_come(self, run: Run, standing: dict[CaseId, Case]) -> bool:
        after, during = run.story.after, run.story.during
        if after and not self._by_name[after].ended(standing):
            return False
        return not during or self._by_name[during].waits(standing)

    async def _submit(self, file: str) -> Submitted:
        process, runtime = self._runtime.project.processes[DOOR], self._runtime
        path, queue = self._folder / file, runtime.settings.queue("work")
        return await submit(runtime.engine, runtime.documents, self._client, path, DOOR, process.temporal_name, queue)

    async def _reply(self, standing: dict[CaseId, Case]) -> None:
        for run in self._runs:
            if run.story.reply_file and not run.replied and run.waits(standing) and not self._somebody_asks(run, standing):
                run.replied = True
                run.replies.append((await self._submit(run.story.reply_file)).case)

    def _somebody_asks(self, run: Run, standing: dict[CaseId, Case]) -> bool:
        """Whether a message is to come, or is being answered, while this case waits."""
        return any(other.story.during == run.story.name and not other.ended(standing) for other in self._runs)

    async def _decide(self) -> None:
        with self._runtime.database.read() as connection:
            waiting = store.tasks(connection)
        whose = {case: run for run in self._runs if not run.known for case in run.cases}
        for task in waiting:
            run = whose.get(task.case)
            if run and (said := run.next_said(task)):
                await self._say(run, task, said)

    async def _say(self, run: Run, task: Task, said: Any) -> None:
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


def _countersigning() -> Callable[[Runtime, Path], Any] | None:
    if importlib.util.find_spec(COUNTERSIGNING) is None:
        return None
    found: Callable[[Runtime, Path], Any] = importlib.import_module(COUNTERSIGNING).countersign
    return found
