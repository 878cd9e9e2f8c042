"""What changed, told to every open page: one look at the database a second, however many people watch."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from baton.cases.tables import stop, task
from baton.console.tables import answer, question
from baton.store import Database
from baton.types.frozen import Frozen

_EVERY = 1.0
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


@dataclass
class Seen:
    """What the last look saw."""

    newest: str = ""
    watched: dict[str, str] = field(default_factory=dict)
    stops: tuple[str, ...] = ()


class Live:
    """Looks for changes while somebody listens, and tells each listener."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[asyncio.Queue[Change], str] = {}
        self._seen = Seen()

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
    async def listening(self, watched: str = "") -> AsyncIterator[asyncio.Queue[Change]]:
        """Changes from now on; `watched` is the task on the screen, whose every change is told."""
        queue: asyncio.Queue[Change] = asyncio.Queue(maxsize=100)
        self._listeners[queue] = watched
        try:
            yield queue
        finally:
            del self._listeners[queue]

    async def _forever(self) -> None:
        while True:
            try:
                if self._listeners:
                    for change in await asyncio.to_thread(self._look):
                        self._tell(change)
                else:
                    self._seen = Seen()
            except Exception as trouble:  # a database that is away for a moment must not end the looking
                _log.error("live:stumbled error=%s", trouble)
            await asyncio.sleep(_EVERY)

    def _tell(self, change: Change) -> None:
        for queue, watched in self._listeners.items():
            if (change.kind in ("opened", "stops") or change.task == watched) and not queue.full():
                queue.put_nowait(change)

    def _look(self) -> list[Change]:
        with self._database.read() as connection:
            before, watched = self._seen, {task for task in self._listeners.values() if task}
            first = not before.newest
            columns = (task.c.id, task.c.opened, task.c.department, task.c.assignee, task.c.body)
            query = select(*columns).where(task.c.opened > before.newest).order_by(task.c.opened)
            fresh = list(connection.execute(query.limit(100))) if not first else []
            newest = connection.execute(select(task.c.opened).order_by(task.c.opened.desc()).limit(1)).scalar() or "0"
            tasks = select(task.c.id, task.c.status).where(task.c.id.in_(watched))
            standing = {row.id: row.status for row in connection.execute(tasks)}
            query = select(answer.c.task, answer.c.status).where(answer.c.task.in_(watched)).order_by(answer.c.said)
            standing |= {f"{row.task} answer": row.status for row in connection.execute(query)}
            query = select(question.c.task, question.c.id, question.c.answered).where(question.c.task.in_(watched))
            standing |= {f"{row.task} {row.id}": row.answered for row in connection.execute(query)}
            stops = tuple(connection.execute(select(stop.c.id).where(stop.c.active).order_by(stop.c.id)).scalars())
        self._seen = Seen(fresh[-1].opened if fresh else newest, standing, stops)
        told = [Change(kind="stops")] if stops != before.stops else []
        return [] if first else [*_opened(fresh), *_changed(before, standing), *told]


def _opened(rows: Sequence[Any]) -> list[Change]:
    return [
        Change(kind="opened", task=row.id, title=row.body["title"], department=row.department, assignee=row.assignee or "")
        for row in rows
    ]


def _changed(before: Seen, standing: dict[str, str]) -> list[Change]:
    changed = {name: status for name, status in standing.items() if before.watched.get(name, status) != status}
    return [
        Change(kind="answer" if " " in name else "decided", task=name.partition(" ")[0], status=status)
        for name, status in changed.items()
    ]
