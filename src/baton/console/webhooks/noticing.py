"""What is new in the ledger and among the tasks, put on its way to every webhook that may hear of it."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from baton.cases import store
from baton.cases.clock import now, written
from baton.cases.store import NoCase, insert_once
from baton.cases.tables import case, task
from baton.console.access import may_view
from baton.console.bench import Bench
from baton.console.signin.visitor import Visitor
from baton.console.tables import delivery, webhook
from baton.console.webhooks.events import Event, events_of, opened
from baton.console.webhooks.register import owner_of
from baton.ledger.entry import parse
from baton.ledger.tables import entry
from baton.types.ids import CaseId

_AT_ONCE: Final = 200
_OVERLAP: Final = 200
"""Tasks are opened in transactions that may end in another order than their times: the last ones are looked at again."""


def notice(bench: Bench) -> int:
    """Put what is new on its way; how many events. What is on its way and how far was looked stand together, or not at all."""
    with bench.database.read() as connection:
        active = connection.execute(select(webhook).where(webhook.c.ended == "")).all()
        fresh = any(_news(connection, row) for row in active)
    if not fresh:
        return 0
    with bench.database.write() as connection:
        active = connection.execute(select(webhook).where(webhook.c.ended == "").with_for_update()).all()
        return sum(_tell(bench, connection, row) for row in active)


def _news(connection: Connection, row: Row[Any]) -> bool:
    further = connection.execute(select(entry.c.position).where(entry.c.position > row.position).limit(1)).first()
    return (
        further is not None
        or connection.execute(select(task.c.id).where(task.c.opened > row.opened).limit(1)).first() is not None
    )


def _tell(bench: Bench, connection: Connection, row: Row[Any]) -> int:
    position, told = _rows(connection, row.position)
    latest, tasks = _tasks(connection, row.opened, row.made)
    visitor = owner_of(bench, connection, row.owner)
    wanted = set(row.events)
    count = 0
    if visitor is not None:
        mine = [one for one in (*told, *tasks) if not wanted or one.type in wanted]
        seen = _viewable(connection, visitor, {one.case for one in mine if one.case})
        count = sum(_put(connection, row.id, one) for one in mine if not one.case or one.case in seen)
    connection.execute(update(webhook).where(webhook.c.id == row.id).values(position=position, opened=latest))
    return count


def _rows(connection: Connection, after: int) -> tuple[int, list[Event]]:
    query = select(entry.c.position, entry.c.body).where(entry.c.position > after).order_by(entry.c.position).limit(_AT_ONCE)
    rows = connection.execute(query).all()
    return (rows[-1].position if rows else after), [event for row in rows for event in events_of(parse(bytes(row.body)))]


def _tasks(connection: Connection, after: str, since: str) -> tuple[str, list[Event]]:
    columns = (task.c.id, task.c.case, task.c.opened, case.c.process)
    query = select(*columns).join(case, case.c.id == task.c.case)
    before = query.where(task.c.opened <= after, task.c.opened > since).order_by(task.c.opened.desc()).limit(_OVERLAP)
    rows = connection.execute(query.where(task.c.opened > after).order_by(task.c.opened).limit(_AT_ONCE)).all()
    events = [opened(row.id, row.case, row.process, row.opened) for row in (*connection.execute(before), *rows)]
    return (rows[-1].opened if rows else after), events


def _viewable(connection: Connection, visitor: Visitor, ids: Iterable[str]) -> set[str]:
    found = set()
    for id in ids:
        try:
            if may_view(connection, visitor, store.case(connection, CaseId(id))):
                found.add(id)
        except NoCase:
            continue
    return found


def _put(connection: Connection, id: str, event: Event) -> bool:
    at = written(now())
    values: dict[str, Any] = {"kind": event.type, "body": event.body(), "status": "waiting", "made": at, "due": at}
    return insert_once(connection, delivery, webhook=id, event=event.id, tries=0, words="", **values)
