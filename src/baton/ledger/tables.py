"""The ledger's tables; `baton/store/migrations` makes them, with triggers that refuse to change the log."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, Table, Text, func

from baton.store import metadata

_Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's row ids

entry = Table(
    "entry",
    metadata,
    Column("position", _Number, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
"""The log itself: entry 0, 1, 2 ... each the canonical bytes of one decision."""

node = Table(
    "node",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
"""The hash of every complete subtree, numbered in the order in which they become complete (`merkle.number`)."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)
"""Signed tree heads, numbered without gaps."""

state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)
"""One row: how many entries there are, and the hashes that the next one builds on."""

pending = Table(
    "pending",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("case_id", Text),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""On PostgreSQL, decisions committed but not yet in the tree; always empty on SQLite."""

subject_key = Table(
    "subject_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("wrapped", LargeBinary),
    Index("subject_key_subject", "subject"),
)
"""The data key of each subject, wrapped; an erased one has no key any more."""

decision_index = Table(
    "decision_index",
    metadata,
    Column("position", _Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Text),
    Column("step", Text),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("decision_index_case", "case_id", "position"),
)
"""Where to find a decision: copied from the bodies, and rebuilt from them at need."""
