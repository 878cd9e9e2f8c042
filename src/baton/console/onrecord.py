"""Whoever reads or takes along what is on record is on record themselves: one row for each reading and each export."""

from typing import Literal, TypeAlias
from uuid import uuid4

from baton.console.signin.visitor import Visitor
from baton.governance import rows
from baton.types.canonical import Json
from baton.types.ids import StepKey, decision_id

How: TypeAlias = Literal["read", "exported"]
READING, EXPORTING = "baton:audit", "baton:export"
"""The action that such a row names: what the policies were asked."""


def note(visitor: Visitor, how: How, what: str, *, asked: str = "", **detail: Json) -> None:
    """Put on record that this person saw or took something. What they searched for may name people, so it is sealed."""
    id = decision_id(StepKey(f"{visitor.person.id}/{uuid4()}"), how)
    private: dict[str, Json] = {"asked": asked} if asked else {}
    made = rows.row(
        "handoff",
        id,
        rows.actor(visitor.person),
        how,
        action=READING if how == "read" else EXPORTING,
        detail={"what": what, **detail},
        private=private,
    )
    with visitor.bench.database.write() as connection:
        visitor.bench.engine.ledger.append(connection, made)
