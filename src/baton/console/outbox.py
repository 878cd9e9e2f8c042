"""What people said, until their cases took it: held back for an undo, then sent again and again under one id.

A slow or dead server shows as pending, never as done or lost. The same answer sent twice counts once.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from temporalio.client import Client

from baton.cases.clock import moment, now, written
from baton.console.bench import Bench
from baton.console.tables import answer as table
from baton.deciding import Pending, Refused, send, signed
from baton.errors import BatonError
from baton.store.lookup import first
from baton.types.answers import Answer, Says
from baton.types.canonical import Json
from baton.types.cases import Task
from baton.types.frozen import Frozen
from baton.types.people import Person

KEPT_FOR = timedelta(hours=24)
"""How long an answer may wait for a dead server; after that its signature is too old and it must be said again."""
WAITING = ("held", "pending")
_PATIENCE = 5.0
_LOOK_EVERY = 0.25
_LONGEST_PAUSE = timedelta(seconds=20)
_log = logging.getLogger(__name__)

_ON_TASK = select(table).where(table.c.task == bindparam("task"), table.c.status != "withdrawn")
_ON_TASK = _ON_TASK.order_by(table.c.said.desc()).limit(1)
_ONE = select(table).where(table.c.id == bindparam("id"))
_DUE = select(table).where(table.c.status.in_(WAITING), table.c.due <= bindparam("at")).order_by(table.c.due).limit(50)
_KEEP = table.insert()
_NOTE = update(table).where(table.c.id == bindparam("of"))


class TooLate(BatonError):
    """The answer was sent already."""


class Said(Frozen):
    """One answer and how it stands: held, pending, accepted, refused or withdrawn."""

    answer: Answer
    case: str
    status: str
    due: str
    tries: int
    decision: str
    words: str

    @property
    def waits(self) -> bool:
        """Whether it is not known yet how it ends."""
        return self.status in WAITING

    @property
    def held_for(self) -> float:
        """Seconds in which it can still be withdrawn."""
        return max((moment(self.due) - now()).total_seconds(), 0) if self.status == "held" else 0


class Outbox:
    """Keeps answers and brings them to their cases."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due_now = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._awaited: dict[str, asyncio.Event] = {}

    def keep(
        self,
        person: Person,
        task: Task,
        says: Says,
        *,
        changes: Mapping[str, Json] | None = None,
        reason: str = "",
        code: str = "",
        seconds: float = 0,
        shown: Sequence[str] = (),
    ) -> Said:
        """Sign what this person says and keep it; it goes out when the time for an undo is over."""
        more: dict[str, Any] = {"changes": changes, "reason": reason, "code": code, "seconds": seconds, "shown": shown}
        short = signed(self._bench.sign_in, task, person.id, says, **more)
        answer = short.model_copy(update={"stamp": self._bench.sign_in.stamp(short, KEPT_FOR)})
        at, hold = now(), timedelta(seconds=self._bench.settings.undo_seconds)
        place = {"task": task.id, "case": task.case, "person": person.id, "body": answer.model_dump(mode="json")}
        # With no time for an undo it is ours to send from the first: no other process need look for it before its turn comes.
        ours = not hold and self._loop is not None
        status, due = ("pending", _again(at, 0)) if ours else ("held", at + hold)
        said = Said(answer=answer, case=task.case, status=status, due=written(due), tries=int(ours), decision="", words="")
        values = {"status": status, "said": written(at), "due": said.due, "tries": said.tries, "decision": "", "words": ""}
        with self._bench.database.write() as connection:
            connection.execute(_KEEP, {"id": answer.id, **place, **values})
        if ours:
            self._go(said)
        else:
            self._wake(hold.total_seconds())
        return said

    async def settled(self, id: str, seconds: float) -> Said:
        """The answer, once this process has heard how it ended, or after so long."""
        heard, database = self._awaited.setdefault(id, asyncio.Event()), self._bench.database
        try:
            said = await database.run(self.find, id)
            if said.waits:
                with suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), seconds)
                said = await database.run(self.find, id)
            return said
        finally:
            self._awaited.pop(id, None)

    def find(self, id: str) -> Said:
        """An answer as it stands. Raises `TooLate` for one that nobody gave here."""
        with self._bench.database.read() as connection:
            row = connection.execute(_ONE, {"id": id}).first()
        if row is None:
            raise TooLate(f"there is no answer `{id}`: open the task again")
        return _said(row)

    def on_task(self, task: str) -> Said | None:
        """The newest answer to a task that was not withdrawn."""
        with self._bench.database.read() as connection:
            return said_of(connection, task)

    def withdraw(self, id: str, person: Person) -> Said:
        """Take an answer back before it is sent. Raises `TooLate` afterwards: then the effect itself can be undone."""
        mine = (table.c.id == id) & (table.c.person == person.id) & (table.c.status == "held")
        with self._bench.database.write() as connection:
            done = connection.execute(update(table).where(mine).values(status="withdrawn"))
        if done.rowcount == 0:
            raise TooLate("this answer is on its way already: undo its effect on the case's page")
        return self.find(id)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Bring out what is due, for as long as the block lasts."""
        self._loop, self._due_now = asyncio.get_running_loop(), asyncio.Event()
        task = asyncio.create_task(self._forever())
        try:
            yield
        finally:
            self._loop = None
            jobs = [task, *self._under_way]
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _forever(self) -> None:
        pause = _LOOK_EVERY
        while True:
            try:
                for said in await self._taken():
                    self._start(said)
                pause = _LOOK_EVERY
            except Exception as trouble:  # a database that is away for a moment must not end the sending
                pause = min(pause * 2, _LONGEST_PAUSE.total_seconds())
                _log.error("outbox:stumbled error=%s again_in=%.1fs", trouble, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due_now.wait(), pause)
            self._due_now.clear()

    def _start(self, said: Said) -> None:
        job = asyncio.create_task(self._send(said))  # a case that is slow to answer holds nobody else up
        self._under_way.add(job)
        job.add_done_callback(self._under_way.discard)

    def _go(self, said: Said) -> None:
        """Send what is ours at once; called from any thread. Where the loop has ended, it is due again soon."""
        if (loop := self._loop) is not None:
            loop.call_soon_threadsafe(self._start, said)

    def _wake(self, seconds: float) -> None:
        """Look then, and not only when it is time to look anyway; called from any thread."""
        if (loop := self._loop) is not None:
            loop.call_soon_threadsafe(loop.call_later, seconds, self._due_now.set)

    async def send_due(self) -> int:
        """Send everything whose time has come, side by side; how many were taken up."""
        due = await self._taken()
        await asyncio.gather(*(self._send(said) for said in due))
        return len(due)

    async def _taken(self) -> list[Said]:
        """What is due and ours to send."""
        database = self._bench.database
        return [said for said in await database.run(self._due) if await database.transact(self._take, said)]

    def _due(self) -> list[Said]:
        with self._bench.database.read() as connection:
            return [_said(row) for row in connection.execute(_DUE, {"at": written(now())})]

    def _take(self, said: Said) -> bool:
        """Make it ours to send: another process, or an undo that came first, leaves nothing to take."""
        again = _again(now(), said.tries)
        same = (table.c.id == said.answer.id) & (table.c.status == said.status) & (table.c.due == said.due)
        values = {"status": "pending", "due": written(again), "tries": said.tries + 1}
        with self._bench.database.write() as connection:
            return connection.execute(update(table).where(same).values(**values)).rowcount == 1

    async def _send(self, said: Said) -> None:
        try:
            self._client = self._client or await self._bench.connect()
            judged = await send(self._client, said.case, said.answer, _PATIENCE)
            await self._note(said, status="accepted", decision=judged.answer, words="")
        except Refused as refusal:
            await self._note(said, status="refused", words=str(refusal))
        except Pending as waiting:
            await self._note(said, words=str(waiting))
        except BatonError as away:
            self._client = None
            await self._note(said, words=str(away))

    async def _note(self, said: Said, **values: str) -> None:
        def write() -> None:
            with self._bench.database.write() as connection:
                connection.execute(_NOTE, {"of": said.answer.id, **values})

        await self._bench.database.transact(write)
        if heard := self._awaited.get(said.answer.id):
            heard.set()


def _again(at: datetime, tries: int) -> datetime:
    """When what is being sent is due again, should nothing be heard of it."""
    return at + timedelta(seconds=_PATIENCE) + min(timedelta(seconds=2**tries), _LONGEST_PAUSE)


def said_of(connection: Connection, task: str) -> Said | None:
    """The newest answer to a task that was not withdrawn."""
    row = first(connection, _ON_TASK, {"task": task})
    return _said(row) if row else None


def _said(row: Row[Any]) -> Said:
    answer = Answer.model_validate(row.body)
    return Said(
        answer=answer, case=row.case, status=row.status, due=row.due, tries=row.tries, decision=row.decision, words=row.words
    )
