"""LangGraph checkpoint savers, embedded and on a cluster."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url

from baton.store.wal import write_ahead

_SETTING_UP = 0x6261746F6E
"""The PostgreSQL advisory lock under which the tables are made."""


class DirectSaver(SqliteSaver):
    """LangGraph's SQLite saver, written to from the event loop itself.

    A checkpoint is two inserts of some hundred microseconds; a hop to a thread and back costs more than they do.
    """

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The latest checkpoint of a thread."""
        return self.get_tuple(config)

    async def aput(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, new_versions: ChannelVersions
    ) -> RunnableConfig:
        """Keep a checkpoint."""
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what one node of an unfinished step wrote."""
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Drop a thread."""
        self.delete_thread(thread_id)


def sqlite_saver(path: Path) -> DirectSaver:
    """The embedded saver. WAL with NORMAL survives a killed process; after a power cut a node may run again, which is allowed."""
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    for pragma in ("synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")
    write_ahead(connection)
    saver = DirectSaver(connection)
    saver.setup()
    return saver


class PostgresSavers:
    """One saver an event loop, since a connection belongs to the loop that opened it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[AsyncPostgresSaver]] = WeakKeyDictionary()

    async def here(self) -> BaseCheckpointSaver[str]:
        """The saver of the running loop; those who come while it is being opened wait for the same one."""
        loop = asyncio.get_running_loop()
        opening = self._open.get(loop)
        if opening is None or (opening.done() and (opening.cancelled() or opening.exception())):
            opening = self._open[loop] = loop.create_task(self._opened())
        return await asyncio.shield(opening)

    async def _opened(self) -> AsyncPostgresSaver:
        await _make_tables(self._url)
        fixed = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
        pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            self._url, min_size=1, max_size=4, open=False, kwargs=fixed, check=AsyncConnectionPool.check_connection
        )
        await pool.open()
        return AsyncPostgresSaver(pool)


async def _make_tables(url: str) -> None:
    """Make LangGraph's tables, one process at a time.

    The lock is tried, not waited for: a waiting session would hold up `CREATE INDEX CONCURRENTLY` for ever.
    """
    async with await AsyncConnection.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row) as connection:
        while not await _locked(connection):
            await asyncio.sleep(0.1)
        try:
            await AsyncPostgresSaver(connection).setup()
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", (_SETTING_UP,))


async def _locked(connection: AsyncConnection[DictRow]) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS mine", (_SETTING_UP,))).fetchone()
    return bool(row and row["mine"])
