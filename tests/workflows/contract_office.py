"""Contract signing at work on the company's own samples, with one worker and days that pass at will."""

import asyncio
import contextlib
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from office import PROJECT, Office
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import contracts, crm, mail, signing
from activities.company.staff import staff
from agents.rekey import key_form
from agents.review import review_paper
from baton.cases import store
from baton.cases.bookkeeping import Bookkeeping
from baton.countersigning import Countersigning
from baton.deciding import Refused
from baton.documents.message import file_message
from baton.documents.pages import read_documents
from baton.documents.store import open_store
from baton.governance.declare import Declaration, declaration_of
from baton.governance.engine import Engine
from baton.governance.interceptors import Governance
from baton.governance.policy import Bundle, Policies
from baton.governance.stamps import SignIn
from baton.ledger import Keys, Ledger
from baton.links import Consent
from baton.runtime.sandbox import sandbox
from baton.store import Database
from baton.types.cases import Task
from baton.types.documents import Message
from baton.types.ids import CaseId
from samples.posting import first_message, reply_message
from samples.records import Sales, write_company
from samples.story import INBOX, Story, load_story
from workflows.contract_signing import ContractSigning

PATIENCE = 300.0
TODAY = date.today()
_LINK = re.compile(r"/sign/(\S+)")
ACTIVITIES = [
    *(getattr(system, name) for system in (contracts, crm, mail, signing) for name in system.__all__),
    key_form,
    review_paper,
]


def effects() -> list[Declaration]:
    """What contract signing may do."""
    return [found for found in map(declaration_of, ACTIVITIES) if found.kind == "effect" and not found.name.startswith("crm.")]


def policies() -> Policies:
    """The company's own, as far as they are about contract signing."""
    folder = PROJECT / "policies"
    files = [folder / "shared.cedar", folder / "contract_signing.cedar", *(folder / "tables" / "contract_signing").glob("*.csv")]
    return Policies(Bundle(texts={one.relative_to(folder).as_posix(): one.read_text() for one in files}), effects())


def a_home(home: Path, environment: Any) -> None:
    """A home whose company is the sample company; `environment` is a `MonkeyPatch`."""
    write_company(home / "company", TODAY)
    environment.setenv("BATON_HOME", str(home))
    environment.setenv("BATON_PROJECT", str(PROJECT))
    environment.setenv("BATON_COMPANY_SEED", str(home / "company"))
    environment.delenv("BATON_COMPANY_URL", raising=False)


def an_engine(database: Database, home: Path) -> Engine:
    """Governance over contract signing."""
    engine = Engine(
        database=database,
        ledger=Ledger(database, Keys(home)),
        policies=policies(),
        stamps=SignIn.at(home).checker(),
        declarations={declared.name: declared for declared in map(declaration_of, ACTIVITIES)},
        prefixes={"contract_signing": "CS"},
    )
    engine.keep_bundle()
    with database.write() as connection:
        store.keep_people(connection, staff())
    return engine


def a_story(number: str) -> Story:
    """A sample by its number."""
    return load_story(next(INBOX.glob(f"{number}-*.toml")))


@dataclass
class ContractOffice(Office):
    """Contract signing at work, as a test sees it."""

    environment: WorkflowEnvironment | None = None
    sales: Sales = field(default_factory=lambda: Sales(TODAY))

    @asynccontextmanager
    async def with_a_worker(self) -> AsyncIterator["ContractOffice"]:
        """With one worker for cases and one for pages."""
        shared: dict[str, Any] = {"interceptors": [Governance(self.engine)]}
        engine_activities = Bookkeeping(self.engine).activities()
        async with AsyncExitStack() as stack:
            for queue, activities, workflows in (
                (self.queue, [*ACTIVITIES, *engine_activities], [ContractSigning]),
                (f"{self.queue}-pages", [read_documents], []),
            ):
                worker = Worker(
                    self.client, task_queue=queue, workflows=workflows, activities=activities, workflow_runner=sandbox(), **shared
                )
                await stack.enter_async_context(worker)
            yield self

    async def receive(self, story: Story) -> WorkflowHandle[Any, Any]:
        """The story's first message opens a case."""
        message = self.filed(first_message(story, TODAY, self.sales))
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "contract_signing", f"CS{uuid.uuid4().hex[:6].upper()}", message)
        return await self.client.start_workflow("ContractSigning", message, id=case, task_queue=self.queue)

    async def reply(self, case: WorkflowHandle[Any, Any], story: Story) -> None:
        """The story's customer writes back."""
        await self.write(case, self.filed(reply_message(story, TODAY, self.sales)))

    async def write(self, case: WorkflowHandle[Any, Any], message: Message) -> None:
        """A message joins the case."""
        with self.engine.database.write() as connection:
            store.file_message(connection, CaseId(case.id), message)
        await case.signal("message", message)

    def filed(self, mail: bytes) -> Message:
        """A message and what came with it, on file."""
        return file_message(mail, open_store(self.home))

    async def link(self, case: WorkflowHandle[Any, Any], template: str = "countersign") -> str:
        """The personal link in the letter of this case, as soon as there is one."""
        letters = await self.until(lambda: self.letters(case, template), f"letter `{template}`")
        found = _LINK.search(letters[-1].get_body(("plain",)).get_content())
        assert found
        return found[1]

    def letters(self, case: WorkflowHandle[Any, Any], template: str = "") -> list[Any]:
        """The letters of a case, the first first."""
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (self.home / "outbox").glob("*.eml")]
        mine = [mail for mail in found if f"[{case.id}]" in mail["Subject"] and template in ("", mail["X-Letter"])]
        return sorted(mine, key=lambda mail: mail["Date"].datetime)

    def desk(self, client: Client | None = None) -> Countersigning:
        """Where readers of links say what they want."""

        async def connect() -> Client:
            return client or self.client

        return Countersigning(self.engine.database, open_store(self.home), self.home, connect)

    async def sign(self, case: WorkflowHandle[Any, Any], name: str, says: Any = "sign", reason: str = "") -> Consent:
        """The customer answers through the link."""
        return await self.desk().say(await self.link(case), says, name, reason)

    async def decide(self, case: WorkflowHandle[Any, Any], person: str, says: Any, on: str, **rest: Any) -> None:
        """What a person says to the task about this action, as soon as it waits."""
        task = await self.until(lambda: self.waiting(case, on), f"task `{on}`")
        await self.say(task, person, says, **rest)

    def waiting(self, case: WorkflowHandle[Any, Any], on: str) -> Task | None:
        """The open task about an action, or `question`."""
        for task in self.tasks(case):
            if task.status == "open" and on == (task.proposal.action if task.proposal else "question"):
                return task
        return None

    async def go_live(self, case: WorkflowHandle[Any, Any]) -> dict[str, Any]:
        """Onboarding says that the customer is live."""
        await self.decide(case, "noor", "approve", "question", changes={"option": "live"})
        return await self.ended(case)

    async def ended(self, case: WorkflowHandle[Any, Any]) -> dict[str, Any]:
        """The outcome, without more time passing."""
        if self.environment is None:
            return dict(await asyncio.wait_for(case.result(), PATIENCE))
        with self.environment.auto_time_skipping_disabled():
            return dict(await asyncio.wait_for(case.result(), PATIENCE))

    async def pass_time(self, **long: float) -> None:
        """So much later."""
        assert self.environment
        await asyncio.wait_for(self.environment.sleep(timedelta(**long)), PATIENCE)

    async def until(self, found: Any, what: str) -> Any:
        """What `found` finds, as soon as there is something."""
        for _ in range(int(PATIENCE / 0.05)):
            if value := found():
                return value
            await asyncio.sleep(0.05)
        raise AssertionError(f"{what} did not come")

    async def play(self, story: Story) -> dict[str, Any]:
        """The whole story: what staff decide, what the customer writes back and says through the link."""
        case, said, replied, answered = await self.receive(story), 0, False, False
        for _ in range(int(PATIENCE / 0.1)):
            known = self.case(case)
            if known.status in ("closed", "stuck"):
                assert known.outcome, known.trouble
                return known.outcome.model_dump()
            if known.status == "waiting" and story.reply and not replied:
                replied = True
                await self.reply(case, story)
            elif story.countersign and not answered and self.letters(case, "countersign"):
                answered = True
                await self.sign(case, story.countersign.name, story.countersign.says, story.countersign.reason)
            elif said < len(story.decisions) and (task := self.waiting(case, story.decisions[said].on)):
                next_, said = story.decisions[said], said + 1
                with contextlib.suppress(Refused):  # a refusal is part of some stories
                    changes = {"changes": next_.changes, "reason": next_.reason, "code": next_.code}
                    await self.say(task, next_.person, next_.says, **changes)
            await asyncio.sleep(0.1)
        raise AssertionError(f"`{story.name}` did not end: {self.case(case)}, {self.tasks(case)}")
