"""What models answered, kept so that a completed call is never paid for again.

Once an answer is recorded here, the same call (step, graph, node, prompt, model) never reaches a model again, whatever
crashes. An answer that arrived while the process died before recording it is lost: `calls` knows that it may have been paid.
"""

import sqlite3
from datetime import UTC, datetime

from pydantic import Field
from sqlalchemy import Column, ColumnElement, DateTime, Integer, MetaData, Table, Text, delete, insert, select
from sqlalchemy.exc import IntegrityError

from baton.llm.call import CallKey
from baton.llm.tables import make
from baton.store.database import Database
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, Hash

_metadata = MetaData()
_answer = Table(
    "model_answer",
    _metadata,
    Column("step", Text, primary_key=True),
    Column("graph", Text, primary_key=True),
    Column("node", Text, primary_key=True),
    Column("prompt", Text, primary_key=True),
    Column("asked", Text, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("model", Text, nullable=False),
    Column("finish", Text, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
)


class Answer(Frozen):
    """A model's answer as it came, before anything in it is believed; tokens stand for personal data."""

    model: str
    content: str = Field(repr=False)
    finish: str = Field(description="the provider's word for why it stopped: `stop`, `length`, `content_filter`")
    refused: bool = False
    input_tokens: int = 0
    output_tokens: int = 0


class Answers:
    """The table of answers, in the scratch database beside the graphs' checkpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self) -> None:
        """Make the table where it is missing."""
        make(self._database, _metadata)

    def find(self, key: CallKey, prompt: Hash, asked: str) -> Answer | None:
        """The recorded answer to exactly this call."""
        columns = [_answer.c[name] for name in Answer.model_fields]
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(*_same(key, prompt, asked))).mappings().first()
        return Answer.model_validate({**row, "refused": bool(row["refused"])}) if row else None

    def record(self, key: CallKey, prompt: Hash, asked: str, answer: Answer) -> Answer:
        """Keep an answer. Where two attempts raced, the first one recorded stands and is returned."""
        place = {"step": key.step, "graph": key.graph, "node": key.node, "prompt": prompt, "asked": asked}
        row = {**place, "case_id": key.case, "at": datetime.now(UTC), **answer.model_dump(), "refused": int(answer.refused)}
        try:
            with self._database.write() as connection:
                connection.execute(insert(_answer).values(**row))
        except (IntegrityError, sqlite3.IntegrityError):
            return self.find(key, prompt, asked) or answer
        return answer

    def forget(self, case: CaseId) -> None:
        """Drop every answer of a case, for instance when its customer is erased."""
        with self._database.write() as connection:
            connection.execute(delete(_answer).where(_answer.c.case_id == case))


def _same(key: CallKey, prompt: Hash, asked: str) -> tuple[ColumnElement[bool], ...]:
    place = {"step": key.step, "graph": key.graph, "node": key.node, "prompt": prompt, "asked": asked}
    return tuple(_answer.c[name] == value for name, value in place.items())
