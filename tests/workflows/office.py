"""An office: one worker with governance around the petty-cash process, as tests see it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import petty_cash
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from baton.cases import store
from baton.cases.bookkeeping import Bookkeeping
from baton.cases.requests import Judged
from baton.deciding import send, signed
from baton.governance.declare import declaration_of
from baton.governance.engine import Engine
from baton.governance.interceptors import Governance
from baton.governance.policy import Bundle, Policies
from baton.governance.stamps import SignIn
from baton.governance.undoing import Undo, Undoing
from baton.ledger import Keys, Ledger
from baton.runtime.sandbox import sandbox
from baton.store import Database
from baton.types.cases import Case, Task
from baton.types.decisions import Decision
from baton.types.documents import Document, Message
from baton.types.ids import CaseId, DocumentId, PersonId

PROJECT = Path(__file__).parents[2]


@dataclass
class Office:
    """The petty-cash process at work, as a test sees it."""

    client: Client
    engine: Engine
    home: Path
    queue: str = field(default_factory=lambda: f"office-{uuid.uuid4()}")

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Office"]:
        """With one worker."""
        activities = [
            petty_cash.pay_out,
            petty_cash.look_at,
            *Bookkeeping(self.engine).activities(),
            Undoing(self.engine).take_back,
        ]
        async with Worker(
            self.client,
            task_queue=self.queue,
            workflows=[petty_cash.PettyCash, Undo],
            activities=activities,
            interceptors=[Governance(self.engine)],
            workflow_runner=sandbox(),
        ):
            yield self

    async def submit(self, subject: str, sender: str = "ann@example.com") -> WorkflowHandle[Any, Any]:
        """A message that says what to do opens a case."""
        message = a_message(subject, sender)
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "petty_cash", f"PC{uuid.uuid4().hex[:6].upper()}", message)
        return await self.client.start_workflow("PettyCash", message, id=case, task_queue=self.queue)

    async def outcome(self, subject: str) -> dict[str, Any]:
        """Submit, and wait for the end."""
        return dict(await (await self.submit(subject)).result())

    async def task(self, case: WorkflowHandle[Any, Any], at_least: int = 1) -> Task:
        """The case's open task, as soon as there is one."""
        for _ in range(400):
            found = [task for task in self.tasks(case) if task.status == "open"]
            if len(self.tasks(case)) >= at_least and found:
                return found[0]
            await asyncio.sleep(0.02)
        raise AssertionError(f"no task was opened: {self.rows(case)}")

    def tasks(self, case: WorkflowHandle[Any, Any]) -> list[Task]:
        """Every task of a case."""
        with self.engine.database.read() as connection:
            return store.tasks(connection, None, CaseId(case.id))

    def case(self, case: WorkflowHandle[Any, Any]) -> Case:
        """The case as the store has it."""
        with self.engine.database.read() as connection:
            return store.case(connection, CaseId(case.id))

    def rows(self, case: WorkflowHandle[Any, Any], kind: str = "") -> list[Decision]:
        """The case's decisions."""
        return [row for row in self.engine.ledger.of_case(CaseId(case.id)) if kind in ("", row.kind)]

    async def say(self, task: Task, person: str, says: Any, **rest: Any) -> Judged:
        """What a person says, signed as sign-in would."""
        return await send(self.client, task.case, signed(SignIn.at(self.home), task, PersonId(person), says, **rest))


def a_message(subject: str, sender: str = "ann@example.com") -> Message:
    """A filed message."""
    text = Document(id=DocumentId(uuid.uuid4().hex * 2), name="message.txt", media_type="text/plain", size=1)
    return Message(
        id=f"<{uuid.uuid4()}@example.com>",
        sender=sender,
        subject=subject,
        received=datetime(2026, 1, 1, tzinfo=UTC),
        source=text,
        body=text,
    )


def an_engine(database: Database, home: Path, policy: str = petty_cash.POLICY) -> Engine:
    """Governance over the petty-cash process."""
    declared = declaration_of(petty_cash.pay_out)
    shared = (PROJECT / "policies" / "shared.cedar").read_text()
    texts = {"shared.cedar": shared, "petty_cash.cedar": policy, "tables/clocks.csv": petty_cash.CLOCKS}
    engine = Engine(
        database=database,
        ledger=Ledger(database, Keys(home)),
        policies=Policies(Bundle(texts=texts), [declared]),
        stamps=SignIn.at(home).checker(),
        declarations={declared.name: declared},
        prefixes={"petty_cash": "PC"},
    )
    engine.keep_bundle()
    with database.write() as connection:
        store.keep_people(connection, petty_cash.STAFF)
    return engine
