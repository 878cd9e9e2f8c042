"""What colleagues ask each other about a task: it stays where it is, and appears before whoever was asked."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select, update

from baton.cases import store
from baton.cases.clock import moment, now, written
from baton.console.access import viewable, viewers
from baton.console.i18n import _
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.staff import Staff, staff
from baton.console.tables import question as table
from baton.errors import BatonError
from baton.store.lookup import look_up
from baton.types.cases import Case
from baton.types.frozen import Frozen
from baton.types.ids import TaskId
from baton.types.people import Person

_OF_CASE = select(table).where(table.c.case == bindparam("case")).order_by(table.c.at)


class NothingAsked(BatonError):
    """There is no such question, or it was answered already."""


class Question(Frozen):
    """What somebody asked a colleague, and the answer once there is one."""

    id: str
    by: str
    to: str
    at: datetime
    words: str
    answer: str
    answered: datetime | None


def could_be_asked(connection: Connection, visitor: Visitor, case: Case, everybody: Staff) -> tuple[Person, ...]:
    """Everybody else who may look at the case by their own right."""
    found = viewers(connection, visitor.bench.engine.policies, everybody, case)
    return tuple(one for one in found if one.id != visitor.person.id)


def ask(visitor: Visitor, id: TaskId, to: str, words: str) -> str:
    """Put a question before a colleague; its id. Raises `NotAllowed` for somebody who may not look at the case."""
    with visitor.bench.database.write() as connection:
        task = store.task(connection, id)
        case = viewable(connection, visitor, task.case)
        if to not in {one.id for one in could_be_asked(connection, visitor, case, staff(connection))}:
            raise NotAllowed(_("Ask somebody who may look at this case."))
        values = {"case": case.id, "task": id, "by": visitor.person.id, "to": to, "at": written(now()), "words": words}
        connection.execute(table.insert().values(id=(asked := str(uuid4())), answered="", answer="", **values))
    return asked


def answer(visitor: Visitor, id: str, words: str) -> TaskId:
    """Say what was asked; only whoever was asked can, once. Returns the task. Raises `NothingAsked`."""
    mine = (table.c.id == id) & (table.c.to == visitor.person.id) & (table.c.answered == "")
    with visitor.bench.database.write() as connection:
        row = connection.execute(select(table.c.task, table.c.case).where(mine)).first()
        if row is None:
            raise NothingAsked(_("This question is not open, or was not put to you."))
        viewable(connection, visitor, row.case)
        connection.execute(update(table).where(mine).values(answered=written(now()), answer=words))
    return TaskId(row.task)


def of_case(connection: Connection, case: str) -> tuple[Question, ...]:
    """Everything that colleagues asked each other about this case, the oldest first."""
    return tuple(
        Question(
            id=row.id,
            by=row.by,
            to=row.to,
            at=moment(row.at),
            words=row.words,
            answer=row.answer,
            answered=moment(row.answered) if row.answered else None,
        )
        for row in look_up(connection, _OF_CASE, {"case": case})
    )
