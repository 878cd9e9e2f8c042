"""A word index over the ledger, so that an auditor finds one decision among millions. Rebuildable: the ledger is the record.

It lies in a file of its own beside the database, as traces do: no decision ever waits for it, and throwing it away loses nothing.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from baton.console.auditterms import rows_with_words
from baton.ledger.tables import decision_index
from baton.store import Database
from baton.store.lookup import first
from baton.store.wal import write_ahead

_FORMAT = 1
_BATCH = 1000
_FREE = 8
_NEWEST = select(decision_index.c.position).order_by(decision_index.c.position.desc()).limit(1)
_AT = select(decision_index.c.id).where(decision_index.c.position == bindparam("position"))
_TABLES = """
CREATE TABLE IF NOT EXISTS word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS hit (word INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (word, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reached (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, id TEXT NOT NULL);
INSERT OR IGNORE INTO reached VALUES (1, 0, '');
"""


class Word:
    """A word that is there: its number, and how many decisions carry it."""

    def __init__(self, id: int, word: str, count: int) -> None:
        self.id, self.word, self.count = id, word, count


class AuditIndex:
    """The index of one installation; safe to use from several threads and processes."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database, self._file = database, home / "console" / f"audit-{_FORMAT}.db"
        self._busy = threading.Lock()
        self._free: deque[sqlite3.Connection] = deque()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as index:
            write_ahead(index)
            index.executescript(_TABLES)

    def catch_up(self, most: int = 2000) -> int:
        """Take in what is new, up to so many rows; how many are left. One thread does it, others do not wait for it."""
        if self._busy.acquire(blocking=False):
            try:
                with self._opened() as index, self._database.read() as connection:
                    self._fits(index, connection)
                    for _ in range(max(most // _BATCH, 1)):
                        if self._take(index, connection) < _BATCH:
                            break
                    return _behind(index, connection)
            finally:
                self._busy.release()
        return self.behind()

    def behind(self) -> int:
        """How many decisions are not in it yet."""
        with self._opened() as index, self._database.read() as connection:
            return _behind(index, connection)

    def go_on(self) -> None:
        """Take in the rest, off the request."""

        def work() -> None:
            before = -1
            while (left := self.catch_up(_BATCH * 10)) and left != before:
                before = left

        if not self._busy.locked():
            threading.Thread(target=work, name="audit-index", daemon=True).start()

    def words(self, exact: Iterable[str], starting: Iterable[str] = (), most: int = 20) -> list[Word]:
        """The words that are there: these, and some that start so."""
        found: dict[int, Word] = {}
        with self._opened() as index:
            for word in exact:
                for row in index.execute("SELECT id, word, count FROM word WHERE word = ?", (word.lower(),)):
                    found[row[0]] = Word(*row)
            for start in starting:
                query = "SELECT id, word, count FROM word WHERE word >= ? AND word < ? LIMIT ?"
                for row in index.execute(query, (start.lower(), start.lower() + "\uffff", most)):
                    found[row[0]] = Word(*row)
        return list(found.values())

    @contextmanager
    def matching(self, tokens: Sequence[Sequence[Word]], low: int, high: int) -> Iterator[Iterator[int | None]]:
        """Positions in [low, high) that carry a word of every token, the newest first; None for one looked at in vain."""
        with self._opened() as index:
            rarest, *others = sorted(tokens, key=lambda words: sum(word.count for word in words))
            yield _each(index, rarest, others, low, high)

    def _fits(self, index: sqlite3.Connection, connection: Connection) -> None:
        """Begin anew where the database is another one than was read so far."""
        # Asked before the database is looked at for the first time: what another process has taken in since is in this view.
        size, id = index.execute("SELECT size, id FROM reached").fetchone()
        found = first(connection, _AT, {"position": size - 1})
        if size and (found is None or found.id != id):
            with index:
                index.execute("BEGIN IMMEDIATE")
                for table in ("hit", "word"):
                    index.execute(f"DELETE FROM {table}")
                index.execute("UPDATE reached SET size = 0, id = ''")

    def _take(self, index: sqlite3.Connection, connection: Connection) -> int:
        """Take in one batch; how many rows it held."""
        with index:
            index.execute("BEGIN IMMEDIATE")
            start = int(index.execute("SELECT size FROM reached").fetchone()[0])
            rows = rows_with_words(connection, start, _BATCH)
            known = _numbers(index, [word for _, _, words in rows for word in words])
            hits = [(known[word], position) for position, _, words in rows for word in words]
            index.executemany("INSERT OR IGNORE INTO hit VALUES (?, ?)", sorted(hits))
            if rows:
                position, id, _ = rows[-1]
                index.execute("UPDATE reached SET size = ?, id = ?", (position + 1, id))
        return len(rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One that lies ready, or a new one; kept for the next unless something went wrong with it."""
        index = self._free.pop() if self._free else self._open()
        try:
            yield index
        except BaseException:
            index.close()
            raise
        if index.in_transaction or len(self._free) >= _FREE:
            index.close()
        else:
            self._free.append(index)

    def _open(self) -> sqlite3.Connection:
        index = sqlite3.connect(self._file, timeout=30, isolation_level=None, check_same_thread=False)
        index.execute("PRAGMA synchronous=OFF")  # a crash may lose it: it is made again
        return index


def _behind(index: sqlite3.Connection, connection: Connection) -> int:
    newest = first(connection, _NEWEST)
    size = int(newest.position) + 1 if newest else 0
    return max(size - int(index.execute("SELECT size FROM reached").fetchone()[0]), 0)


def _numbers(index: sqlite3.Connection, words: Sequence[str]) -> dict[str, int]:
    """The number of every word, each counted as often as it comes."""
    add = "INSERT INTO word (word, count) VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET count = count + 1"
    index.executemany(add, [(word,) for word in words])
    find = "SELECT id FROM word WHERE word = ?"
    return {word: int(index.execute(find, (word,)).fetchone()[0]) for word in set(words)}


def _each(
    index: sqlite3.Connection, rarest: Sequence[Word], others: Sequence[Sequence[Word]], low: int, high: int
) -> Iterator[int | None]:
    query = "SELECT position FROM hit WHERE word = ? AND position >= ? AND position < ? ORDER BY position DESC"
    streams = [(row[0] for row in index.execute(query, (word.id, low, high))) for word in rarest]
    before = None
    for position in merge(*streams, reverse=True):
        if position != before:
            before = position
            yield position if all(_carries(index, words, position) for words in others) else None


def _carries(index: sqlite3.Connection, words: Sequence[Word], position: int) -> bool:
    query = "SELECT 1 FROM hit WHERE word = ? AND position = ?"
    return any(index.execute(query, (word.id, position)).fetchone() for word in words)
