"""Fills an installation with cases, decisions and open tasks as a busy company would have them, directly and fast."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from baton.cases import tables as t
from baton.cases.clock import written
from baton.console.auditview import index_of
from baton.console.tables import caller
from baton.documents.version import READER
from baton.governance.policy import Policies
from baton.ledger import entry, subjects, tree
from baton.runtime.bootstrap import Runtime
from baton.types.canonical import Json, plain
from baton.types.documents import Document, Line, Message, Page, Reading, Word
from baton.types.findings import Trust
from baton.types.ids import CaseId, StepKey, TaskId, decision_id
from baton.types.people import Person
from baton.types.verdicts import Proposal, Verdict
from benchmarks.console_moulds import AMOUNT, AT, CUSTOMER, NUMBER, Cast, Mould
from benchmarks.console_rows import AGENT, BODY, BOX, FACTS, ROWS, finding_of, own_step, rows_of

PROCESS, PREFIX = "warranty_claim", "WC"
HANDLERS = ("marta", "jonas", "ruth", "emeka")
FIRST = 100_000
"""The number of the first case: those that come through the door are numbered on from the last."""
_BATCH = 500


@dataclass(frozen=True)
class Size:
    """How much there is."""

    cases: int
    tasks: int

    @property
    def decisions(self) -> int:
        """Every case has so many."""
        return self.cases * ROWS


class Filling:
    """Makes everything for a range of cases and writes it."""

    def __init__(self, runtime: Runtime, size: Size) -> None:
        self._runtime, self._size = runtime, size
        self._random = random.Random(17)
        self._began = datetime.now(UTC) - timedelta(days=200)
        with runtime.database.read() as connection:
            self._staff = tuple(runtime.engine.people(connection).values())
        self._receipt, self._body, self._source = _documents(runtime)
        self._finding = finding_of(self._receipt, self._body)
        sample = self.proposal(FIRST)
        self._verdict = _verdict(runtime.engine.policies, sample, self._staff)
        self._keys: dict[str, entry.Key] = {}
        with runtime.database.write() as connection:
            self._roll = runtime.engine.keep_staff(connection, runtime.engine.people(connection))

        self._over, self._waiting = self._moulds(waits=False), self._moulds(waits=True)
        sealed = rows_of(sample, self._verdict, self._finding, AT, True, {"bundle": None, "staff": "", "customer": CUSTOMER})
        self._sealed = next(row for row in sealed if row.private)

    def run(self, say: Callable[[str], None]) -> None:
        """Write everything."""
        for start in range(0, self._size.cases, _BATCH):
            with self._runtime.database.write() as connection:
                self._batch(connection, range(start, min(start + _BATCH, self._size.cases)))
            if start % (20 * _BATCH) == 0:
                say(f"{start} of {self._size.cases} cases")

    def proposal(self, number: int, amount: str = "") -> Proposal:
        """What the agent of this case wants: a gift card over an amount that only people may give."""
        case, amount = CaseId(f"{PREFIX}-{number}"), amount or amount_of(number)
        paid: Json = {"amount": amount, "currency": "EUR"}
        return Proposal(
            case=case, process=PROCESS, stage="claims", step=StepKey(f"{case}/7/0"), action="erp.issue_gift_card",
            resource="GiftCard", arguments={"order": f"SO-{number}", "amount": paid}, proposer=AGENT,
            facts=FACTS | {"paid": paid, "cost": paid, "recoverable": paid},
            trust=Trust(grounded=True, disputed=False, confidence=0.95, instruction_like_text=False),
            spent={"customer_year": amount, "process_day": amount},
        )  # fmt: skip

    def _batch(self, connection: Connection, numbers: range) -> None:
        tables: dict[Any, list[dict[str, Any]]] = {
            one: [] for one in (t.case, t.message, t.document, t.handoff, t.finding, t.task, t.reservation, caller)
        }
        entries: list[entry.Entry] = []
        for number in numbers:
            waits = number >= self._size.cases - self._size.tasks
            for table, row in self._case(FIRST + number, waits):
                tables[table].append(row)
            entries += self._decisions(connection, FIRST + number, waits)
        for table, rows in tables.items():
            if rows:
                connection.execute(table.insert(), rows)
        tree.extend(connection, entries)

    def _moulds(self, waits: bool) -> list[Mould]:
        about = {"bundle": self._runtime.engine.policies.bundle.hash, "staff": self._roll, "customer": CUSTOMER}
        proposal = self.proposal(NUMBER, AMOUNT)
        rows = list(rows_of(proposal, self._verdict, self._finding, AT, waits, about))
        linked = [("7", "verdict"), ("7", "task"), ("7", "effect")]
        return [Mould(PREFIX, made, [own_step(made), *linked]) for made in rows]

    def _decisions(self, connection: Connection, number: int, waits: bool) -> Iterator[entry.Entry]:
        key = self._key(connection, self._customer(number))
        one = Cast(number, amount_of(number), self._customer(number), self._opened(number), key)
        for mould in self._waiting if waits else self._over:
            yield mould.cast(one)

    def _key(self, connection: Connection, customer: str) -> entry.Key:
        if customer not in self._keys:
            asked = self._sealed.model_copy(update={"subject": customer})
            found = subjects.key_for(connection, asked, self._runtime.engine.ledger.keys)
            assert found is not None
            self._keys[customer] = found
        return self._keys[customer]

    def _case(self, number: int, waits: bool) -> Iterator[tuple[Any, dict[str, Any]]]:
        id, at, holder = f"{PREFIX}-{number}", self._opened(number), HANDLERS[number % len(HANDLERS)]
        closed, due = at + timedelta(hours=5), datetime.now(UTC) + timedelta(minutes=self._random.randint(-60, 60 * 30))
        outcome = None if waits else {"result": "gift card", "words": "A gift card was issued."}
        yield t.case, {
            "id": id, "process": PROCESS, "number": number, "message": f"<{number}@mail.example>",
            "sender": f"c{number % 20_000}@mail.example", "status": "open" if waits else "closed", "stage": "claims",
            "customer": self._customer(number), "tier": "standard", "owner": "lena", "holder": holder if waits else None,
            "opened": written(at), "due": written(due) if waits else None, "closed": None if waits else written(closed),
            "body": {"subject": f"Espresso machine {number} leaks"} | ({"outcome": outcome} if outcome else {}),
        }  # fmt: skip
        yield (
            t.message,
            {"id": f"<{number}@mail.example>", "case": id, "at": written(at), "body": plain(self._message(number, at))},
        )
        for document in (self._body, self._receipt):
            yield t.document, {"case": id, "id": document.id, "body": plain(document)}
        yield t.handoff, _leg(id, 1, "customer-service", "intake", "lena", at, over=True)
        yield t.handoff, _leg(id, 2, "claims", "customer-service", holder, at + timedelta(hours=2), over=not waits)
        found = decision_id(StepKey(f"{id}/2/0"), "finding")
        yield t.finding, {"id": found, "case": id, "form": "Claim", "position": 0, "body": self._finding}
        yield caller, {"case": id, "name": f"Customer {number % 20_000}"}
        if waits:
            yield t.task, self._task(number, holder, due)
        else:
            yield t.reservation, {
                "step": f"{id}/7/0", "customer": self._customer(number), "process": PROCESS,
                "amount": int(float(amount_of(number)) * 10_000), "currency": "EUR", "at": written(at), "released": False,
            }  # fmt: skip

    def _task(self, number: int, holder: str, due: datetime) -> dict[str, Any]:
        proposal = self.proposal(number)
        opened = self._opened(number) + timedelta(hours=3)
        money = proposal.arguments["amount"]
        assert isinstance(money, dict)
        body = {
            "id": TaskId("t-" + decision_id(proposal.step, "task")[2:]), "kind": "proposal", "case": proposal.case,
            "process": PROCESS, "stage": "claims", "step": proposal.step, "department": "claims",
            "title": f"Issue a gift card of {money['amount']} EUR for order SO-{number}", "proposal": plain(proposal),
            "hash": proposal.hash, "verdict": decision_id(proposal.step, "verdict"), "failed": plain(self._verdict.failed),
            "approvers": list(self._verdict.approvers), "assignee": holder, "editable": ["amount"], "options": [], "evidence": {},
            "status": "open", "rung": 0, "opened": written(opened), "due": written(due), "decided": None, "note": "",
        }  # fmt: skip
        columns = {name: body[name] for name in ("id", "case", "status", "department", "assignee", "opened", "due")}
        return columns | {"body": body}

    def _message(self, number: int, at: datetime) -> Message:
        return Message(
            id=f"<{number}@mail.example>", sender=f"c{number % 20_000}@mail.example", subject=f"Espresso machine {number} leaks",
            received=at, source=self._source, body=self._body, attachments=(self._receipt,),
        )  # fmt: skip

    def _customer(self, number: int) -> str:
        return f"C-{number % 20_000}"

    def _opened(self, number: int) -> datetime:
        return self._began + timedelta(minutes=2.8 * (number - FIRST) * 100_000 / self._size.cases)


def amount_of(number: int) -> str:
    """What this case is about, in EUR."""
    return f"{389 + number % 97}.{number % 90 + 10}"


def _leg(case: str, position: int, stage: str, before: str, holder: str, at: datetime, *, over: bool) -> dict[str, Any]:
    left = written(at + timedelta(hours=2)) if over else None
    said = {"case": case, "position": position, "stage": stage, "from_stage": before, "holder": holder, "package": None}
    return said | {"entered": written(at), "due": written(at + timedelta(hours=8)), "left": left, "returned": None}


def fill(runtime: Runtime, size: Size, say: Callable[[str], None]) -> float:
    """Fill it; how many seconds that took, the auditors' index included."""
    began = time.perf_counter()
    Filling(runtime, size).run(say)
    runtime.engine.ledger.checkpoint()
    say("the auditors' index")
    index, before = index_of(runtime.database, runtime.settings.home), -1
    while (left := index.catch_up(20_000)) and left != before:
        before = left
    return time.perf_counter() - began


def _verdict(policies: Policies, proposal: Proposal, staff: tuple[Person, ...]) -> Verdict:
    found = policies.judge(proposal, staff)
    if found.outcome != "needs_approval":
        raise SystemExit(f"the policies say `{found.outcome}` to the benchmark's gift card: {found.errors or found.failed}")
    return found


def _documents(runtime: Runtime) -> tuple[Document, Document, Document]:
    """A receipt that was read, and a message; all cases share them, which no page can tell."""
    store = runtime.documents
    receipt = store.put(b"Harbour Kitchen B.V. receipt", "receipt.txt", "image/png")
    body = store.put(BODY.encode(), "message.txt", "text/plain")
    source = store.put(b"From: Customer <c@mail.example>\n\n" + BODY.encode(), "message.eml", "message/rfc822")
    words = tuple(Word(text=f"word{number}", polygon=BOX) for number in range(120))
    page = Page(
        number=1, width=800, height=1200, text=" ".join(one.text for one in words), words=words, lines=(Line(words=(0,)),)
    )

    store.put_reading(Reading(document=receipt.id, how="ocr", reader=READER, pages=(page,)))
    plain_page = Page(number=1, width=0, height=0, text=BODY, words=(), lines=())
    store.put_reading(Reading(document=body.id, how="text", reader=READER, pages=(plain_page,)))
    return receipt, body, source
