"""The ledger: every decision, appended in the transaction that it belongs to, found again, proved and verified."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection

from baton.errors import BatonError
from baton.ledger import checkpoints, entry, merkle, pending, subjects, tree
from baton.ledger.keys import Keys
from baton.ledger.note import Checkpoint
from baton.ledger.proofs import Consistency, Inclusion, write_proof
from baton.ledger.verify import Verification, verify
from baton.store import Database
from baton.types.decisions import Decision, DecisionKind
from baton.types.ids import CaseId, DecisionId, Hash

_PAGE = 1000


class UnknownDecision(BatonError):
    """No such decision is on record."""


class Ledger:
    """The append-only record of decisions in one database; safe to share among threads and processes."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self.database = database
        self.keys = keys

    def append(self, connection: Connection, decision: Decision) -> bool:
        """Put a decision on record, inside the caller's `database.write()`: it stands when that commits, not before.

        False, and nothing written, when a decision of this id stands already: the first one counts.
        """
        new = entry.write(decision, subjects.key_for(connection, decision, self.keys))
        return tree.newly(connection, new) if self.database.is_sqlite else pending.put(connection, new)

    def drain(self) -> int:
        """Take the decisions that wait on PostgreSQL into the tree; how many. Any process may call it at any time."""
        if self.database.is_sqlite:
            return 0
        with self._settled() as (_, taken):
            return taken

    def find(self, id: DecisionId, connection: Connection | None = None) -> Decision | None:
        """A decision by id, whether in the tree or still waiting; `private` is opened while its key exists."""
        with self._reading(connection) as reading:
            found = self._decisions(
                reading,
                "SELECT body FROM decision_index JOIN entry USING (position) WHERE id = ? "
                "UNION ALL SELECT body FROM pending WHERE id = ?",
                (id, id),
            )
        return found[0] if found else None

    def of_case(self, case: CaseId, connection: Connection | None = None) -> list[Decision]:
        """Every decision of a case, oldest first."""
        with self._reading(connection) as reading:
            return self._decisions(
                reading,
                "SELECT body, 0 AS later, position AS place FROM decision_index JOIN entry USING (position) WHERE case_id = ? "
                "UNION ALL SELECT body, 1, number FROM pending WHERE case_id = ? ORDER BY later, place",
                (case, case),
            )

    def of_cases(
        self, cases: Sequence[CaseId], kinds: Sequence[DecisionKind], most: int, connection: Connection | None = None
    ) -> list[Decision]:
        """The newest decisions of these kinds in any of these cases, the newest first, and no more than `most`."""
        if not cases or not kinds:
            return []
        where = f"case_id IN ({_places(cases)}) AND kind IN ({_places(kinds)})"
        with self._reading(connection) as reading:
            return self._decisions(
                reading,
                f"SELECT body, 0 AS later, position AS place FROM decision_index JOIN entry USING (position) WHERE {where} "
                f"UNION ALL SELECT body, 1, number FROM pending WHERE {where} ORDER BY later DESC, place DESC LIMIT ?",
                (*cases, *kinds, *cases, *kinds, most),
            )

    def these(self, ids: Sequence[str], connection: Connection | None = None) -> dict[str, Decision]:
        """Decisions by id, all at once; one that is not on record is left out."""
        if not ids:
            return {}
        where = f"id IN ({_places(ids)})"
        with self._reading(connection) as reading:
            found = self._decisions(
                reading,
                f"SELECT body FROM decision_index JOIN entry USING (position) WHERE {where} "
                f"UNION ALL SELECT body FROM pending WHERE {where}",
                (*ids, *ids),
            )
        return {row.id: row for row in found}

    def last(
        self, *, case: CaseId | None = None, kind: DecisionKind | None = None, connection: Connection | None = None
    ) -> Decision | None:
        """The newest decision, of a case, of a kind, or of all."""
        asked = {"case_id = ?": case, "kind = ?": kind}
        where = " AND ".join(["1 = 1", *(clause for clause, value in asked.items() if value)])
        values = tuple(value for value in asked.values() if value)
        with self._reading(connection) as reading:
            # What waits is newer than the tree, and looked at first: meanwhile it may move there, but not vanish.
            for query in (
                f"SELECT body FROM pending WHERE {where} ORDER BY number DESC LIMIT 1",
                f"SELECT body FROM decision_index JOIN entry USING (position) WHERE {where} ORDER BY position DESC LIMIT 1",
            ):
                if found := self._decisions(reading, query, values):
                    return found[0]
        return None

    def scan(self, start: int = 0, stop: int | None = None) -> Iterator[Decision]:
        """Decisions by position in the log, `start` up to but without `stop`, a page at a time."""
        end = self.size() if stop is None else min(stop, self.size())
        for first in range(start, end, _PAGE):
            query = "SELECT body FROM entry WHERE position >= ? AND position < ? ORDER BY position"
            with self.database.read() as connection:
                page = self._decisions(connection, query, (first, min(first + _PAGE, end)))
            yield from page

    def size(self) -> int:
        """How many decisions are in the tree."""
        with self._settled() as (connection, _):
            return tree.frontier(connection).size

    def root(self) -> Hash:
        """The root hash over all of them."""
        with self._settled() as (connection, _):
            return Hash(tree.frontier(connection).root().hex())

    def head(self, connection: Connection | None = None) -> tuple[int, Hash]:
        """How many decisions are in the tree, and the root hash over all of them."""
        with self._settled(connection=connection) as (reading, _):
            edge = tree.frontier(reading)
        return edge.size, Hash(edge.root().hex())

    def checkpoint(self) -> str:
        """Sign the present tree head and keep it, in the database and in a file; the signed note.

        Worth calling often: what was appended after the last checkpoint could be cut off unseen. Raises `RolledBack`.
        """
        with self._settled(write=True) as (connection, _):
            note = checkpoints.sign(connection, self.keys)
        with self._settled(write=True) as (connection, _):
            checkpoints.copy_out(connection, self.keys)
        return note

    def inclusion(self, id: DecisionId, connection: Connection | None = None) -> Inclusion:
        """Why a decision must stand in the present tree. Raises `UnknownDecision`."""
        with self._settled(connection=connection) as (reading, _):
            return self._inclusion(reading, self._position(reading, id), tree.frontier(reading).size)

    def consistency(self, old: int, new: int) -> Consistency:
        """Why the tree of `new` entries must begin with the one of `old`."""
        with self._settled() as (connection, _):
            runs = merkle.consistency(old, new)
            old_root, new_root, *path = tree.hashes_over(connection, [(0, old), (0, new), *runs])
            return Consistency(old=old, new=new, old_root=old_root, new_root=new_root, path=tuple(path))

    def proof(self, id: DecisionId) -> str:
        """A proof file's text, checked by `check_proof` with the public key alone. Raises `UnknownDecision`."""
        note = self.checkpoint()
        size = Checkpoint.open(note, self.keys.verifier).size
        with self.database.read() as connection:
            position = self._position(connection, id)
            path = self._inclusion(connection, position, size).path
            return write_proof(tree.body_at(connection, position), position, path, note)

    def erase(self, subject: str, cases: Iterable[CaseId] = ()) -> int:
        """Make a person's private data unreadable for good; how many keys were destroyed. Every proof stays valid.

        `cases`: theirs; what came in before the customer was known is sealed under the case's own key.
        """
        with self.database.write() as connection:
            destroyed = subjects.erase(connection, [subject, *(f"case:{case}" for case in cases)])
        subjects.scrub(self.database)
        return destroyed

    def verify(self, patience: float = 60) -> Verification:
        """Recompute everything from the rows and name every damage. A decision waiting longer than `patience` seconds is one."""
        with self.database.read() as connection:
            return verify(connection, self.keys, patience)

    def reindex(self) -> None:
        """Write the index anew from the log, where `verify` found it wrong."""
        with self._settled(write=True) as (connection, _):
            tree.reindex(connection)

    def _inclusion(self, connection: Connection, position: int, size: int) -> Inclusion:
        runs = merkle.inclusion(position, size)
        leaf, root, *path = tree.hashes_over(connection, [(position, position + 1), (0, size), *runs])
        return Inclusion(position=position, size=size, leaf=leaf, path=tuple(path), root=root)

    def _position(self, connection: Connection, id: DecisionId) -> int:
        query = tree.statement(connection, "SELECT position FROM decision_index WHERE id = ?")
        row = tree.cursor(connection).execute(query, (id,)).fetchone()
        if row is None:
            raise UnknownDecision(f"decision `{id}` is not on record: `baton explain` lists those of a case")
        return int(row[0])

    def _decisions(self, connection: Connection, query: str, values: tuple[Any, ...]) -> list[Decision]:
        rows = tree.cursor(connection).execute(tree.statement(connection, query), values).fetchall()
        find_key = cache(lambda key: subjects.find_key(connection, key, self.keys))  # many rows share one key
        return [entry.read(bytes(row[0]), find_key) for row in rows]

    @contextmanager
    def _reading(self, connection: Connection | None) -> Iterator[Connection]:
        if connection is not None:
            yield connection
        else:
            with self.database.read() as own:
                yield own

    @contextmanager
    def _settled(self, write: bool = False, connection: Connection | None = None) -> Iterator[tuple[Connection, int]]:
        """A view in which nothing waits, and how many were taken in for it; alone with the tree when `write`.

        On SQLite nothing ever waits: whoever reads already goes on in the same view.
        """
        if self.database.is_sqlite:
            with self.database.write() if write else self._reading(connection) as own:
                yield own, 0
            return
        with self.database.write() as connection:
            taken = 0
            if write or pending.waiting(connection):
                pending.lock(connection)
                taken = pending.drain(connection)
            yield connection, taken


def _places(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
