"""The tree in the database: taking entries in, and reading hashes out.

Statements go to the driver itself: SQLAlchemy's own execution costs more than all the rest of an append.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from baton.errors import BatonError
from baton.ledger import merkle
from baton.ledger.entry import Entry, indexed, parse
from baton.ledger.merkle import Frontier, Leaves

_INDEX = "INSERT INTO decision_index VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_STEP = 5000


class LedgerBroken(BatonError):
    """The ledger's tables contradict each other."""


class NotWriting(BatonError):
    """A decision was to be appended outside a write transaction."""


def cursor(connection: Connection) -> Any:
    """The driver's own cursor, inside the caller's transaction."""
    return connection.connection.cursor()


def growing(connection: Connection) -> Any:
    """A cursor to append with. Raises `NotWriting` when SQLite would commit each statement by itself."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not raw.in_transaction:
        raise NotWriting("append inside `with database.write() as connection`, so that the row commits with what it is about")
    return raw.cursor()


def statement(connection: Connection, text: str) -> str:
    """A statement in the driver's spelling; `?` marks a value."""
    return text if connection.dialect.name == "sqlite" else text.replace("?", "%s")


def newly(connection: Connection, entry: Entry) -> bool:
    """Take one entry into the tree; False when its decision stands there already. The caller holds the write lock."""
    run = growing(connection)
    stands = run.execute(statement(connection, "SELECT 1 FROM decision_index WHERE id = ?"), (entry.indexed.id,)).fetchone()
    return not stands and extend(connection, [entry]) == 1


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these decisions stand in the tree."""
    marks = ", ".join("?" * len(ids))
    found = cursor(connection).execute(statement(connection, f"SELECT id FROM decision_index WHERE id IN ({marks})"), tuple(ids))
    return {row[0] for row in found}


def frontier(connection: Connection) -> Frontier:
    """The growing edge of the tree. Raises `LedgerBroken` when it is damaged."""
    row = cursor(connection).execute("SELECT size, frontier FROM state WHERE id = 1").fetchone()
    try:
        return Frontier.load(*row)
    except (TypeError, ValueError):
        raise LedgerBroken("the ledger's state is damaged: run `baton ledger verify`, restore a backup") from None


def extend(connection: Connection, entries: Iterable[Entry]) -> int:
    """Take entries into the tree, in order; how many. The caller holds the write lock and knows that they are new."""
    edge = frontier(connection)
    start = edge.size
    bodies: list[tuple[int, bytes]] = []
    index: list[tuple[Any, ...]] = []
    hashes: list[tuple[int, bytes]] = []
    for entry in entries:
        bodies.append((edge.size, entry.body))
        index.append((edge.size, *entry.indexed))
        at = merkle.stored(edge.size)
        hashes += enumerate(edge.add(merkle.leaf_hash(entry.body)), at)
    run = growing(connection)
    run.executemany(statement(connection, _INDEX), index)
    run.executemany(statement(connection, "INSERT INTO entry VALUES (?, ?)"), bodies)
    run.executemany(statement(connection, "INSERT INTO node VALUES (?, ?)"), hashes)
    move = statement(connection, "UPDATE state SET size = ?, frontier = ? WHERE id = 1 AND size = ?")
    moved = run.execute(move, (edge.size, edge.dump(), start))
    if moved.rowcount != 1:  # invariant: nobody else appends while we do
        raise LedgerBroken("two writers append at once: append only inside `database.write()`")
    return edge.size - start


def body_at(connection: Connection, position: int) -> bytes:
    """The bytes of one entry. Raises `LedgerBroken` when the row is gone."""
    row = cursor(connection).execute(statement(connection, "SELECT body FROM entry WHERE position = ?"), (position,)).fetchone()
    if row is None:
        raise LedgerBroken(f"entry `{position}` is missing: run `baton ledger verify`, restore a backup")
    return bytes(row[0])


def hashes_over(connection: Connection, runs: Sequence[Leaves]) -> list[bytes]:
    """The hash over each run of leaves. Raises `LedgerBroken` when a node is gone."""
    covers = [list(merkle.cover(run)) for run in runs]
    hashes = nodes(connection, [number for numbers in covers for number in numbers])
    try:
        return [merkle.joined([hashes[number] for number in numbers]) for numbers in covers]
    except KeyError as missing:
        raise LedgerBroken(f"node `{missing.args[0]}` is missing: run `baton ledger verify`, restore a backup") from None


def root_of(connection: Connection, size: int) -> bytes:
    """The root of the tree's first entries."""
    return hashes_over(connection, [(0, size)])[0]


def nodes(connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
    """The stored hashes among these numbers that exist."""
    if not numbers:
        return {}
    listed = ", ".join(map(str, numbers))
    found = cursor(connection).execute(f"SELECT number, hash FROM node WHERE number IN ({listed})").fetchall()
    return {int(number): raw(hash) for number, hash in found}


def raw(stored: object) -> bytes:
    """The bytes of a cell. SQLite lets a cell hold text where bytes were written: that is none of what was appended."""
    return stored if isinstance(stored, bytes) else b"\0not bytes: " + str(stored).encode("utf-8", "replace")


def reindex(connection: Connection) -> None:
    """Write the index anew from the bodies. The caller holds the write lock."""
    run = growing(connection)
    run.execute("DELETE FROM decision_index")
    size = frontier(connection).size
    for start in range(0, size, _STEP):
        found = cursor(connection).execute(
            statement(connection, "SELECT position, body FROM entry WHERE position >= ? AND position < ?"), (start, start + _STEP)
        )
        rows = [(position, *indexed(parse(bytes(body)))) for position, body in found.fetchall()]
        run.executemany(statement(connection, _INDEX), rows)
