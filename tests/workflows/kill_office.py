"""A case of the cash box whose worker or server is killed on the way, as the tests of that see it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import cash_box
import cash_office
import killed_worker
from office import PROJECT, a_message
from temporalio.client import Client, WorkflowHandle

from baton.cases import store
from baton.deciding import send, signed
from baton.governance.engine import Engine
from baton.governance.stamps import SignIn
from baton.replaying import replay
from baton.types.answers import Says
from baton.types.cases import Case, Task
from baton.types.decisions import Decision
from baton.types.ids import CaseId, PersonId

PATIENCE = 60.0
"""Seconds after which a case that does not end has failed its test."""


@dataclass
class KillOffice:
    """One home, one box, one worker in a process of its own, and one case."""

    client: Client
    address: str
    workers: "Workers"
    home: Path
    engine: Engine
    queue: str = field(default_factory=lambda: f"cash-{uuid.uuid4()}")

    @property
    def box(self) -> cash_box.Box:
        """The system of record."""
        return cash_box.Box(self.home / "box.db")

    @asynccontextmanager
    async def at_work(self, **environment: str) -> AsyncIterator[None]:
        """With a worker that is started again whenever it is killed."""
        for left in ("stop", "ended", "ready"):
            (self.home / left).unlink(missing_ok=True)
        self.workers.start(self.home, self.address, self.queue, {"CASH_BOX": str(self.box.path), **environment})
        try:
            yield
        finally:
            (self.home / "stop").touch()
            await eventually((self.home / "ended").exists, "the end of the worker", 20)

    async def submit(self, subject: str, sender: str = "ann@example.com", **more: Any) -> WorkflowHandle[Any, Any]:
        """Open the case. A lost workflow task is given to the next worker soon."""
        message = a_message(subject, sender).model_copy(update=more)
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "cash_box", f"CB{uuid.uuid4().hex[:6].upper()}", message)
        return await self.client.start_workflow(
            "CashBox", message, id=case, task_queue=self.queue, task_timeout=timedelta(seconds=2)
        )

    async def task(self, case: WorkflowHandle[Any, Any]) -> Task:
        """The case's open task, as soon as it waits for somebody."""
        found: list[Task] = await eventually(lambda: [task for task in self.tasks(case) if task.status == "open"], "a task")
        return found[0]

    async def say(self, task: Task, person: str, says: Says, **rest: Any) -> None:
        """What a person says; sent until it is taken, as the console does."""
        answer = signed(SignIn.at(self.home), task, PersonId(person), says, **rest)
        await send(self.client, task.case, answer, patience=PATIENCE)

    async def ended(self, case: WorkflowHandle[Any, Any]) -> dict[str, Any]:
        """The outcome."""
        return dict(await asyncio.wait_for(case.result(), PATIENCE))

    def tasks(self, case: WorkflowHandle[Any, Any]) -> list[Task]:
        """Every task of a case."""
        with self.engine.database.read() as connection:
            return store.tasks(connection, None, CaseId(case.id))

    def case(self, case: WorkflowHandle[Any, Any]) -> Case:
        """The case as the store has it."""
        with self.engine.database.read() as connection:
            return store.case(connection, CaseId(case.id))

    def rows(self, case: WorkflowHandle[Any, Any]) -> list[Decision]:
        """The case's decisions."""
        return self.engine.ledger.of_case(CaseId(case.id))

    def lives(self) -> list[int]:
        """How each life of the worker ended, so far."""
        ended = self.home / "lives"
        return [int(line) for line in ended.read_text().split()] if ended.exists() else []


class Workers:
    """Where workers come from; they do not outlive it."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(PROJECT), str(Path(__file__).parent)])
        self._process = subprocess.Popen(
            [sys.executable, killed_worker.__file__], stdin=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
        )

    def start(self, home: Path, address: str, queue: str, environment: dict[str, str]) -> None:
        """Start one."""
        assert self._process.stdin
        order = {"home": str(home), "address": address, "queue": queue, "environment": environment}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End them all."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


@asynccontextmanager
async def an_office(client: Client, address: str, workers: Workers, home: Path, migrated: Path) -> AsyncIterator[KillOffice]:
    """An office in an empty home."""
    home.mkdir(exist_ok=True)
    shutil.copyfile(migrated, home / "baton.db")
    engine = cash_office.an_engine(home)
    cash_office.prepare(engine)
    yield KillOffice(client, address, workers, home, engine)
    engine.database.close()


async def eventually(found: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """What `found` finds, as soon as there is something."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := found()):
        assert asyncio.get_running_loop().time() < deadline, f"{what} did not come within {seconds:g} s"
        await asyncio.sleep(0.05)
    return value


def story(rows: list[Decision]) -> list[tuple[str, str]]:
    """What the ledger tells about the steps of a case."""
    return [(row.kind, row.outcome) for row in rows if row.step]


def stands_once(office: KillOffice, case: WorkflowHandle[Any, Any]) -> None:
    """One payment, one effect row after the verdict that allowed it, a ledger that holds, and a case that has ended."""
    rows = office.rows(case)
    [effect] = [row for row in rows if row.kind == "effect"]
    assert effect.outcome == "written"
    [(key, _, _)] = office.box.payments()
    assert effect.links["key"] == key
    verdict = next(row for row in rows if row.id == effect.links["verdict"])
    assert (verdict.kind, verdict.outcome) in (("verdict", "autonomous"), ("verdict", "approved"))
    assert rows.index(verdict) < rows.index(effect)
    assert len(rows) == len({row.id for row in rows})
    assert office.engine.ledger.verify().ok
    again = replay(office.engine)
    assert (again.same, again.differs) == (again.verdicts, ())
    known = office.case(case)
    assert (known.status, known.trouble) == ("closed", "")
    assert {task.status for task in office.tasks(case)} <= {"decided"}
    with office.engine.database.read() as connection:
        assert store.alerts(connection) == []
