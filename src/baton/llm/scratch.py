"""The scratch store of agents: graph checkpoints and model answers. Losing it costs work done twice, never a decision.

A SQLite file in `BATON_HOME`, or the PostgreSQL of `BATON_DATABASE_URL`.
"""

import os
from functools import cached_property, lru_cache
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from sqlalchemy import inspect, make_url, text

from baton.llm.answers import Answers
from baton.llm.calls import Calls
from baton.llm.redaction.book import Tokens
from baton.llm.savers import PostgresSavers, sqlite_saver
from baton.store.database import Database
from baton.types.ids import CaseId

_THREADED = ("checkpoints", "writes", "checkpoint_writes", "checkpoint_blobs")


class Scratch:
    """Where graphs keep their progress and models' answers are kept; one per process."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._url = url

    @cached_property
    def answers(self) -> Answers:
        """What models answered."""
        answers = Answers(self._database)
        answers.create()
        return answers

    @cached_property
    def calls(self) -> Calls:
        """Which calls were begun, and what they cost."""
        calls = Calls(self._database)
        calls.create()
        return calls

    @cached_property
    def tokens(self) -> Tokens:
        """What stands for which personal data."""
        tokens = Tokens(self._database)
        tokens.create()
        return tokens

    async def saver(self) -> BaseCheckpointSaver[str]:
        """The checkpoint saver for the running event loop, opened once."""
        return await self._savers.here() if self._savers else self._sqlite

    def forget(self, case: CaseId) -> None:
        """Drop all that is kept about a case: readings and answers hold what customers wrote."""
        self.answers.forget(case)
        self.calls.forget(case)
        self.tokens.forget(case)
        tables = set(inspect(self._database.engine).get_table_names()) & set(_THREADED)
        with self._database.write() as connection:
            for table in sorted(tables):
                mine = text(f"DELETE FROM {table} WHERE substr(thread_id, 1, length(:thread)) = :thread")
                connection.execute(mine, {"thread": f"{case}/"})

    @cached_property
    def _savers(self) -> PostgresSavers | None:
        return None if self._database.is_sqlite else PostgresSavers(self._url)

    @cached_property
    def _sqlite(self) -> BaseCheckpointSaver[str]:
        return sqlite_saver(Path(self._database.engine.url.database or "checkpoints.db"))


def scratch() -> Scratch:
    """The scratch store that the environment names."""
    url = os.environ.get("BATON_DATABASE_URL", "")
    if url.startswith("postgres"):
        return _opened(make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    home = Path(os.environ.get("BATON_HOME") or Path(os.environ.get("BATON_PROJECT") or ".") / ".baton").resolve()
    home.mkdir(parents=True, exist_ok=True)
    return _opened(f"sqlite:///{home / 'checkpoints.db'}")


@lru_cache(maxsize=8)
def _opened(url: str) -> Scratch:
    return Scratch(url)
