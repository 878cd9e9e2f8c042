"""What changed, told to every open page: one look at the database a second, however many people watch.

Each page says what it showed when it was drawn, so that nothing is missed between its drawing and the first look.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from baton.cases.clock import now, written
from baton.cases.tables import stop, task
from baton.console.tables import answer, question
from baton.store import Database
from baton.types.frozen import Frozen

_EVERY = 1.0
_LATE = timedelta(seconds=10)
"""A row may be committed later than the moment written in it; for so long it is still looked for."""
_log = logging.getLogger(__name__)


class Change(Frozen):
    """Something that an open page may want to know."""

    kind: str
    """`opened`, `decided`, `answer` or `stops`."""
    task: str = ""
    title: str = ""
    department: str = ""
    assignee: str = ""
    status: str = ""


class Drawn(Frozen):
    """What a page showed when it was drawn."""

    at: str
    task: str = ""
    standing: str = ""
    """The status of that task, empty if the page does not say."""
    stops: tuple[str, ...] | None = None


@dataclass
class Listener:
    """An open page: what it was told last, and what it is still to be told."""

    drawn: Drawn
    changes: asyncio.Queue[Change] = field(default_factory=lambda: asyncio.Queue(maxsize=100))
    told: set[str] = field(default_factory=set)
    standing: dict[str, str] = field(default_factory=dict)
    stops: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Look:
    """The state of everything that somebody watches."""

    at: str
    opened: Sequence[Any]
    standing: dict[str, dict[str, str]]
    stops: tuple[str, ...]


class Live:
    """Looks for changes while somebody listens, and tells each listener."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Listener] = []

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look for changes for as long as the block lasts."""
        job = asyncio.create_task(self._forever())
        try:
            yield
        finally:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job

    @asynccontextmanager
    async def listening(self, drawn: Drawn) -> AsyncIterator[asyncio.Queue[Change]]:
        """Changes since a page was drawn."""
        listener = Listener(drawn, stops=drawn.stops)
        if drawn.standing:
            listener.standing[drawn.task] = drawn.standing
        self._listeners.append(listener)
        try:
            yield listener.changes
        finally:
            self._listeners.remove(listener)

    async def _forever(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as trouble:  # a database that is away for a moment must not end the looking
                _log.error("live:stumbled error=%s", trouble)
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        """Look once, and tell everybody who listens what changed."""
        listeners = tuple(self._listeners)
        if not listeners:
            return
        since = min(listener.drawn.at for listener in listeners)
        found = await asyncio.to_thread(self._see, since, {listener.drawn.task for listener in listeners} - {""})
        for listener in listeners:
            for change in _news(listener, found):
                if not listener.changes.full():
                    listener.changes.put_nowait(change)

    def _see(self, since: str, watched: set[str]) -> Look:
        at = now()
        with self._database.read() as connection:
            columns = (task.c.id, task.c.opened, task.c.department, task.c.assignee, task.c.body)
            query = select(*columns).where(task.c.opened > max(since, written(at - _LATE))).order_by(task.c.opened)
            opened = connection.execute(query.limit(100)).all()
            stops = connection.execute(select(stop.c.id).where(stop.c.active).order_by(stop.c.id)).scalars()
            return Look(written(at), opened, _standing(connection, watched), tuple(stops))


def _standing(connection: Connection, watched: set[str]) -> dict[str, dict[str, str]]:
    standing: dict[str, dict[str, str]] = {one: {} for one in watched}
    for row in connection.execute(select(task.c.id, task.c.status).where(task.c.id.in_(watched))):
        standing[row.id][row.id] = row.status
    answers = select(answer.c.task, answer.c.status).where(answer.c.task.in_(watched)).order_by(answer.c.said)
    for said in connection.execute(answers):
        standing[said.task]["answer"] = said.status
    questions = select(question.c.task, question.c.id, question.c.answered).where(question.c.task.in_(watched))
    for asked in connection.execute(questions):
        standing[asked.task][f"question {asked.id}"] = asked.answered
    return standing


def _news(listener: Listener, found: Look) -> Iterator[Change]:
    for row in found.opened:
        if row.opened > listener.drawn.at and row.id not in listener.told:
            listener.told.add(row.id)
            who = {"department": row.department, "assignee": row.assignee or ""}
            yield Change(kind="opened", task=row.id, title=row.body["title"], **who)
    watched = listener.drawn.task
    standing = found.standing.get(watched, {})
    for name, status in standing.items():
        if listener.standing.get(name, status) != status:
            yield Change(kind="decided" if name == watched else "answer", task=watched, status=status)
    if listener.stops not in (None, found.stops):
        yield Change(kind="stops")
    listener.standing, listener.stops = standing, found.stops
