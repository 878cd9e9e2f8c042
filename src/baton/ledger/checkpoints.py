"""Signed tree heads: in the database, and the last of them once more in a file."""

import os
from pathlib import Path

from sqlalchemy import Connection

from baton.errors import BatonError
from baton.ledger import tree
from baton.ledger.keys import Keys
from baton.ledger.note import Checkpoint, NoteRefused
from baton.ledger.tree import cursor, statement


class RolledBack(BatonError):
    """The database is older than its last checkpoint, or another one altogether."""


def last(connection: Connection) -> tuple[int, str] | None:
    """Size and note of the newest checkpoint."""
    row = cursor(connection).execute("SELECT size, note FROM checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else None


def sign(connection: Connection, keys: Keys) -> str:
    """Sign the present tree head, once for every size. The caller holds the write lock.

    Raises `RolledBack` rather than sign a second history.
    """
    edge = tree.frontier(connection)
    if kept := witnessed(keys):
        _continues(connection, kept, edge.size)
    before = last(connection)
    if before and before[0] == edge.size:
        return before[1]
    note = keys.signer.sign(str(Checkpoint(origin=keys.verifier.name, size=edge.size, root=edge.root())))
    add = "INSERT INTO checkpoint SELECT coalesce(max(number), 0) + 1, ?, ? FROM checkpoint"
    tree.growing(connection).execute(statement(connection, add), (edge.size, note))
    return note


def copy_out(connection: Connection, keys: Keys) -> None:
    """Keep a copy of the newest checkpoint in a file, unless the file's is newer. The caller holds the write lock.

    Called after the checkpoint's own commit, so that a crash leaves the copy behind the database, never ahead of it.
    """
    newest = last(connection)
    kept = witnessed(keys)
    if newest and (kept is None or kept.size < newest[0]):
        _replace(keys.witness, newest[1])


def witnessed(keys: Keys) -> Checkpoint | None:
    """The checkpoint kept in the file; None where there is none that can be read."""
    try:
        return Checkpoint.open(keys.witness.read_text(), keys.verifier)
    except (OSError, UnicodeDecodeError, NoteRefused):
        return None


def _continues(connection: Connection, kept: Checkpoint, size: int) -> None:
    if kept.size > size or tree.root_of(connection, kept.size) != kept.root:
        raise RolledBack(
            f"the database does not continue the checkpoint of {kept.size} entries in BATON_HOME/checkpoints: "
            "restore the newest backup, or give another database its own BATON_HOME"
        )


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
