"""Notes for colleagues, on a case or on one of its tasks."""

from uuid import uuid4

from pydantic import Field
from sqlalchemy import Connection

from baton.cases.clock import now, written
from baton.console.signin.visitor import Visitor
from baton.console.tables import comment
from baton.types.frozen import Frozen
from baton.types.ids import CaseId


class Words(Frozen):
    """A note."""

    words: str = Field(min_length=1, max_length=4000, pattern=r"\S")


class Noted(Frozen):
    """The note that was kept."""

    id: str


def note(connection: Connection, visitor: Visitor, case: CaseId, words: str, task: str = "") -> str:
    """Keep it; its id."""
    id = str(uuid4())
    values = {"case": case, "task": task, "person": visitor.person.id, "at": written(now())}
    connection.execute(comment.insert().values(id=id, words=words.strip(), **values))
    return id
