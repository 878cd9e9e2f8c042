"""SQLite's one writer, shared by everything in a process: all take turns, and one commit makes many transactions durable.

A commit waits for the disk, a statement hardly ever does. So each transaction runs in a savepoint of a common one, and one
commit stands for all who are done (group commit). Nobody is told that a transaction stands before it does.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from baton.store.turnstile import Turnstile

T = TypeVar("T")
_MOMENT = 0.02
"""How long whoever is done waits for those behind them to join the same commit, in seconds."""


class _Batch:
    """Transactions that become durable together, or fail together."""

    def __init__(self) -> None:
        self.members = 0
        self.over = threading.Event()
        self.failure: BaseException | None = None


class Writer:
    """The write transactions of one database in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._coming, self._counting = 0, threading.Lock()
        self._connection: Connection | None = None
        self._line = Turnstile(engine.url.database or "")
        self._batch: _Batch | None = None
        self.taken: Connection | None = None
        self._queue = _Queue(self)

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """One transaction. On leaving it is durable; an exception takes back this one and no other."""
        if (joined := _joined.get()) is not None and joined[0] is self:
            yield joined[1]  # part of what `together` makes durable
            return
        if (begun := self._queue.begun_here()) is not None:
            with self._instead(begun) as connection:
                yield connection
            return
        with self._my_turn():
            connection, batch = self._begun()
            connection.exec_driver_sql("SAVEPOINT turn")
            try:
                yield connection
            except BaseException:
                self._take_back(connection, batch)
                raise
            connection.exec_driver_sql("RELEASE turn")
            batch.members += 1
        self._committed(batch)

    async def together(self, work: Callable[[], T]) -> T:
        """A piece of work, whose every `turn` is one transaction, without making the event loop wait for the disk.

        The statements run on the loop; beginning and committing, which wait for other processes and for the disk, in a
        thread. What others ask for meanwhile joins the next commit.
        """
        return await self._queue.put(work)

    def close(self) -> None:
        """Give the connection back."""
        self._queue.close()
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._line.close()

    def begin(self) -> Connection:
        """Take the turn and begin a transaction, for `commit` or `give_up` to end."""
        self._turn.acquire()
        try:
            if self._batch is not None:
                self._commit(self._batch)  # of threads that came before; each of them hears how it went
            connection, _ = self._begun()
        except BaseException:
            self._turn.release()
            raise
        self._batch, self.taken = None, connection
        return connection

    def commit(self) -> None:
        """Make it durable, and give the turn to the next."""
        assert self.taken is not None
        try:
            self.taken.exec_driver_sql("COMMIT")
        except BaseException:
            self.taken.exec_driver_sql("ROLLBACK")
            raise
        finally:
            self._line.leave()
            self.taken = None
            self._turn.release()

    def give_up(self) -> None:
        """End what was begun and never used, where there is such a thing."""
        if self.taken is not None:
            self.commit()

    def run(self, connection: Connection, work: Callable[[], T], context: Context) -> T:
        """One piece of work in a savepoint: an exception takes back this one and no other."""
        connection.exec_driver_sql("SAVEPOINT turn")
        try:
            done = context.run(self._joining, connection, work)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK TO turn")
            connection.exec_driver_sql("RELEASE turn")
            raise
        connection.exec_driver_sql("RELEASE turn")
        return done

    @contextmanager
    def _instead(self, connection: Connection) -> Iterator[Connection]:
        """The loop's own thread wants a turn that was taken for its queue, which cannot go on before this has: it uses it."""
        connection.exec_driver_sql("SAVEPOINT turn")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK TO turn")
            raise
        finally:
            connection.exec_driver_sql("RELEASE turn")
            self.commit()

    def _joining(self, connection: Connection, work: Callable[[], T]) -> T:
        _joined.set((self, connection))  # in a copy of the caller's context: nobody else sees it
        return work()

    def _begun(self) -> tuple[Connection, _Batch]:
        if self._connection is None:
            self._connection = self._engine.connect()
        if self._batch is None:
            self._line.enter()
            try:
                # The lock is taken when the transaction begins, so that a reader never turns writer half-way and fails.
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except BaseException:
                self._line.leave()
                raise
            self._batch = _Batch()
        return self._connection, self._batch

    def _take_back(self, connection: Connection, batch: _Batch) -> None:
        if batch.members:
            connection.exec_driver_sql("ROLLBACK TO turn")
            connection.exec_driver_sql("RELEASE turn")
            return
        self._batch = None
        try:
            connection.exec_driver_sql("ROLLBACK")
        finally:
            self._line.leave()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        with self._counting:
            self._coming += 1
        with self._turn:
            with self._counting:
                self._coming -= 1
            yield

    def _committed(self, batch: _Batch) -> None:
        """Return when the batch stands. Whoever leaves with nobody behind them commits it, for all who came before."""
        if not (self._coming and batch.over.wait(_MOMENT)):
            with self._turn:
                if not batch.over.is_set():
                    self._commit(batch)
        if batch.failure is not None:
            raise batch.failure

    def _commit(self, batch: _Batch) -> None:
        assert self._connection is not None
        self._batch = None
        try:
            self._connection.exec_driver_sql("COMMIT")
        except BaseException as error:
            batch.failure = error
            self._connection.exec_driver_sql("ROLLBACK")
        finally:
            self._line.leave()
            batch.over.set()


_joined: ContextVar[tuple[Writer, Connection] | None] = ContextVar("baton_joined", default=None)


class _Queue:
    """What an event loop wants written, and the thread that waits for the disk in its stead."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: deque[tuple[Callable[[], Any], Context, asyncio.Future[Any]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._disk: ThreadPoolExecutor | None = None
        self._beginning: Future[Connection] | None = None
        self._thread = 0

    async def put(self, work: Callable[[], T]) -> T:
        """Do this when its turn comes; returns when it is durable."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, copy_context(), future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off())
        return await future

    def close(self) -> None:
        """End the thread."""
        if self._disk is not None:
            self._disk.shutdown()
            self._disk = None

    def begun_here(self) -> Connection | None:
        """The transaction that begins, or has begun, for the event loop of this very thread; None where there is none."""
        if self._beginning is None or self._thread != threading.get_ident():
            return None
        self._beginning.result()
        return self._writer.taken

    async def _work_off(self) -> None:
        while self._waiting:
            await self._batch()

    async def _batch(self) -> None:
        self._thread, self._beginning = threading.get_ident(), self._submit(self._writer.begin)
        try:
            connection = await self._end_of(self._beginning)
        except Exception as error:
            _, _, future = self._waiting.popleft()
            _tell(future, error)
            return
        finally:
            self._beginning = None
        if self._writer.taken is None:
            return  # somebody on this thread could not wait, and used it
        done: list[tuple[asyncio.Future[Any], Any]] = []
        while self._waiting:
            work, context, future = self._waiting.popleft()
            try:
                done.append((future, self._writer.run(connection, work, context)))
            except Exception as error:
                _tell(future, error)
        try:
            await self._end_of(self._submit(self._writer.commit))
        except Exception as error:
            for future, _ in done:
                _tell(future, error)
            return
        for future, result in done:
            if not future.done():
                future.set_result(result)

    def _submit(self, work: Callable[[], T]) -> "Future[T]":
        if self._disk is None:
            self._disk = ThreadPoolExecutor(1, "disk")
        return self._disk.submit(work)

    async def _end_of(self, work: "Future[T]") -> T:
        """Whatever becomes of the event loop, a turn that was taken is given back."""
        try:
            return await asyncio.shield(asyncio.wrap_future(work))
        except asyncio.CancelledError:
            self._submit(self._writer.give_up)
            raise


def _tell(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
