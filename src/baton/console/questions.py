"""What the inbox asks of the database. Each form of a question is made once: to spell a query costs more than to answer it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, Text, and_, bindparam, cast, func, or_, select

from baton.cases.tables import case, task
from baton.console.outbox import WAITING
from baton.console.tables import answer, caller, question
from baton.types.frozen import Frozen
from baton.types.people import Person

View: TypeAlias = Literal["mine", "team", "waiting"]
PAGE = 40
_ME: BindParameter[str] = bindparam("me")
_MINE: BindParameter[str] = bindparam("mine", expanding=True)
_TEAM: BindParameter[str] = bindparam("department")
_WAITS = or_(*(answer.c.status == one for one in WAITING))
"""Spelt out: a list that is filled in anew each time costs more than the question."""


class Asked(Frozen):
    """What the inbox is asked for."""

    view: View = "mine"
    search: str = ""
    process: str = ""
    reason: str = ""
    """What held it first: a policy, or one of its conditions as `policy/position`."""
    others: tuple[str, ...] = ()
    """Whose tasks are mine too, while they are away."""

    @property
    def form(self) -> "Form":
        """The form of the question."""
        whose: Literal["me", "us", "team"] = "team" if self.view != "mine" else "us" if self.others else "me"
        held = 0 if not self.reason else 2 if self.reason.partition("/")[2].isdecimal() else 1
        return Form(whose, bool(self.process), held, bool(self.search))

    def values(self, me: Person) -> dict[str, Any]:
        """What is put into it."""
        policy, _, position = self.reason.partition("/")
        like = "%" + self.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        whose = {"me": me.id, "mine": [me.id, *self.others], "department": me.department}
        held = {"policy": policy, "position": int(position) if position.isdecimal() else 0}
        known = {**whose, **held, "process": self.process, "like": like, "case": self.search.upper(), "task": self.search}
        return {name: known[name] for name in self.form.names}


class Form(NamedTuple):
    """How a question is narrowed; two of the same form differ only in their values."""

    whose: Literal["me", "us", "team"] = "me"
    process: bool = False
    held: int = 0
    """By the policy that held it, and by which condition of it."""
    search: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The values that it takes."""
        whose = {"me": "me", "us": "mine", "team": "department"}[self.whose]
        held = ("policy", "position")[: self.held]
        return (whose, *(["process"] if self.process else ()), *held, *(("like", "case", "task") if self.search else ()))


def conditions(form: Form) -> Iterable[ColumnElement[bool]]:
    """Which open tasks are asked for, those without an answer on its way."""
    yield {"me": task.c.assignee == _ME, "us": task.c.assignee.in_(_MINE), "team": task.c.department == _TEAM}[form.whose]
    yield task.c.status == "open"
    # Answers on their way are few: gathered once, rather than looked up for each task.
    yield task.c.id.not_in(select(answer.c.task).where(_WAITS))
    if form.process:
        yield case.c.process == bindparam("process")
    first = task.c.body["failed"][0]
    if form.held:
        yield first["policy"].as_string() == bindparam("policy")
    if form.held > 1:
        yield first["position"].as_integer() == bindparam("position")
    if form.search:
        yield _matching()


def _matching() -> ColumnElement[bool]:
    texts = (caller.c.name, case.c.sender, case.c.body["subject"].as_string(), task.c.body["title"].as_string())
    exact = (task.c.case == bindparam("case"), task.c.id == bindparam("task"))
    return or_(*exact, *(text.ilike(bindparam("like"), escape="\\") for text in texts))


def _rows() -> Select[Any]:
    """Rows with their texts as they stand there: whoever has seen the same text before need not read it again."""
    own = (task.c.id, task.c.case, task.c.assignee, task.c.due, cast(task.c.body, Text).label("body"))
    columns = (*own, case.c.sender, cast(case.c.body, Text).label("case_body"), caller.c.name)
    return select(*columns).join(case, case.c.id == task.c.case).outerjoin(caller, caller.c.case == task.c.case)


@cache
def page_of(form: Form, after: bool) -> Select[Any]:
    """One page of the list and one row more, the most urgent first; `after` the row of this `due` and `id`."""
    query = _rows().where(*conditions(form))
    if after:
        due: BindParameter[str] = bindparam("due")
        query = query.where(or_(task.c.due > due, and_(task.c.due == due, task.c.id > bindparam("id"))))
    return query.order_by(task.c.due, task.c.id).limit(PAGE + 1)


@cache
def asked_of() -> Select[Any]:
    """Tasks about which colleagues wait for a word of this person."""
    query = _rows().add_columns(question.c.words.label("asked")).join(question, question.c.task == task.c.id)
    return query.where(question.c.to == _ME, question.c.answered == "").order_by(question.c.at).limit(PAGE)


@cache
def answered_by() -> Select[Any]:
    """Tasks to which this person's answer is on its way."""
    query = _rows().add_columns(answer.c.status.label("state")).join(answer, answer.c.task == task.c.id)
    return query.where(answer.c.person == _ME, _WAITS).order_by(answer.c.said).limit(PAGE)


@cache
def customers_of() -> Select[Any]:
    """This person's cases that wait for their customers."""
    query = select(case, caller.c.name).outerjoin(caller, caller.c.case == case.c.id).where(case.c.owner == _ME)
    return query.where(case.c.status == "waiting").order_by(case.c.opened).limit(PAGE)


@cache
def counting(form: Form, standing_in: bool) -> Select[Any]:
    """How many tasks stand in each view, those with an answer on its way among them; of this one, how many are due when.

    What is due later is counted as well, and not the whole once more: every task is passed once.
    """
    soon: BindParameter[str] = bindparam("soon")
    today: BindParameter[str] = bindparam("today")
    whose = next(iter(conditions(form)))
    mine = task.c.assignee.in_(_MINE) if standing_in else task.c.assignee == _ME
    parts = {
        "other": _open(mine if form.whose == "team" else task.c.department == _TEAM),
        "soon": _open(whose, task.c.due <= soon),
        "today": _open(whose, task.c.due > soon, task.c.due <= today),
        "later": _open(whose, task.c.due > today),
        "never": _open(whose, task.c.due.is_(None)),
        "asked": _count(question).where(question.c.to == _ME, question.c.answered == ""),
        "customers": _count(case).where(case.c.owner == _ME, case.c.status == "waiting"),
    }
    columns: list[Any] = [part.scalar_subquery().label(name) for name, part in parts.items()]
    return select(*columns)


@cache
def answered() -> Select[Any]:
    """The few answers that are on their way, each with its task."""
    columns = (answer.c.person, task.c.id, task.c.status, task.c.assignee, task.c.department, task.c.due)
    return select(*columns).outerjoin_from(answer, task, task.c.id == answer.c.task).where(_WAITS)


@cache
def due_counts(form: Form) -> Select[Any]:
    """Of a narrowed list: how many there are, and how many are due until `soon` and until `today`."""
    found = select(task.c.due).select_from(task).join(case, case.c.id == task.c.case).where(*conditions(form)).subquery()
    edges = (func.count().filter(found.c.due <= bindparam(edge)).label(edge) for edge in ("soon", "today"))
    columns: list[Any] = [func.count().label("all"), *edges]
    return select(*columns).select_from(found)


def _open(*which: ColumnElement[bool]) -> Select[Any]:
    """Out of the index alone."""
    return _count(task).where(task.c.status == "open", *which)


def _count(table: Any) -> Select[Any]:
    return select(func.count()).select_from(table)
