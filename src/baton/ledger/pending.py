"""On PostgreSQL, decisions wait here, committed with what they are about, until the sequencer takes them into the tree.

One frontier cannot grow in many transactions at once; a row of one's own can.
"""

from sqlalchemy import Connection, text

from baton.ledger import entry, tree
from baton.ledger.entry import Entry
from baton.ledger.tree import cursor

_LOCK = 0x6C656467  # `ledg`
_BATCH = 2000


def lock(connection: Connection) -> None:
    """Become the only one who changes the tree, until this transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def put(connection: Connection, new: Entry) -> bool:
    """Leave a decision for the sequencer; False when it stands already."""
    run = cursor(connection)
    placed = run.execute(
        "INSERT INTO pending (id, case_id, kind, body, since) VALUES (%s, %s, %s, %s, clock_timestamp()) "
        "ON CONFLICT (id) DO NOTHING",
        (new.indexed.id, new.indexed.case, new.indexed.kind, new.body),
    )
    if placed.rowcount == 0:
        return False
    # The insert may have waited for a sequencer that took the same decision in meanwhile; only now is its work visible.
    if tree.known(connection, [new.indexed.id]):
        run.execute("DELETE FROM pending WHERE id = %s", (new.indexed.id,))
        return False
    return True


def waiting(connection: Connection) -> bool:
    """Whether a decision waits to be taken in."""
    return cursor(connection).execute("SELECT 1 FROM pending LIMIT 1").fetchone() is not None


def drain(connection: Connection) -> int:
    """Take what waits into the tree, oldest first; how many. The caller holds the lock."""
    taken = 0
    while rows := cursor(connection).execute(f"SELECT number, id, body FROM pending ORDER BY number LIMIT {_BATCH}").fetchall():
        there = tree.known(connection, [row[1] for row in rows])
        fresh = [bytes(row[2]) for row in rows if row[1] not in there]
        taken += tree.extend(connection, [Entry(body, entry.indexed(entry.parse(body))) for body in fresh])
        cursor(connection).execute("DELETE FROM pending WHERE number = ANY(%s)", ([row[0] for row in rows],))
    return taken
