"""Which cases a person may look at: the policies say so, given the departments that a case has been in."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, select

from baton.cases import store as cases
from baton.cases.tables import handoff, task
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.governance.policy import Policies
from baton.types.cases import Case
from baton.types.ids import CaseId
from baton.types.people import Person


def viewable(connection: Connection, visitor: Visitor, id: str) -> Case:
    """The case, when this person may look at it. Raises `NoCase` or `NotAllowed`."""
    found = cases.case(connection, CaseId(id))
    if not may_view(connection, visitor, found):
        raise NotAllowed(f"{visitor.person.name} may not look at case `{id}`: it has not been in {visitor.person.department}")
    return found


def may_view(connection: Connection, visitor: Visitor, case: Case) -> bool:
    """Whether this person may look at the case; its owner, its holder and whoever decides in it always may."""
    if visitor.person.id in (case.owner, case.holder) or visitor.may_view((case.stage,)):
        return True
    waiting = connection.execute(select(task.c.department, task.c.assignee).where(task.c.case == case.id)).all()
    if visitor.person.id in {row.assignee for row in waiting}:
        return True
    stages = connection.execute(select(handoff.c.stage).where(handoff.c.case == case.id)).scalars()
    return visitor.may_view((*stages, *(row.department for row in waiting)))


def viewers(connection: Connection, policies: Policies, people: Sequence[Person], case: Case) -> tuple[Person, ...]:
    """Everybody active who may look at the case, as `may_view` would say of each."""
    waiting = connection.execute(select(task.c.department, task.c.assignee).where(task.c.case == case.id)).all()
    stages = connection.execute(select(handoff.c.stage).where(handoff.c.case == case.id)).scalars()
    departments = {"", str(case.stage), *stages, *(row.department for row in waiting)}
    named = {case.owner, case.holder, *(row.assignee for row in waiting)}
    may = _may(policies, tuple(people), tuple(sorted(departments)))
    return tuple(one for one in people if one.active and (one.id in named or one.id in may))


@lru_cache(maxsize=64)
def _may(policies: Policies, people: tuple[Person, ...], departments: tuple[str, ...]) -> frozenset[str]:
    """Asked once for the same staff, policies and departments: it is many questions."""
    contexts = [{"department": one, "process": "", "agent": "", "stage": ""} for one in departments]
    allowed = (one.id for one in people if any(policies.may_do(one, "baton:view_case", context).allowed for context in contexts))
    return frozenset(allowed)
