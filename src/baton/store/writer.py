"""SQLite's one writer, shared by the threads of a process: they take turns, and one commit makes many transactions durable.

A commit waits for the disk, a statement hardly ever does. So each thread runs its statements in a savepoint of a common
transaction, and whoever is next commits for all who are done (group commit). Nobody is told that a transaction stands before
it does.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class _Batch:
    """Transactions that become durable together, or fail together."""

    def __init__(self) -> None:
        self.members = 0
        self.over = False
        self.failure: BaseException | None = None


class Writer:
    """The write transactions of one database in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._connection: Connection | None = None
        self._batch: _Batch | None = None

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """One transaction. On leaving it is durable; an exception takes back this one and no other."""
        with self._turn:
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

    def close(self) -> None:
        """Give the connection back."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _begun(self) -> tuple[Connection, _Batch]:
        if self._connection is None:
            self._connection = self._engine.connect()
        if self._batch is None:
            # The lock is taken when the transaction begins, so that a reader never turns writer half-way and fails.
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._batch = _Batch()
        return self._connection, self._batch

    def _take_back(self, connection: Connection, batch: _Batch) -> None:
        if batch.members:
            connection.exec_driver_sql("ROLLBACK TO turn")
            connection.exec_driver_sql("RELEASE turn")
            return
        self._batch = None
        connection.exec_driver_sql("ROLLBACK")

    def _committed(self, batch: _Batch) -> None:
        """Return when the batch stands. Whoever comes first commits it; those who queue for a turn meanwhile join it."""
        with self._turn:
            if not batch.over:
                self._commit(batch)
        if batch.failure is not None:
            raise batch.failure

    def _commit(self, batch: _Batch) -> None:
        assert self._connection is not None
        batch.over, self._batch = True, None
        try:
            self._connection.exec_driver_sql("COMMIT")
        except BaseException as error:
            batch.failure = error
            self._connection.exec_driver_sql("ROLLBACK")
