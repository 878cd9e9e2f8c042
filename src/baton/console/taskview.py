"""One task as a person decides about it: evidence, reasons, what will be written, the clock, and what they may do."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from baton.cases import store
from baton.cases.clock import now
from baton.console import asking, reasons
from baton.console.absences import away, stands_for
from baton.console.access import viewable
from baton.console.callers import called, caller_of
from baton.console.codes import Code, codes
from baton.console.evidence import evidence
from baton.console.outbox import Said, said_of
from baton.console.ownpapers import named_in, own_papers
from baton.console.screen import known_to, opened
from baton.console.shown import Shown
from baton.console.signin.visitor import Visitor
from baton.console.staff import staff
from baton.console.tables import comment
from baton.console.wording import is_money, words
from baton.console.work import amount_of
from baton.store.lookup import look_up
from baton.types.canonical import Json
from baton.types.cases import Case, Task
from baton.types.frozen import Frozen
from baton.types.ids import TaskId
from baton.types.people import Person

_COMMENTS = select(comment).where(comment.c.case == bindparam("case")).order_by(comment.c.at)


class Write(Frozen):
    """One value that will be written."""

    name: str
    label: str
    before: Json
    after: Json
    editable: bool

    @property
    def lines(self) -> list[Any]:
        """Its items, where it is a list of things with fields of their own."""
        return self.after if isinstance(self.after, list) and all(isinstance(one, dict) for one in self.after) else []


class Comment(Frozen):
    """What somebody of the staff noted."""

    by: str
    at: datetime
    words: str


class Look(Frozen):
    """Everything on the screen of one task."""

    task: Task
    case: Case
    who: str
    amount: Json
    shown: Shown
    why: reasons.Why | None
    writes: tuple[Write, ...]
    undo: str
    facts: tuple[tuple[str, Json, bool], ...]
    """What the records say: name, value, and whether a failed condition read it."""
    may_approve: bool
    may_answer: bool
    may_assign: bool
    hindrance: str
    approvers: tuple[Person, ...]
    colleagues: tuple[Person, ...]
    said: Said | None
    said_by: str
    comments: tuple[Comment, ...]
    questions: tuple[asking.Question, ...]
    askable: tuple[Person, ...]
    """Colleagues who may look at the case."""
    away: dict[str, datetime]
    """Who of them is away, and until when."""
    stands_in: bool
    """Whether this person sees the task because its holder is away."""
    names: dict[str, str]
    reject_codes: tuple[Code, ...]
    return_codes: tuple[Code, ...]
    process_words: str
    known: str | None
    """The hash of what this person had on the screen of it before."""

    @property
    def is_new(self) -> bool:
        """Whether this person has not had it on the screen as it is now."""
        return self.task.status == "open" and self.known != self.task.hash

    @property
    def open_fields(self) -> tuple[str, ...]:
        """Fields in dispute on which the proposal rests: each wants a choice before an approval."""
        return tuple(field.name for field in self.shown.fields if field.state == "open" and field.weighs)

    @property
    def on_screen(self) -> tuple[str, ...]:
        """What was shown, for the record; names and places, no personal values."""
        papers = [f"document {paper.id[:12]}" for paper in self.shown.papers]
        fields = [f"field {field.name}" for field in self.shown.fields]
        held = [f"reason {reason.rule}/{reason.position}" for reason in (self.why.reasons if self.why else ())]
        return ("console task page", *papers, *fields, *held, *(["writes"] if self.writes else []), "facts")


def look(visitor: Visitor, id: TaskId) -> Look:
    """The task as this person may see it; that it was opened is noted. Raises `NoTask` or `NotAllowed`."""
    looked = see(visitor, id)
    if looked.is_new:
        seen_by(visitor, looked)
    return looked


def seen_by(visitor: Visitor, looked: Look) -> None:
    """Keep what this person has on the screen."""
    shown = ("task by api",) if visitor.how == "api" else looked.on_screen
    opened(visitor.bench.database, looked.task, visitor.person, shown, looked.known)


def see(visitor: Visitor, id: TaskId) -> Look:
    """The same, for whoever notes it themselves where it `is_new`."""
    bench = visitor.bench
    with visitor.reading() as connection:
        task = store.task(connection, id)
        case = viewable(connection, visitor, task.case)
        declared = bench.engine.declarations.get(task.proposal.action) if task.proposal else None
        everybody = staff(connection)
        people = everybody.people
        shown = evidence(bench, connection, task.case, declared.rests_on if declared else ())
        if named_in(task.proposal).keys() - (papers := {paper.id for paper in shown.papers}):
            own = tuple(own_papers(bench, connection, task.proposal, papers))
            shown = shown.model_copy(update={"papers": own + shown.papers})
        comments = _comments(connection, task.case, people)
        questions = asking.of_case(connection, task.case)
        askable = asking.could_be_asked(connection, visitor, case, everybody) if task.status == "open" else ()
        absent = away(connection, now())
        said, who, known = said_of(connection, id), called(connection, task.case), known_to(connection, task, visitor.person)
    permission = visitor.may_approve(task.proposal) if task.proposal else None
    may_approve = permission.allowed if permission else _may_answer(visitor, task)
    return Look(
        task=task,
        case=case,
        who=caller_of(bench, task.case) if who is None else who,
        amount=amount_of(bench.engine.policies, dict(task.proposal) if task.proposal else None, task.evidence),
        shown=shown,
        why=reasons.why(bench, task) if task.proposal else None,
        writes=_writes(task, {paper.id: paper.name for paper in shown.papers}),
        undo=declared.undo.how if declared else "",
        facts=_facts(task),
        may_approve=may_approve,
        may_answer=may_approve or _may_answer(visitor, task),
        may_assign=visitor.may("baton:assign", department=task.department),
        hindrance="; ".join(clause.words for clause in permission.failed) if permission and not may_approve else "",
        approvers=tuple(one for one in people if one.id in task.approvers and one.active and one.id != visitor.person.id),
        colleagues=_colleagues(task, people),
        said=said if said and said.answer.proposal == task.hash else None,
        said_by=next((one.name for one in people if said and one.id == said.answer.person), ""),
        comments=comments,
        questions=questions,
        askable=askable,
        away={one.person: one.until for one in absent.values()},
        stands_in=task.assignee in stands_for(visitor.person.id, absent),
        names=everybody.names,
        reject_codes=codes(bench, task.process, "reject"),
        return_codes=codes(bench, task.process, "return"),
        process_words=words(task.process),
        known=known,
    )


def _may_answer(visitor: Visitor, task: Task) -> bool:
    """Asked the way the answer will be judged: the department that is asked, or theirs if it was put before them."""
    asked = visitor.person.department if visitor.person.id == task.assignee else task.department
    return visitor.may("baton:answer", department=asked)


def _writes(task: Task, papers: dict[str, str]) -> tuple[Write, ...]:
    if task.proposal is None:
        return ()
    facts, may = task.proposal.facts, set(task.editable)
    return tuple(
        Write(name=name, label=words(name), before=_before(facts, name, value), after=_named(value, papers), editable=name in may)
        for name, value in task.proposal.arguments.items()
        if value not in (None, "", [], {})
    )


def _named(value: Json, papers: dict[str, str]) -> Json:
    """A document by its name; everything else as it is."""
    return papers.get(value, value) if isinstance(value, str) else value


def _before(facts: dict[str, Json], name: str, value: Json) -> Json:
    """What the records say under the same name, where they say something else."""
    before = facts.get(name)
    return before if before != value and type(before) is type(value) and (not is_money(before) or is_money(value)) else None


def _facts(task: Task) -> tuple[tuple[str, Json, bool], ...]:
    if task.proposal is None:
        return ()
    cited = {
        cite.removeprefix("facts.").split(".")[0] for clause in task.failed for cite in clause.cites if cite.startswith("facts.")
    }
    rows = [(name, value, name in cited) for name, value in task.proposal.facts.items() if value not in ("", None)]
    return tuple(sorted(rows, key=lambda row: not row[2]))


def _colleagues(task: Task, people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Who can be given the task: whoever may decide it."""
    return tuple(one for one in people if one.active and (one.id in task.approvers or one.department == task.department))


def _comments(connection: Connection, case: str, people: tuple[Person, ...]) -> tuple[Comment, ...]:
    names = {one.id: one.name for one in people}
    rows = look_up(connection, _COMMENTS, {"case": case})
    return tuple(Comment(by=names.get(row.person, row.person), at=row.at, words=row.words) for row in rows)
