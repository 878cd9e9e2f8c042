"""Verification: everything recomputed from the rows, and each damage named by its place."""

from sqlalchemy import Connection, text

from baton.ledger import checkpoints, merkle, tree
from baton.ledger.keys import Keys
from baton.ledger.note import Checkpoint, NoteRefused
from baton.ledger.problems import Problem, Problems
from baton.ledger.rows import verify_rows
from baton.ledger.tree import cursor
from baton.types.frozen import Frozen


class Verification(Frozen):
    """What verifying found. Tamper-evident, not more: who holds the keys and every copy could rewrite it all."""

    ok: bool
    entries: int
    root: str
    """Recomputed, in lower-case hexadecimal; empty where rows are missing."""
    problems: tuple[Problem, ...]
    """The first thousand, in the order of the log."""
    found: int
    """How many there are."""


def verify(connection: Connection, keys: Keys, patience: float) -> Verification:
    """Check the log, its nodes, index, state, checkpoints, their copy, and what waits, on one consistent view."""
    problems = Problems()
    entries = verify_rows(connection, problems)
    _state(connection, entries, problems)
    _checkpoints(connection, keys, entries, problems)
    _copy(connection, keys, entries, problems)
    _pending(connection, patience, problems)
    root = _root(connection, entries)
    return Verification(
        ok=not problems.found,
        entries=entries,
        root=root.hex() if root else "",
        problems=tuple(problems.kept),
        found=problems.found,
    )


def _root(connection: Connection, size: int) -> bytes | None:
    try:
        return tree.root_of(connection, size)
    except tree.LedgerBroken:
        return None  # the missing node was named already


def _state(connection: Connection, entries: int, problems: Problems) -> None:
    rows = cursor(connection).execute("SELECT size, frontier FROM state").fetchall()
    if len(rows) != 1:
        problems.add("state", f"there must be one row, there are {len(rows)}")
        return
    size, joined = rows[0]
    if size > entries:
        problems.add("state", f"{size} entries were appended, {entries} are there: the end was cut off")
    elif size < entries:
        problems.add("state", f"{size} entries were appended, {entries} are there: rows were added behind the ledger's back")
    elif (found := _frontier(connection, entries)) is not None and found != bytes(joined):
        problems.add("state", "the hashes that the next entry builds on are not those of the tree")


def _frontier(connection: Connection, size: int) -> bytes | None:
    numbers = list(merkle.cover((0, size)))
    hashes = tree.nodes(connection, numbers)
    return b"".join(hashes[number] for number in numbers) if len(hashes) == len(numbers) else None


def _checkpoints(connection: Connection, keys: Keys, entries: int, problems: Problems) -> None:
    rows = cursor(connection).execute("SELECT number, size, note FROM checkpoint ORDER BY number").fetchall()
    before = -1
    for expected, (number, size, note) in enumerate(rows, 1):
        place = f"checkpoint {number}"
        if number != expected:
            problems.add(place, f"checkpoint {expected} should stand here: one was removed or renumbered")
            return
        try:
            signed = Checkpoint.open(note, keys.verifier)
        except NoteRefused as refused:
            problems.add(place, str(refused))
            continue
        if note.count("\u2014") != 1 or signed.size != size or size <= before:
            problems.add(place, f"it says {size} entries, its signed note {signed.size}, the one before {before}: it was changed")
        before = size
        _head(connection, signed, entries, place, problems)


def _copy(connection: Connection, keys: Keys, entries: int, problems: Problems) -> None:
    place = f"copy {keys.witness.name}"
    newest = checkpoints.last(connection)
    if not keys.witness.exists():
        if newest:
            problems.add(place, f"`{keys.witness}` is missing: it must hold a copy of the last checkpoint")
        return
    kept = checkpoints.witnessed(keys)
    if kept is None:
        problems.add(place, f"`{keys.witness}` is not signed by this ledger's key: it was changed")
        return
    _head(connection, kept, entries, place, problems)
    if kept.size <= entries and (newest is None or newest[0] < kept.size):
        problems.add(place, f"the checkpoint of {kept.size} entries is no longer in the database: it was removed")


def _head(connection: Connection, signed: Checkpoint, entries: int, place: str, problems: Problems) -> None:
    """A signed head must be a head of this very tree."""
    if signed.size > entries:
        problems.add(place, f"{signed.size} entries were signed, {entries} are there: cut off, or rolled back to an older state")
    elif (root := _root(connection, signed.size)) is not None and root != signed.root:
        problems.add(place, f"the first {signed.size} entries are not those that were signed: they were rewritten")


def _pending(connection: Connection, patience: float, problems: Problems) -> None:
    if connection.dialect.name == "sqlite":
        if cursor(connection).execute("SELECT 1 FROM pending").fetchone():
            problems.add("pending", "decisions wait on a database that keeps none waiting: they were put there by hand")
        return
    late = text("SELECT id, extract(epoch FROM clock_timestamp() - since) FROM pending ORDER BY number LIMIT 1")
    row = connection.execute(late).fetchone()
    if row and row[1] > patience:
        problems.add(f"pending {row[0]}", f"waits for {row[1]:.0f} s to enter the tree: no sequencer runs, start `baton up`")
