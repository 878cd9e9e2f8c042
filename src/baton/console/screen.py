"""What was on whose screen, since when and for how long: kept when a task is opened, taken onto the answer's record."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from baton.cases.clock import moment, now, written
from baton.cases.store import insert_once
from baton.console.tables import view as table
from baton.store import Database
from baton.store.lookup import first
from baton.types.cases import Task
from baton.types.frozen import Frozen
from baton.types.people import Person

_MINE = (table.c.task == bindparam("of")) & (table.c.person == bindparam("to"))
_KNOWN = select(table.c.hash).where(_MINE)
_CHANGE = update(table).where(_MINE)


class Seen(Frozen):
    """One person's look at one task."""

    seconds: float
    shown: tuple[str, ...]


def known_to(connection: Connection, task: Task, person: Person) -> str | None:
    """The hash of what this person saw of the task last."""
    found = first(connection, _KNOWN, {"of": task.id, "to": person.id})
    return str(found.hash) if found else None


def opened(database: Database, task: Task, person: Person, shown: Sequence[str], known: str | None) -> None:
    """A person has this task on the screen, having seen what is `known`; a changed proposal starts the clock anew."""
    if known == task.hash:
        return
    values = {"hash": task.hash, "opened": written(now()), "seconds": 0.0, "shown": list(shown)}
    with database.write() as connection:
        if known is None:
            insert_once(connection, table, task=task.id, person=person.id, **values)
        else:
            connection.execute(_CHANGE, {"of": task.id, "to": person.id, **values})


def seen(database: Database, task: Task, person: Person, counted: float) -> Seen:
    """How long they looked: what the browser counted, never longer than the task was open to them."""
    query = select(table).where(table.c.task == task.id, table.c.person == person.id, table.c.hash == task.hash)
    with database.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return Seen(seconds=0, shown=())
    longest = (now() - moment(row.opened)).total_seconds()
    return Seen(seconds=round(min(counted if counted > 0 else longest, longest), 1), shown=tuple(row.shown))
