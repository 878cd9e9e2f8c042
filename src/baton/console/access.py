"""Which cases a person may look at: the policies say so, given the departments that a case has been in."""

from sqlalchemy import Connection, select

from baton.cases import store as cases
from baton.cases.tables import handoff, task
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.types.cases import Case
from baton.types.ids import CaseId


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
