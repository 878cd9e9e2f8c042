"""What waits for whom: the rows of the inbox, a page at a time, whatever the number of tasks."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row

from baton.cases.clock import moment, written
from baton.console import questions
from baton.console.questions import PAGE, Asked, View
from baton.governance.policy import Policies
from baton.store.lookup import first, look_up
from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.people import Person

__all__ = ["PAGE", "Asked", "Group", "Line", "Listing", "View", "amount_of", "counts", "listing"]
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
    named: bool = True
    """Whether it is known what whoever wrote calls themselves."""

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{written(self.due) if self.due else ''}~{self.id}"

    def called(self, name: str) -> "Line":
        """The same row under this name."""
        return self.model_copy(update={"who": name, "named": True})


class Group(Frozen):
    """Rows under one heading."""

    name: Literal["asked", "soon", "today", "later", "pending", "customer"]
    count: int
    lines: tuple[Line, ...]


class Listing(Frozen):
    """A page of the inbox."""

    groups: tuple[Group, ...]
    next: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every row, whatever its group."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def nameless(self) -> frozenset[str]:
        """The cases of which it is not known yet what whoever wrote calls themselves."""
        return frozenset(line.case for line in self.lines if not line.named)

    def called(self, names: Mapping[str, str]) -> "Listing":
        """The same rows, with whoever wrote called by name."""
        if not names:
            return self
        groups = tuple(
            group.model_copy(
                update={"lines": tuple(line.called(names[line.case]) if line.case in names else line for line in group.lines)}
            )
            for group in self.groups
        )
        return self.model_copy(update={"groups": groups})


class Counts(NamedTuple):
    """How much there is, before any of it is shown."""

    mine: int
    team: int
    waiting: int
    asked: int
    """Of mine: what colleagues ask."""
    soon: int
    today: int
    """Of this view: how many are due until then."""


def counts(connection: Connection, me: Person, asked: Asked, at: datetime) -> Counts:
    """How many tasks stand in each view; mine with what colleagues ask me and what I stand in for."""
    mine, form = (me.id, *asked.others), asked.form._replace(process=False, held=0, search=False)
    soon, today = (written(edge) for edge in _edges(at))
    values: dict[str, Any] = {"me": me.id, "department": me.department, "soon": soon, "today": today}
    row = first(connection, questions.counting(form, bool(asked.others)), values | ({"mine": mine} if asked.others else {}))
    on_their_way = look_up(connection, questions.answered())
    gone = {one.id: one for one in on_their_way if one.status == "open"}.values()
    my_own, our_own = [one for one in gone if one.assignee in mine], [one for one in gone if one.department == me.department]
    dues = [one.due for one in (our_own if form.whose == "team" else my_own) if one.due]
    whole = row.soon + row.today + row.later + row.never
    my_all, our_all = (row.other, whole) if form.whose == "team" else (whole, row.other)
    return Counts(
        mine=my_all - len(my_own) + row.asked,
        team=our_all - len(our_own),
        waiting=sum(one.person == me.id for one in on_their_way) + row.customers,
        asked=row.asked,
        soon=row.soon - sum(due <= soon for due in dues),
        today=row.soon + row.today - sum(due <= today for due in dues),
    )


def listing(
    connection: Connection,
    policies: Policies,
    me: Person,
    asked: Asked,
    at: datetime,
    after: str = "",
    known: Counts | None = None,
) -> Listing:
    """The open tasks asked for, the most urgent first, from the row after `after` on; `known` is what `counts` said."""
    if asked.view == "waiting":
        return Listing(groups=tuple(_waiting(connection, policies, me, at)))
    due, _, id = after.partition("~")
    values = asked.values(me) | ({"due": due, "id": id} if due else {})
    rows = look_up(connection, questions.page_of(asked.form, bool(due)), values)
    lines = [_line(row, policies, me) for row in rows[:PAGE]]
    known = known or counts(connection, me, asked, at)
    whole = {} if after or asked.search else _counts(connection, me, asked, at, known)
    last = lines[-1].key if len(rows) > PAGE else ""
    first = () if after or asked.view != "mine" else tuple(_asked_of(connection, policies, me, asked, known))
    return Listing(groups=(*first, *_grouped(lines, whole, at)), next=last)


def _asked_of(connection: Connection, policies: Policies, me: Person, asked: Asked, known: Counts) -> Iterable[Group]:
    if asked.search or asked.process or asked.reason or not known.asked:
        return
    lines = tuple(
        _line(row, policies, me).model_copy(update={"kind": "asked", "title": row.asked, "sole": ""})
        for row in look_up(connection, questions.asked_of(), {"me": me.id})
    )
    if lines:
        yield Group(name="asked", count=len(lines), lines=lines)


def _counts(connection: Connection, me: Person, asked: Asked, at: datetime, known: Counts) -> dict[str, int]:
    """How many are due when."""
    every, soon, today = known.mine - known.asked if asked.view == "mine" else known.team, known.soon, known.today
    if asked.form.process or asked.form.held:
        edges = dict(zip(("soon", "today"), (written(edge) for edge in _edges(at)), strict=True))
        row = first(connection, questions.due_counts(asked.form), asked.values(me) | edges)
        every, soon, today = row.all, row.soon, row.today
    return {"soon": soon, "today": today - soon, "later": every - today}


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


def _waiting(connection: Connection, policies: Policies, me: Person, at: datetime) -> Iterable[Group]:
    """What this person said that no case has taken yet, and whose customers have to answer."""
    rows = look_up(connection, questions.answered_by(), {"me": me.id})
    own = [_line(row, policies, me).model_copy(update={"state": row.state}) for row in rows]
    if own:
        yield Group(name="pending", count=len(own), lines=tuple(own))
    if lines := tuple(_case_line(row) for row in look_up(connection, questions.customers_of(), {"me": me.id})):
        yield Group(name="customer", count=len(lines), lines=lines)


def _line(row: Row[Any], policies: Policies, me: Person) -> Line:
    return _read(row.id, row.case, row.assignee, row.due, row.body, row.sender, row.case_body, row.name, policies, me.id)


@lru_cache(maxsize=4096)
def _read(
    id: str,
    case: str,
    assignee: str | None,
    due: str | None,
    body_text: str,
    sender: str,
    case_text: str,
    name: str | None,
    policies: Policies,
    me: str,
) -> Line:
    """The same row, read by the same person under the same policies, is the same line: a list asked for again is there."""
    body, case_body = json.loads(body_text), json.loads(case_text)
    failed, proposal = body["failed"], body["proposal"]
    reason = f"{failed[0]['policy']}/{failed[0]['position']}" if failed else ""
    may = proposal and len(failed) == 1 and me in body["approvers"]
    return Line(
        id=id,
        case=case,
        who=name or sender,
        subject=case_body.get("subject", ""),
        title=body["title"],
        process=body["process"],
        kind=body["kind"],
        amount=amount_of(policies, proposal, body["evidence"]),
        due=moment(due) if due else None,
        why=failed[0]["words"] if failed else "",
        more=max(len(failed) - 1, 0),
        assignee=assignee or "",
        reason=reason,
        sole=reason if may else "",
        named=name is not None,
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
        named=row.name is not None,
    )


def amount_of(policies: Policies, proposal: dict[str, Any] | None, evidence: dict[str, Any]) -> Json:
    """The money at stake: what the proposal's own shape names, or what the customer says was paid."""
    if proposal is None:
        return dict(evidence.get("claim") or {}).get("paid")
    shape = policies.shapes.of(proposal["action"])
    side, _, name = (shape.money or "" if shape else "").partition(".")
    found: Json = proposal["arguments" if side == "action" else "facts"].get(name) if side else None
    return found
