"""How the ledger stands: its size and root, and the checkpoints that were signed over it."""

from functools import lru_cache

from sqlalchemy import Connection, select

from baton.console.bench import Bench
from baton.ledger.note import Checkpoint, NoteRefused, Verifier
from baton.ledger.tables import checkpoint
from baton.store.lookup import look_up
from baton.types.frozen import Frozen

_SHOWN = 8
_NEWEST = select(checkpoint).order_by(checkpoint.c.number.desc()).limit(_SHOWN)


class Signed(Frozen):
    """One signed head."""

    number: int
    size: int
    root: str
    holds: bool
    """Whether its signature is this ledger's own."""


class Head(Frozen):
    """The ledger as it stands now."""

    origin: str
    size: int
    root: str
    key: str
    checkpoints: tuple[Signed, ...]


def head(bench: Bench, connection: Connection) -> Head:
    """Read it; cheap however long the ledger is."""
    ledger = bench.engine.ledger
    verifier = ledger.keys.verifier
    key = str(verifier)
    size, root = ledger.head(connection)
    return Head(origin=verifier.name, size=size, root=root, key=key, checkpoints=tuple(_signed(connection, key)))


@lru_cache(maxsize=256)
def opened(note: str, key: str) -> Checkpoint:
    """A signed note, its signature checked; one that holds holds for ever. Raises `NoteRefused`."""
    return Checkpoint.open(note, Verifier.parse(key))


def _signed(connection: Connection, key: str) -> list[Signed]:
    found = []
    for row in look_up(connection, _NEWEST):
        try:
            note = opened(row.note, key)
            found.append(Signed(number=row.number, size=row.size, root=note.root.hex(), holds=note.size == row.size))
        except NoteRefused:
            found.append(Signed(number=row.number, size=row.size, root="", holds=False))
    return found
