"""The data keys of people, kept beside the log: destroying one erases what was sealed under it, and no proof breaks."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection

from baton.ledger import sealing
from baton.ledger.entry import Key
from baton.ledger.keys import Keys
from baton.ledger.tree import cursor, statement
from baton.store import Database
from baton.types.decisions import Decision


def key_for(connection: Connection, decision: Decision, keys: Keys) -> Key | None:
    """The data key to seal a decision's private part with, made at the first need; None when it has none."""
    if not decision.private:
        return None
    subject = subject_of(decision)
    find = "SELECT id, wrapped FROM subject_key WHERE subject = ? AND wrapped IS NOT NULL"
    row = cursor(connection).execute(statement(connection, find), (subject,)).fetchone()
    if row:
        return Key(row[0], sealing.unseal(keys.sealing, row[1], f"{row[0]} {subject}"))
    return _make(connection, subject, keys)


def subject_of(decision: Decision) -> str:
    """Whose key seals a decision: its subject's, or while the customer is unknown, its case's own."""
    return decision.subject or (f"case:{decision.case}" if decision.case else f"decision:{decision.id}")


def find_key(connection: Connection, key_id: str, keys: Keys) -> bytes | None:
    """The data key of this id; None once it was destroyed."""
    find = statement(connection, "SELECT subject, wrapped FROM subject_key WHERE id = ?")
    row = cursor(connection).execute(find, (key_id,)).fetchone()
    if row is None or row[1] is None:
        return None
    return sealing.unseal(keys.sealing, row[1], f"{key_id} {row[0]}")


def erase(connection: Connection, subjects: Sequence[str]) -> int:
    """Destroy every data key of these subjects; how many."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # overwrite, not merely unlink
    destroy = statement(connection, "UPDATE subject_key SET wrapped = NULL WHERE subject = ? AND wrapped IS NOT NULL")
    return sum(cursor(connection).execute(destroy, (subject,)).rowcount for subject in subjects)


def scrub(database: Database) -> None:
    """Drop the old versions of rows that the database still keeps beside the new ones. Backups are the operator's."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if database.is_sqlite else "VACUUM subject_key")


def _make(connection: Connection, subject: str, keys: Keys) -> Key:
    key = Key(f"k-{secrets.token_hex(8)}", sealing.new_key())
    wrapped = sealing.seal(keys.sealing, key.secret, f"{key.id} {subject}")
    cursor(connection).execute(statement(connection, "INSERT INTO subject_key VALUES (?, ?, ?)"), (key.id, subject, wrapped))
    return key
