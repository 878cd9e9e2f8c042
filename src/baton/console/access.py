"""Which cases a person may look at: the policies say so, given the departments that a case has been in."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, null, select, union_all

from baton.cases import store as cases
from baton.cases.clock import now
from baton.cases.tables import handoff, task
from baton.console.absences import away, stands_for
from baton.console.signin.visitor import NotAllowed, Visitor, may_do
from baton.console.staff import Staff
from baton.governance.policy import Policies
from baton.store.lookup import look_up
from baton.types.cases import Case
from baton.types.ids import CaseId
from baton.types.people import Person

_CASE: BindParameter[str] = bindparam("case")
_BEEN = union_all(
    select(task.c.department.label("department"), task.c.assignee.label("assignee"), task.c.status.label("status")).where(
        task.c.case == _CASE
    ),
    select(handoff.c.stage, null(), null()).where(handoff.c.case == _CASE),
)
"""Where the case has been, and who decides in it."""
_CASES: BindParameter[str] = bindparam("cases", expanding=True)
_BEEN_ALL = union_all(
    select(
        task.c.case.label("case"),
        task.c.department.label("department"),
        task.c.assignee.label("assignee"),
        task.c.status.label("status"),
    ).where(task.c.case.in_(_CASES)),
    select(handoff.c.case, handoff.c.stage, null(), null()).where(handoff.c.case.in_(_CASES)),
)


def viewable(connection: Connection, visitor: Visitor, id: str) -> Case:
    """The case, when this person may look at it. Raises `NoCase` or `NotAllowed`."""
    found = cases.case(connection, CaseId(id))
    if not may_view(connection, visitor, found):
        raise NotAllowed(f"{visitor.person.name} may not look at case `{id}`: it has not been in {visitor.person.department}")
    return found


def may_view(connection: Connection, visitor: Visitor, case: Case) -> bool:
    """Whether this person may look at the case; its owner, its holder and whoever decides in it always may.

    Whoever stands in for somebody may while a task waits for them there: to look, not to decide.
    """
    if visitor.person.id in (case.owner, case.holder) or visitor.may_view((case.stage,)):
        return True
    been = look_up(connection, _BEEN, {"case": case.id})
    if visitor.person.id in {row.assignee for row in been}:
        return True
    return visitor.may_view(row.department for row in been) or not _stood_in_for(connection, visitor).isdisjoint(
        _waited_for(been)
    )


def viewable_of(connection: Connection, visitor: Visitor, found: Sequence[Case]) -> tuple[Case, ...]:
    """Those of these cases that this person may look at, as `may_view` would say of each, with one question for all."""
    if visitor.may_view(()) or not found:
        return tuple(found)
    departments: dict[str, set[str]] = {one.id: {one.stage} for one in found}
    people: dict[str, set[str | None]] = {one.id: {one.owner, one.holder} for one in found}
    stood_in_for = _stood_in_for(connection, visitor)
    for row in look_up(connection, _BEEN_ALL, {"cases": list(departments)}):
        departments[row.case].add(row.department)
        people[row.case].update({row.assignee}, {visitor.person.id} if stood_in_for & _waited_for([row]) else ())
    return tuple(one for one in found if visitor.person.id in people[one.id] or visitor.may_view(sorted(departments[one.id])))


def _stood_in_for(connection: Connection, visitor: Visitor) -> frozenset[str]:
    return stands_for(visitor.person.id, away(connection, now()))


def _waited_for(been: Sequence[Row[Any]]) -> frozenset[str]:
    """Whom something still waits for."""
    return frozenset(row.assignee for row in been if row.status == "open" and row.assignee)


def viewers(connection: Connection, policies: Policies, everybody: Staff, case: Case) -> tuple[Person, ...]:
    """Everybody active who may look at the case by a right of their own, as `may_view` would say of each."""
    been = look_up(connection, _BEEN, {"case": case.id})
    departments = {"", str(case.stage), *(row.department for row in been)}
    named = {case.owner, case.holder, *(row.assignee for row in been)} - {None}
    may = _may(policies, everybody, tuple(sorted(departments)))
    return tuple(one for one in everybody.people if one.active and (one.id in named or one.id in may))


@lru_cache(maxsize=64)
def _may(policies: Policies, everybody: Staff, departments: tuple[str, ...]) -> frozenset[str]:
    """Asked once for the same staff, policies and departments: it is many questions."""

    def may(one: Person) -> bool:
        return any(may_do(policies, one, "baton:view_case", department, "", "", "").allowed for department in departments)

    return frozenset(one.id for one in everybody.people if may(one))
