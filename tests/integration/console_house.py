"""A console over real stores and the company's own policies, with staff, a case and a task to decide."""

import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from baton.cases import stages, store
from baton.cases.clock import now
from baton.console.app import create_app
from baton.console.bench import Bench
from baton.console.settings import load_console
from baton.documents.store import FolderStore
from baton.documents.version import READER
from baton.governance.answering import Answers
from baton.governance.engine import Engine
from baton.governance.stamps import SignIn
from baton.ledger import Keys, Ledger
from baton.runtime.connect import NotRunning
from baton.store import Database
from baton.types.canonical import plain
from baton.types.cases import Task
from baton.types.documents import Document, Line, Message, Page, Reading, Word
from baton.types.findings import Evidence, FieldFinding, Keyed
from baton.types.ids import CaseId, TaskId, decision_id
from baton.types.people import Person
from tests.policies.claims import POLICIES, effects, gift_card

ADDRESS = "http://console.test"


def person(id: str, name: str, department: str, *roles: str, active: bool = True) -> Person:
    return Person(
        id=id,
        name=name,
        department=department,
        roles=frozenset(roles),
        email=f"{id}@example.com",
        active=active,  # type: ignore[arg-type]
    )


STAFF = (
    person("marta", "Marta Wiśniewska", "claims", "claims-handler"),
    person("jonas", "Jonas Reinholt", "claims", "claims-handler"),
    person("ruth", "Ruth Adeyemi", "claims", "claims-manager"),
    person("lena", "Lena Okafor", "customer-service", "customer-service-agent"),
    person("beatrix", "Beatrix Lund", "compliance", "compliance-officer"),
    person("kwame", "Kwame Asante", "quality", "quality-engineer"),
    person("priya", "Priya Raman", "claims", "claims-handler", active=False),
)
BODY = "Dear all,\n\nmy kettle broke. Serial 4Q7-8B213B on the bottom.\n\nIlse de Wit\n"
MAIL = f"From: Ilse de Wit <ilse@example.org>\nSubject: Kettle broke\n\n{BODY}".encode()


class Cases:
    """What running cases do with an answer, without the server between: the same judgement, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self.answers, self.taken = Answers(engine), 0

    def get_workflow_handle(self, case: str) -> "Cases":
        self.case = case
        return self

    async def execute_update(self, name: str, answer: Any, *, id: str, result_type: Any) -> Any:
        assert (name, id) == ("answer", answer.id)
        self.taken += 1
        return self.answers.judge(answer, CaseId(self.case))


@dataclass
class House:
    """One installation of the console."""

    database: Database
    home: Path
    up: bool = True
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("documents", "keys"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        self.documents = FolderStore.from_home(self.home)
        sign_in = SignIn.at(self.home)
        self.engine = Engine(
            database=self.database,
            ledger=Ledger(self.database, Keys(self.home)),
            policies=POLICIES,
            stamps=sign_in.checker(),
            declarations={declared.name: declared for declared in effects()},
            prefixes={"warranty_claim": "WC"},
        )
        self.cases = Cases(self.engine)
        with self.database.write() as connection:
            store.keep_people(connection, STAFF)
        console = load_console(**{"undo_seconds": 0, **self.settings})
        self.bench = Bench(self.engine, self.documents, sign_in, console, self.home, self._connect())
        self.app = create_app(self.bench)

    def _connect(self) -> Callable[[], Awaitable[Any]]:
        async def connect() -> Any:
            if not self.up:
                raise NotRunning("Baton is not running: start it with `baton up`")
            return self.cases

        return connect

    # -- visitors

    def browser(self, who: str | None = None) -> "Browser":
        """A browser; signed in when it is said as whom."""
        browser = Browser(TestClient(self.app, base_url=ADDRESS, follow_redirects=False))
        if who:
            assert browser.sign_in(who).status_code == 303
        return browser

    # -- work

    def file(self, name: str = "Kettle broke") -> CaseId:
        """A case with a message, a receipt that was read, and a serial number in dispute."""
        receipt = self.documents.put(_receipt(), "receipt.png", "image/png")
        body = self.documents.put(BODY.encode() + name.encode(), "message.txt", "text/plain")
        source = self.documents.put(MAIL + name.encode(), "message.eml", "message/rfc822")
        self.documents.put_reading(_read(receipt))
        message = Message(
            id=f"<{name}@example.org>",
            sender="ilse@example.org",
            subject=name,
            received=now(),
            source=source,
            body=body,
            attachments=(receipt,),
        )
        with self.database.write() as connection:
            case, _ = store.register(connection, "warranty_claim", "WC", message)
            stages.enter_stage(connection, case, 1, "claims", "intake", "marta", now() + timedelta(hours=8), {})  # type: ignore[arg-type]
            found = {"values": {}, "fields": [plain(one) for one in _fields(receipt, body)], "notes": ["two readings differ"]}
            store.keep_finding(connection, f"d-{case}", case, "Claim", found | {"instruction_like_text": False, "made_with": {}})
        return case

    def belongs(self, case: CaseId, customer: str) -> CaseId:
        """Say whose case it is."""
        with self.database.write() as connection:
            store.name_customer(connection, case, customer, "gold")  # type: ignore[arg-type]
            store.name_owner(connection, case, "lena")  # type: ignore[arg-type]
        return case

    def task(self, case: CaseId, amount: str = "389.00", *, to: str = "marta", hours: float = 5, **facts: Any) -> Task:
        """A gift card that the agent may not give alone."""
        proposal = gift_card(amount, **facts).model_copy(update={"case": case, "step": f"{case}/{amount}/0"})
        verdict = POLICIES.judge(proposal, STAFF)
        assert verdict.outcome == "needs_approval"
        made = Task(
            id=TaskId("t-" + decision_id(proposal.step, "task")[2:]), kind="proposal", case=case, process="warranty_claim",
            stage="claims", step=proposal.step, department="claims",
            title=f"Issue a gift card of {amount} EUR for order SO-1", proposal=proposal,
            hash=proposal.hash, failed=verdict.failed, approvers=verdict.approvers,
            assignee=to, editable=("amount",),  # type: ignore[arg-type]
            opened=now(), due=now() + timedelta(hours=hours),
        )  # fmt: skip
        with self.database.write() as connection:
            store.open_task(connection, made)
        return made

    def standing(self, task: Task) -> str:
        """How the task stands in the case store."""
        with self.database.read() as connection:
            return store.task(connection, task.id).status


@dataclass
class Browser:
    """Clicks as a person does: every form with the token of the page it stands on."""

    client: TestClient
    token: str = ""

    def sign_in(self, who: str, **more: str) -> Response:
        token = _token(self.client.get("/sign-in").text)
        answer = self.client.post("/sign-in", data={"csrf": token, "person": who, **more})
        if answer.status_code == 303:
            page = self.client.get("/inbox").text
            self.token = _token(page)
        return answer

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: Any) -> Response:
        return self.client.post(path, data={"csrf": self.token, **fields})

    def answer(self, task: Task, says: str, **fields: str) -> Response:
        """What the buttons of the task's page send; the disputed serial is chosen as the e-mail says it."""
        named = {name.replace("__", ":"): value for name, value in fields.items()}
        return self.post(f"/tasks/{task.id}/answer", **{"says": says, "hash": task.hash, "reading:serial": "2", **named})


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def _receipt() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(picture, "PNG")
    return picture.getvalue()


BOX = ((0.1, 0.1), (0.5, 0.12), (0.5, 0.16), (0.1, 0.14))


def _read(receipt: Document) -> Reading:
    word = Word(text="4Q7-88213B", polygon=BOX)
    page = Page(number=1, width=400, height=600, text=word.text, words=(word,), lines=(Line(words=(0,)),))
    return Reading(document=receipt.id, how="ocr", reader=READER, pages=(page,))


def _fields(receipt: Document, body: Document) -> list[FieldFinding]:
    printed = Evidence(document=receipt.id, page=1, text="4Q7-88213B", polygons=(BOX,))
    at = BODY.index("4Q7-8B213B")
    said = Evidence(document=body.id, page=1, text="4Q7-8B213B", span=(at, at + 10))
    readings = (
        Keyed(value="4Q7-88213B", reader="rules/1", confidence=0.9, evidence=printed),
        Keyed(value="4Q7-8B213B", reader="crf/1", confidence=0.8, evidence=said),
    )
    paid = {"amount": "389.00", "currency": "EUR"}
    return [
        FieldFinding(name="paid", value=paid, agreement="agreed", grounded=True, confidence=0.97, evidence=printed),
        FieldFinding(
            name="serial",
            value="4Q7-88213B",
            agreement="disputed",
            grounded=True,
            confidence=0.6,
            evidence=printed,
            readings=readings,
        ),
    ]
