"""A company at the adversary's mercy: the real engine, policies and records, driven without a server."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.company.opening import open_company
from activities.company.settings import CompanySettings
from activities.company.staff import staff
from activities.crm.models import WhoWrites
from activities.crm.sandbox import Sandbox as Crm
from activities.erp.sandbox import Sandbox as Erp
from activities.mail.envelope import From
from activities.mail.letters import Letters
from activities.mail.outbox import Outbox
from activities.systems import use
from baton.cases import store
from baton.documents.store import open_store
from baton.errors import BatonError
from baton.governance.answering import Answers
from baton.governance.desk import StepHeader
from baton.governance.engine import Engine
from baton.governance.governor import Governor
from baton.governance.policy import Bundle, Policies
from baton.governance.stamps import SignIn
from baton.governance.undoing import Undoing, UndoRequest
from baton.ledger import Keys, Ledger
from baton.runtime.bootstrap import build
from baton.runtime.settings import load
from baton.runtime.up import migrate
from baton.store import Database
from baton.types.actions import Action
from baton.types.answers import Answer, Stamp
from baton.types.cases import Task
from baton.types.documents import Document, Message
from baton.types.findings import FieldFinding
from baton.types.ids import CaseId, DecisionId, PersonId, TaskId
from tests.integration.adversary_seed import Bought, orders, write_seed

PROJECT = Path(__file__).parents[2]
_BUSY = 12
_EFFECTS = {
    "GiftCard": "erp.issue_gift_card",
    "Goodwill": "erp.give_goodwill",
    "Repair": "erp.book_repair",
    "Replacement": "erp.send_replacement",
    "Recovery": "erp.recover_from_supplier",
    "DefectReport": "erp.record_defect",
    "OpenClaim": "crm.open_claim",
    "CloseClaim": "crm.close_claim",
    "Decline": "crm.decline_claim",
    "Letter": "mail.send_letter",
    "Question": "mail.ask_question",
}


@dataclass(frozen=True)
class Said:
    """What a person really said, and to what: kept by the test, so that the ledger's word is not taken for it."""

    answer: str
    person: str
    says: str
    task: Task
    changes: dict[str, Any]


@dataclass(frozen=True)
class Tried:
    """What became of one proposal."""

    how: str
    words: str = ""
    task: str = ""


@dataclass(frozen=True)
class Ground:
    """What every world is copied from: a migrated database, a seeded company, compiled policies."""

    folder: Path
    engine: Engine
    bought: tuple[Bought, ...]
    papers: tuple[Document, Document]


def prepare_ground(folder: Path) -> Ground:
    """Everything that takes seconds, once. `BATON_HOME` must be `folder`."""
    settings = load(project=str(PROJECT), home=str(folder))
    migrate(settings)
    runtime = build(settings)
    bought = orders()
    seed = write_seed(folder / "seed", bought)
    records = open_company(CompanySettings(url=f"sqlite:///{folder / 'company.db'}", seed=seed))
    with runtime.database.write() as connection:
        store.keep_people(connection, staff(records))
    runtime.engine.keep_bundle()
    for database in (records, runtime.database):
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        database.close()
    amounts = "\n".join(f"TOTAL {one.paid} {one.currency}" for one in bought)
    files = open_store(folder)
    papers = (files.put(amounts.encode(), "receipt.txt", "text/plain"), files.put(b"It broke.", "body.txt", "text/plain"))
    return Ground(folder, runtime.engine, bought, papers)


@dataclass
class World:
    """One company at work. It remembers what was tried and what people really said."""

    ground: Ground
    engine: Engine
    home: Path
    company: Database
    cases: list[CaseId] = field(default_factory=list)
    senders: dict[str, str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[StepHeader, Action]] = field(default_factory=list)
    tasks: list[TaskId] = field(default_factory=list)
    waiting: dict[str, tuple[StepHeader, Action]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    tried: list[Tried] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.governor = Governor(self.engine)
        self.answers = Answers(self.engine)
        self.sign_in = SignIn.at(self.ground.folder)

    # -- what comes in

    async def open(self, sender: str, subject: str = "claim") -> CaseId:
        """A message opens a case; the engine names its customer from the records."""
        receipt, body = self.ground.papers
        message = Message(
            id=f"<{uuid.uuid4()}@mail.example>",
            sender=sender,
            subject=subject,
            received=datetime.now(UTC),
            source=body,
            body=body,
            attachments=(receipt,),
        )
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "warranty_claim", "WC", message)
        self.cases.append(case)
        self.senders[case] = sender
        await self._run(self.header(case), "crm.find_customer", WhoWrites())
        return case

    def plant(self, case: CaseId, values: dict[str, Any], **trust: Any) -> None:
        """What the adversary makes the agent conclude: any values, as sure and as grounded as it likes."""
        sure: dict[str, Any] = {"agreement": "agreed", "grounded": True, "confidence": 1.0} | trust
        lies = bool(sure.pop("instruction_like_text", False))
        fields = [FieldFinding(name=name, value=value, **sure).model_dump(mode="json") for name, value in values.items()]
        body: dict[str, Any] = {"values": values, "fields": fields, "instruction_like_text": lies}
        with self.engine.database.write() as connection:
            store.keep_finding(connection, f"d-{uuid.uuid4()}", case, "Claim", body)

    # -- what is proposed

    def header(self, case: CaseId, number: int | None = None, **rest: Any) -> StepHeader:
        """The next step of a case, or one that was there before."""
        if number is None:
            number = self.steps[case] = self.steps.get(case, 0) + 1
        return StepHeader(case=case, process="warranty_claim", stage="claims", number=number, **rest)

    async def propose(self, header: StepHeader, action: Action) -> Tried:
        """One governed call, as the interceptor would make it; a task it opens waits for people."""
        self.calls.append((header, action))
        tried = await self._patiently(header, action)
        self.tried.append(tried)
        if tried.task:
            self.waiting[tried.task] = (header, action)
            self.decided.discard(tried.task)
            if tried.task not in self.tasks:
                self.tasks.append(TaskId(tried.task))
        return tried

    async def _patiently(self, header: StepHeader, action: Action) -> Tried:
        """Again while the engine asks to be asked again, as Temporal would."""
        for _ in range(_BUSY):
            try:
                await self._run(header, _EFFECTS[type(action).__name__], action)
                return Tried("done")
            except ApplicationError as error:
                if error.next_retry_delay is not None and not error.non_retryable:
                    continue
                task = dict(error.details[0]).get("task", "") if error.type == "needs_approval" else ""
                return Tried(str(error.type), error.message, str(task))
            except BatonError as error:
                return Tried(type(error).__name__, str(error))
            except Exception as error:
                return Tried("crash", repr(error))
        return Tried("busy")

    async def _run(self, header: StepHeader, name: str, argument: Any) -> Any:
        declared = self.engine.declarations[name]
        return await self.governor.run(declared, argument, header, declared.function)

    # -- what people say

    def task(self, id: TaskId) -> Task:
        """A task as it stands."""
        with self.engine.database.read() as connection:
            return store.task(connection, id)

    def sign(self, task: Task, person: str, says: Any, **rest: Any) -> Answer:
        """An answer that sign-in signed for this person."""
        empty = Stamp(expires=datetime.now(UTC), signature="")
        given: dict[str, Any] = {"id": str(uuid.uuid4()), "proposal": task.hash, "reason": "because"} | rest
        answer = Answer(task=task.id, person=PersonId(person), says=says, stamp=empty, **given)
        return answer.model_copy(update={"stamp": self.sign_in.stamp(answer)})

    def say(self, answer: Answer, genuine: bool = True) -> str:
        """Hand an answer to its case; the answer's row when it counts, else nothing."""
        before = self.task(answer.task)
        judged = self.answers.judge(answer, before.case)
        if not judged.accepted:
            return ""
        self.decided.add(answer.task)
        if genuine:
            self.said.append(Said(judged.answer, answer.person, answer.says, before, dict(answer.changes)))
        return judged.answer

    def after(self, task: Task, answer: str, answered: Answer) -> tuple[StepHeader, Action]:
        """The call that an honest process makes after somebody approved or edited."""
        header, action = self.waiting[task.id]
        leave = {"answer": answer, "task": task.id}
        if answered.says == "approve":
            return header.model_copy(update=leave), action
        edited = type(action).model_validate(action.model_dump(mode="json") | answered.changes)
        return header.model_copy(update=leave | {"revision": header.revision + 1}), edited

    async def undo(self, decision: str, person: str, lifetime: timedelta = timedelta(minutes=15)) -> bool:
        """A person wants an effect taken back."""
        empty = Stamp(expires=datetime.now(UTC), signature="")
        request = UndoRequest(decision=DecisionId(decision), person=PersonId(person), reason="wrong", stamp=empty)
        signed = request.model_copy(update={"stamp": self.sign_in.stamp(request, lifetime)})
        try:
            await Undoing(self.engine).take_back(signed)
        except ApplicationError:
            return False
        return True


@contextmanager
def a_world(ground: Ground, folder: Path, bundle: Bundle | None = None) -> Iterator[World]:
    """A fresh copy of the company, under its own policies or, for a mutant, under others."""
    folder.mkdir(parents=True)
    for name in ("baton.db", "company.db"):
        shutil.copyfile(ground.folder / name, folder / name)
    database, company = Database(f"sqlite:///{folder / 'baton.db'}"), Database(f"sqlite:///{folder / 'company.db'}")
    policies = ground.engine.policies
    if bundle is not None:
        policies = Policies(bundle, [one for one in ground.engine.declarations.values() if one.kind == "effect"])
    engine = replace(ground.engine, database=database, ledger=Ledger(database, Keys(folder)), policies=policies)
    engine.keep_bundle()
    mail = Outbox(folder / "outbox", Letters(company), From(name="Service", address="service@company.example"))
    with use(erp=Erp(company), crm=Crm(company), mail=mail):
        yield World(ground, engine, folder, company)
    for one in (database, company):
        one.close()
    shutil.rmtree(folder, ignore_errors=True)


def quick_folder(name: str) -> Path | None:
    """Room in memory, where nothing waits for a disk; None where there is none."""
    memory = Path("/dev/shm")
    return memory / f"{name}-{os.getpid()}" if memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30 else None
