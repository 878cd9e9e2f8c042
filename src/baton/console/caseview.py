"""One case as everybody may understand it: who holds it, how it came here, what was decided, written and sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, bindparam, select

from baton.cases import stages, store
from baton.cases.clock import moment, now
from baton.console.access import viewable
from baton.console.callers import called, caller_of
from baton.console.caselegs import Leg, legs_of, silences_of
from baton.console.customers import Other, others
from baton.console.i18n import _
from baton.console.ordersview import papers_of
from baton.console.signin.visitor import Visitor
from baton.console.staff import staff
from baton.console.tables import comment
from baton.console.wording import words
from baton.governance.proposing import title_of
from baton.matching import Beside
from baton.store.lookup import look_up
from baton.types.cases import Case, Task
from baton.types.decisions import Decision
from baton.types.documents import Document, Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId
from baton.types.verdicts import Proposal

Kind: TypeAlias = Literal["handoff", "verdict", "answer", "effect", "undo", "finding", "stop", "comment"]
_COMMENTS = select(comment).where(comment.c.case == bindparam("case")).order_by(comment.c.at)


class Sent(Frozen):
    """A letter that left."""

    at: datetime
    subject: str
    address: str
    decision: str


class Event(Frozen):
    """One thing that happened, in one line."""

    id: str
    kind: Kind
    at: datetime
    by: str
    who: Literal["agent", "person", "engine", "integration"]
    title: str
    outcome: str
    detail: str = ""
    can_undo: bool = False
    undone: bool = False


class CaseLook(Frozen):
    """Everything on the screen of one case."""

    case: Case
    who: str
    owner: str
    holder: str
    legs: tuple[Leg, ...]
    events: tuple[Event, ...]
    tasks: tuple[Task, ...]
    messages: tuple[Message, ...]
    sent: tuple[Sent, ...]
    documents: tuple[Document, ...]
    others: tuple[Other, ...]
    papers: tuple[Beside, ...]
    seconds: float
    waiting: float
    asked: float
    names: dict[str, str]

    @property
    def working(self) -> float:
        """How long nobody was waited for, in seconds."""
        return max(self.seconds - self.waiting - self.asked, 0.0)


def look(visitor: Visitor, id: str) -> CaseLook:
    """The case as this person may see it. Raises `NoCase` or `NotAllowed`."""
    bench = visitor.bench
    with visitor.reading() as connection:
        case = viewable(connection, visitor, id)
        everybody = staff(connection)
        tasks = tuple(store.tasks(connection, None, case.id))
        rows = bench.engine.ledger.of_case(case.id, connection)
        notes = list(_notes(connection, case.id, everybody.names))
        handoffs = stages.handoffs(connection, case.id)
        messages, documents = store.messages(connection, case.id), store.documents(connection, case.id)
        same, who = others(connection, case), called(connection, id)
    names = everybody.names
    events = sorted([*_Events(visitor, rows, names).all(), *notes], key=lambda event: event.at)
    legs = tuple(legs_of(case, handoffs, tasks, silences_of(case, rows, tasks, messages), names))
    return CaseLook(
        case=case,
        who=caller_of(bench, id) if who is None else who,
        owner=names.get(case.owner or "", ""),
        holder=names.get(case.holder or "", ""),
        legs=legs,
        events=tuple(events),
        tasks=tuple(task for task in tasks if task.status in ("open", "deciding")),
        messages=tuple(messages),
        sent=tuple(letter for row in rows for letter in _sent(row)),
        documents=tuple(documents),
        others=same,
        papers=papers_of(handoffs),
        seconds=((case.closed or now()) - case.opened).total_seconds(),
        waiting=sum(leg.waiting for leg in legs),
        asked=sum(leg.asked for leg in legs),
        names=names,
    )


def _notes(connection: Connection, case: CaseId, names: dict[str, str]) -> Iterator[Event]:
    for row in look_up(connection, _COMMENTS, {"case": case}):
        by = names.get(row.person, row.person)
        yield Event(id=row.id, kind="comment", at=moment(row.at), by=by, who="person", title=row.words, outcome="")


def _done(row: Decision) -> dict[str, Any]:
    private: dict[str, Any] = row.private  # empty once its person was erased
    return private.get("done") or {}


def _sent(row: Decision) -> Iterator[Sent]:
    """The letter that this effect was."""
    done = _done(row)
    if row.kind == "effect" and row.outcome == "written" and done.get("recipient"):
        subject = str(done.get("subject") or words(row.action.partition(".")[2]))
        yield Sent(at=row.at, subject=subject, address=str(done["recipient"]), decision=row.id)


class _Events:
    """The ledger's rows of a case, each in one line."""

    def __init__(self, visitor: Visitor, rows: Sequence[Decision], names: dict[str, str]) -> None:
        self._visitor, self._rows, self._names = visitor, rows, names
        self._proposals = {row.id: found for row in rows if (found := _proposal(row))}
        self._undone = {row.links.get("undoes") for row in rows if row.kind == "undo" and row.outcome == "undone"}

    def all(self) -> Iterator[Event]:
        """Every row that says something: a verdict that led to its effect is told by the effect."""
        acted = {row.links.get("verdict") for row in self._rows if row.kind == "effect"}
        for row in self._rows:
            if row.kind == "verdict" and row.id in acted:
                continue
            yield self._event(row)

    def _event(self, row: Decision) -> Event:
        return Event(
            id=row.id,
            kind=row.kind,
            at=row.at,
            by=self._names.get(row.by.id, row.by.id),
            who=row.by.kind,
            title=self._title(row),
            outcome=row.outcome,
            detail=self._detail(row),
            can_undo=self._can_undo(row),
            undone=row.id in self._undone,
        )

    def _title(self, row: Decision) -> str:
        match row.kind:
            case "handoff":
                return self._handoff(row)
            case "finding":
                return words(row.action.partition(".")[2] or row.action)
            case "stop":
                return str(row.detail.get("reason") or row.detail.get("stop") or "")
        if row.kind == "effect" and (subject := _done(row).get("subject")):
            return _("Letter: %(subject)s") % {"subject": subject}
        proposal = self._proposals.get(row.id) or self._proposals.get(row.links.get("verdict", "")) or self._of_step(row)  # type: ignore[call-overload]  # ids are text
        declared = self._visitor.bench.engine.declarations.get(row.action)
        if proposal is None or declared is None or not declared.says:
            return words(row.action.partition(".")[2]) if row.action else ""
        try:
            return title_of(declared, declared.action.model_validate(proposal.arguments))
        except ValueError:  # the action's model has changed since
            return words(row.action)

    def _of_step(self, row: Decision) -> Proposal | None:
        return next((found for found in self._proposals.values() if found.step == row.step), None)

    def _handoff(self, row: Decision) -> str:
        detail = row.detail
        match row.outcome:
            case "handed over" | "unassigned":
                return words(str(detail.get("to", "")))
            case "opened":
                return self._names.get(str(detail.get("owner")), "")
            case "brought_back":
                return str(detail.get("again"))
            case "assigned" | "escalated":
                return self._names.get(str(detail.get("to")), str(detail.get("to") or ""))
            case _:
                return words(str(detail.get("code") or detail.get("result") or ""))

    def _detail(self, row: Decision) -> str:
        private: dict[str, Any] = row.private
        if row.kind == "effect":
            wrote = (private.get("done") or {}).get("wrote", {})
            return ", ".join(f"{what}: {value}" for what, value in wrote.items()) or str(row.detail.get("error", ""))
        if row.kind == "answer":
            return str(row.detail.get("refusal") or private.get("reason") or row.detail.get("code") or "")
        if row.kind == "verdict":
            return "; ".join(clause.words for clause in row.failed)
        if row.kind == "undo":
            return str(row.detail.get("refusal") or row.detail.get("how") or "")
        return ""

    def _can_undo(self, row: Decision) -> bool:
        proposal = self._proposals.get(row.links.get("verdict", ""))  # type: ignore[call-overload]  # ids are text
        if row.kind != "effect" or row.outcome != "written" or row.detail.get("undo") == "none" or row.id in self._undone:
            return False
        return proposal is not None and self._visitor.bench.engine.policies.may(self._visitor.person, "undo", proposal).allowed


def _proposal(row: Decision) -> Proposal | None:
    return Proposal.model_validate(row.private["proposal"]) if row.kind == "verdict" and "proposal" in row.private else None
