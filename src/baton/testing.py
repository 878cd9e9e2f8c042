"""A house to test processes in: this project on a real server, with records of its own, for as long as a test lasts.

async with open_house(tmp_path) as house:
    case = await house.submit("warranty_claim", "ann@example.com", "My kettle broke", "It leaks.")
    await house.say(await house.task(case), "lena", option="warranty claim")
    assert (await house.outcome(case)).result == "gift card"
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import TypeVar

from temporalio.client import Client

from baton.cases import arrivals, store
from baton.deciding import send, signed
from baton.governance.stamps import SignIn
from baton.intake import DOOR, Submitted, submit
from baton.runtime.bootstrap import Runtime, build, prepare
from baton.runtime.settings import Settings, load
from baton.runtime.up import running
from baton.runtime.worker import make_worker
from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.cases import Case, Outcome, Task
from baton.types.decisions import Decision
from baton.types.ids import CaseId, PersonId
from baton.types.people import Person

T = TypeVar("T")
PATIENCE = 120.0
"""Seconds after which what does not come has failed its test."""


class House:
    """This project at work, as a test sees it."""

    def __init__(self, runtime: Runtime, client: Client) -> None:
        self.runtime, self.client = runtime, client
        self.home = runtime.settings.home
        self._sign_in = SignIn.at(self.home)

    async def submit(
        self, process: str, sender: str, subject: str, body: str, files: Mapping[str, bytes] = {}, reply_to: str = ""
    ) -> CaseId:
        """A message for one process, or for the door (`intake`), which tells by itself."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "office@company.example", subject
        mail["Message-ID"] = make_msgid(domain="mail.example")
        if reply_to:
            mail["In-Reply-To"] = reply_to
        mail.set_content(body)
        for name, data in files.items():
            mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
        return (await self.bring(bytes(mail), process)).case

    async def bring(self, raw: bytes, process: str = DOOR) -> Submitted:
        """A message as it came."""
        runtime, file = self.runtime, self.home / "brought.eml"
        file.write_bytes(raw)
        workflow, queue = runtime.project.processes[process].temporal_name, runtime.settings.queue("work")
        return await submit(runtime.engine, runtime.documents, self.client, file, process, workflow, queue)

    async def task(self, case: CaseId) -> Task:
        """The case's open task, as soon as it waits for somebody."""

        def look() -> Task | None:
            with self.runtime.database.read() as connection:
                return next(iter(store.tasks(connection, "open", case)), None)

        return await self.eventually(look, f"a task of {case}")

    async def say(
        self,
        task: Task,
        person: str,
        says: Says = "approve",
        *,
        option: str = "",
        changes: Mapping[str, Json] = {},
        reason: str = "",
    ) -> None:
        """What a person answers, by the same way as `baton decide`; `option` is the choice of a question."""
        chosen = {**changes, **({"option": option} if option else {})}
        answer = signed(self._sign_in, task, PersonId(person), says, changes=chosen, reason=reason, shown=("test",))
        await send(self.client, task.case, answer, patience=PATIENCE)

    async def outcome(self, case: CaseId) -> Outcome:
        """How the case ended, as soon as it has."""
        found = await self.eventually(lambda: self._ended(case), f"the end of {case}")
        assert found.outcome is not None, f"{case} is stuck: {found.trouble}"
        return found.outcome

    async def eventually(self, look: Callable[[], T | None], what: str) -> T:
        """What `look` finds, as soon as there is something."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while (found := look()) is None:
            assert asyncio.get_running_loop().time() < deadline, f"{what} did not come within {PATIENCE:g} s"
            await asyncio.sleep(0.05)
        return found

    def case(self, case: CaseId) -> Case:
        """A case as it stands."""
        with self.runtime.database.read() as connection:
            return store.case(connection, case)

    def person(self, id: str) -> Person:
        """Somebody on the staff."""
        with self.runtime.database.read() as connection:
            return next(one for one in store.people(connection) if one.id == id)

    def became(self, case: CaseId) -> list[CaseId]:
        """The cases that a message at the door became."""
        with self.runtime.database.read() as connection:
            return [one.case for one in arrivals.openings(connection, case) if one.how == "opened"]

    def rows(self, case: CaseId) -> list[Decision]:
        """Every decision of a case, oldest first."""
        return self.runtime.engine.ledger.of_case(case)

    def letters(self) -> list[str]:
        """The letters written so far, as they lie in the outbox."""
        return [file.read_text(errors="replace") for file in sorted((self.home / "outbox").glob("*.eml"))]

    def _ended(self, case: CaseId) -> Case | None:
        found = self.case(case)
        return found if found.status in ("closed", "stuck") else None


@asynccontextmanager
async def open_house(home: Path, **environment: str) -> AsyncIterator[House]:
    """Everything up, in this process and in `home`; `environment` adds settings by their variables."""
    settings = load(home=str(home))
    before = dict(os.environ)
    os.environ.update({**settings.environment(), **environment})
    try:
        async with _at_work(load()) as house:
            yield house
    finally:
        os.environ.clear()
        os.environ.update(before)


@asynccontextmanager
async def _at_work(settings: Settings) -> AsyncIterator[House]:
    async with running(settings, workers=()) as up:
        runtime = build(settings)
        try:
            prepare(runtime)
            client = await up.client()
            async with make_worker(client, runtime, "work"), make_worker(client, runtime, "pages"):
                yield House(runtime, client)
        finally:
            runtime.close()
