"""What waits for whom: the rows of the inbox, a page at a time, whatever the number of tasks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, TypeAlias

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, func, or_, select

from baton.cases.clock import moment, written
from baton.cases.tables import case, task
from baton.console.outbox import WAITING
from baton.console.tables import answer, caller, question
from baton.governance.policy import Policies
from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.people import Person

View: TypeAlias = Literal["mine", "team", "waiting"]
PAGE = 40
_DUE_SOON = timedelta(hours=3)


class Line(Frozen):
    """One row of the list."""

    id: str
    """The task; empty for a case that waits for its customer."""
    case: str
    who: str
    subject: str
    title: str
    process: str
    kind: str
    amount: Json
    due: datetime | None
    why: str
    reason: str = ""
    """The condition that says so, as `policy/position`."""
    more: int
    """Further reasons."""
    assignee: str
    sole: str = ""
    """Its only reason, where this person may approve many of the same at once."""
    state: str = ""
    """How this person's own answer stands, where it waits."""

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{written(self.due) if self.due else ''}~{self.id}"

    def called(self, name: str) -> "Line":
        """The same row under this name."""
        return self.model_copy(update={"who": name})


class Group(Frozen):
    """Rows under one heading."""

    name: Literal["asked", "soon", "today", "later", "pending", "customer"]
    count: int
    lines: tuple[Line, ...]


class Asked(Frozen):
    """What the inbox is asked for."""

    view: View = "mine"
    search: str = ""
    process: str = ""
    reason: str = ""
    """What held it first: a policy, or one of its conditions as `policy/position`."""
    others: tuple[str, ...] = ()
    """Whose tasks are mine too, while they are away."""


class Listing(Frozen):
    """A page of the inbox."""

    groups: tuple[Group, ...]
    next: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every row, whatever its group."""
        return tuple(line for group in self.groups for line in group.lines)

    def called(self, names: Mapping[str, str]) -> "Listing":
        """The same rows, with whoever wrote called by name."""
        groups = tuple(
            group.model_copy(update={"lines": tuple(line.called(names.get(line.case, line.who)) for line in group.lines)})
            for group in self.groups
        )
        return self.model_copy(update={"groups": groups})


def listing(connection: Connection, policies: Policies, me: Person, asked: Asked, at: datetime, after: str = "") -> Listing:
    """The open tasks asked for, the most urgent first, from the row after `after` on."""
    if asked.view == "waiting":
        return Listing(groups=tuple(_waiting(connection, policies, me, asked, at)))
    query = _tasks(me, asked)
    rows = list(connection.execute(_page(query, after)))
    lines = [_line(row, policies, me) for row in rows[:PAGE]]
    counts = {} if after or asked.search else _counts(connection, _dues(me, asked), at)
    last = lines[-1].key if len(rows) > PAGE else ""
    first = () if after or asked.view != "mine" else tuple(_asked_of(connection, policies, me, asked))
    return Listing(groups=(*first, *_grouped(lines, counts, at)), next=last)


def counts(connection: Connection, me: Person, others: Sequence[str] = ()) -> dict[str, int]:
    """How many tasks stand in each view; mine with what colleagues ask me and what I stand in for."""
    asked = {"me": me.id, "department": me.department, "mine": [me.id, *others]}
    row = connection.execute(_counting(), asked).one()
    return {"mine": row.mine + row.asked, "team": row.team, "waiting": row.own + row.customers}


@cache
def _counting() -> Select[Any]:
    """Every count in one question, made once: it is asked for every page."""
    mine: BindParameter[str] = bindparam("mine", expanding=True)
    me: BindParameter[str] = bindparam("me")
    open_tasks = select(func.count()).select_from(task).where(task.c.status == "open", ~_answered())
    parts = {
        "mine": open_tasks.where(task.c.assignee.in_(mine)),
        "team": open_tasks.where(task.c.department == bindparam("department")),
        "asked": select(func.count()).select_from(question).where(question.c.to == me, question.c.answered == ""),
        "own": select(func.count()).select_from(answer).where(answer.c.person == me, answer.c.status.in_(WAITING)),
        "customers": select(func.count()).select_from(case).where(case.c.owner == me, case.c.status == "waiting"),
    }
    return select(*(query.scalar_subquery().label(name) for name, query in parts.items()))


def _mine(me: Person, others: Sequence[str]) -> Any:
    return task.c.assignee.in_((me.id, *others)) if others else task.c.assignee == me.id


def _answered() -> Any:
    """Whether somebody's answer to the task is on its way. They are few: gathered once, rather than looked up for each task."""
    return task.c.id.in_(select(answer.c.task).where(answer.c.status.in_(WAITING)))


def _columns() -> Select[Any]:
    columns = (task, case.c.sender, case.c.process, case.c.body.label("case_body"), caller.c.name)
    return select(*columns).join(case, case.c.id == task.c.case).outerjoin(caller, caller.c.case == task.c.case)


def open_tasks(query: Select[Any], me: Person, asked: Asked) -> Select[Any]:
    """Narrow a query over tasks and their cases to what is asked for."""
    whose = _mine(me, asked.others) if asked.view == "mine" else task.c.department == me.department
    query = query.where(whose, task.c.status == "open", ~_answered())
    if asked.process:
        query = query.where(case.c.process == asked.process)
    if asked.reason:
        policy, _, position = asked.reason.partition("/")
        query = query.where(task.c.body["failed"][0]["policy"].as_string() == policy)
        if position.isdecimal():
            query = query.where(task.c.body["failed"][0]["position"].as_integer() == int(position))
    return query


def _tasks(me: Person, asked: Asked) -> Select[Any]:
    query = open_tasks(_columns(), me, asked)
    return query.where(_matching(asked.search)) if asked.search else query


def _dues(me: Person, asked: Asked) -> Select[Any]:
    """When each of them is due, out of the index alone where that can be."""
    query = select(task.c.due)
    return open_tasks(query.join(case, case.c.id == task.c.case) if asked.process else query, me, asked)


def _asked_of(connection: Connection, policies: Policies, me: Person, asked: Asked) -> Iterable[Group]:
    """Tasks about which colleagues wait for a word of this person."""
    if asked.search or asked.process or asked.reason:
        return
    query = _columns().add_columns(question.c.words.label("asked")).join(question, question.c.task == task.c.id)
    query = query.where(question.c.to == me.id, question.c.answered == "").order_by(question.c.at).limit(PAGE)
    lines = tuple(
        _line(row, policies, me).model_copy(update={"kind": "asked", "title": row.asked, "sole": ""})
        for row in connection.execute(query)
    )
    if lines:
        yield Group(name="asked", count=len(lines), lines=lines)


def _matching(search: str) -> Any:
    like = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    texts = (caller.c.name, case.c.sender, case.c.body["subject"].as_string(), task.c.body["title"].as_string())
    exact = (task.c.case == search.strip().upper(), task.c.id == search.strip())
    return or_(*exact, *(text.ilike(like, escape="\\") for text in texts))


def _page(query: Select[Any], after: str) -> Select[Any]:
    due, _, id = after.partition("~")
    if after and due:
        query = query.where(or_(task.c.due > due, and_(task.c.due == due, task.c.id > id)))
    return query.order_by(task.c.due, task.c.id).limit(PAGE + 1)


def _counts(connection: Connection, query: Select[Any], at: datetime) -> dict[str, int]:
    soon, today = (written(edge) for edge in _edges(at))
    inner = query.subquery()
    ranges = {"soon": inner.c.due <= soon, "today": and_(inner.c.due > soon, inner.c.due <= today)}
    columns = [func.count().filter(condition).label(name) for name, condition in ranges.items()]
    row = connection.execute(select(func.count().label("all"), *columns).select_from(inner)).one()._mapping
    return {"soon": row["soon"], "today": row["today"], "later": row["all"] - row["soon"] - row["today"]}


def _edges(at: datetime) -> tuple[datetime, datetime]:
    """The end of what is due soon, and the end of today where people are."""
    tonight = at.astimezone().replace(hour=23, minute=59, second=59, microsecond=999999)
    return at + _DUE_SOON, max(tonight, at + _DUE_SOON)


def _grouped(lines: Iterable[Line], counts: Mapping[str, int], at: datetime) -> tuple[Group, ...]:
    soon, today = _edges(at)
    found: dict[Literal["soon", "today", "later"], list[Line]] = {"soon": [], "today": [], "later": []}
    for line in lines:
        found["later" if line.due is None or line.due > today else "soon" if line.due <= soon else "today"].append(line)
    return tuple(
        Group(name=name, count=counts.get(name, len(group)), lines=tuple(group)) for name, group in found.items() if group
    )


def _waiting(connection: Connection, policies: Policies, me: Person, asked: Asked, at: datetime) -> Iterable[Group]:
    """What this person said that no case has taken yet, and whose customers have to answer."""
    query = _columns().add_columns(answer.c.status.label("state")).join(answer, answer.c.task == task.c.id)
    query = query.where(answer.c.person == me.id, answer.c.status.in_(WAITING)).order_by(answer.c.said).limit(PAGE)
    own = [_line(row, policies, me).model_copy(update={"state": row.state}) for row in connection.execute(query)]
    if own:
        yield Group(name="pending", count=len(own), lines=tuple(own))
    customers = select(case, caller.c.name).outerjoin(caller, caller.c.case == case.c.id).where(case.c.owner == me.id)
    rows = connection.execute(customers.where(case.c.status == "waiting").order_by(case.c.opened).limit(PAGE))
    if lines := tuple(_case_line(row) for row in rows):
        yield Group(name="customer", count=len(lines), lines=lines)


def _line(row: Row[Any], policies: Policies, me: Person) -> Line:
    body, case_body = row.body, row.case_body
    failed, proposal = body["failed"], body["proposal"]
    reason = f"{failed[0]['policy']}/{failed[0]['position']}" if failed else ""
    may = proposal and len(failed) == 1 and me.id in body["approvers"]
    return Line(
        id=row.id,
        case=row.case,
        who=row.name or row.sender,
        subject=case_body.get("subject", ""),
        title=body["title"],
        process=body["process"],
        kind=body["kind"],
        amount=amount_of(policies, proposal, body["evidence"]),
        due=moment(row.due) if row.due else None,
        why=failed[0]["words"] if failed else "",
        more=max(len(failed) - 1, 0),
        assignee=row.assignee or "",
        reason=reason,
        sole=reason if may else "",
    )


def _case_line(row: Row[Any]) -> Line:
    return Line(
        id="",
        case=row.id,
        who=row.name or row.sender,
        subject=row.body.get("subject", ""),
        title=row.body.get("subject", ""),
        process=row.process,
        kind="case",
        amount=None,
        due=moment(row.due) if row.due else None,
        why="",
        more=0,
        assignee=row.owner or "",
    )


def amount_of(policies: Policies, proposal: dict[str, Any] | None, evidence: dict[str, Any]) -> Json:
    """The money at stake: what the proposal's own shape names, or what the customer says was paid."""
    if proposal is None:
        return dict(evidence.get("claim") or {}).get("paid")
    shape = policies.shapes.of(proposal["action"])
    side, _, name = (shape.money or "" if shape else "").partition(".")
    found: Json = proposal["arguments" if side == "action" else "facts"].get(name) if side else None
    return found
