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


def opened(visitor: Visitor, what: str, case: str, **place: str) -> None:
    """An auditor opened a case, a document or a trace; people at their own work leave their traces in what they decide."""
    if counts(visitor):
        found: dict[str, Json] = {"what": what, "case": case, **place}
        _put(visitor, "read", found, {})


def counts(visitor: Visitor) -> bool:
    """Whether what this person opens is a row of its own."""
    return visitor.may(READING)


def note(visitor: Visitor, how: How, what: str, *, asked: str = "", **detail: Json) -> None:
    """Put on record that this person saw or took something. What they searched for may name people, so it is sealed."""
    _put(visitor, how, {"what": what, **detail}, {"asked": asked} if asked else {})


def _put(visitor: Visitor, how: How, detail: dict[str, Json], private: dict[str, Json]) -> None:
    id = decision_id(StepKey(f"{visitor.person.id}/{uuid4()}"), how)
    action = READING if how == "read" else EXPORTING
    made = rows.row("handoff", id, rows.actor(visitor.person), how, action=action, detail=detail, private=private)
    with visitor.bench.database.write() as connection:
        visitor.bench.engine.ledger.append(connection, made)
