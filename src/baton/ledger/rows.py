"""Verification of the log's rows: entries against nodes, nodes against each other, the index against the bodies."""

from typing import Any

from sqlalchemy import Connection

from baton.ledger import merkle, tree
from baton.ledger.entry import EntryUnreadable, Indexed, indexed, parse
from baton.ledger.merkle import Frontier, leaf_hash, node_hash, number
from baton.ledger.problems import Problems
from baton.ledger.tree import cursor, raw, statement

_STEP = 4096
_LAST = 2**63 - 1

Bodies = dict[int, bytes]


def verify_rows(connection: Connection, problems: Problems) -> int:
    """Check every row of the log, a page at a time; how many entries there are, missing ones before the last included."""
    start, edge = 0, Frontier()
    should_be: dict[int, bytes] = {}
    while bodies := _page(connection, start):
        end = max(bodies) + 1
        if not _as_appended(edge, bodies, _hashes(connection, start, end), start, end):
            damaged = Suspect(connection, bodies, start, should_be, problems).examine()
            edge = _edge(connection, end)
            bodies = {position: body for position, body in bodies.items() if position not in damaged}
        _index(connection, bodies, start, end, problems)
        start = end
    _nothing_else(connection, start, problems)
    return start


def _page(connection: Connection, start: int) -> Bodies:
    query = statement(connection, "SELECT position, body FROM entry WHERE position >= ? ORDER BY position LIMIT ?")
    return {position: raw(body) for position, body in cursor(connection).execute(query, (start, _STEP)).fetchall()}


def _hashes(connection: Connection, start: int, end: int) -> list[bytes]:
    query = statement(connection, "SELECT hash FROM node WHERE number >= ? AND number < ? ORDER BY number")
    rows = cursor(connection).execute(query, (merkle.stored(start), min(merkle.stored(end), _LAST))).fetchall()
    return [raw(row[0]) for row in rows]


def _as_appended(edge: Frontier, bodies: Bodies, hashes: list[bytes], start: int, end: int) -> bool:
    """Whether appending these bodies again gives exactly these hashes: the quick way through an honest page."""
    if edge.size != start or len(bodies) != end - start:
        return False
    found: list[bytes] = []
    for body in bodies.values():
        found += edge.add(leaf_hash(body))
    return found == hashes  # as many as there are numbers, so each stands under its own


def _edge(connection: Connection, size: int) -> Frontier:
    """The frontier as stored, so that one damage is not named again on every later page."""
    numbers = list(merkle.cover((0, size)))
    hashes = tree.nodes(connection, numbers) if size < _LAST >> 1 else {}
    return Frontier(size, [hashes[at] for at in numbers]) if len(hashes) == len(numbers) else Frontier(-1)


class Suspect:
    """A page that is not as it was appended; every node is held against the two below it, to tell cause from consequence."""

    def __init__(
        self, connection: Connection, bodies: Bodies, start: int, should_be: dict[int, bytes], problems: Problems
    ) -> None:
        self.connection, self.bodies, self.start, self.problems = connection, bodies, start, problems
        self.should_be = should_be  # what stands below says so, of nodes on this page and earlier ones
        query = statement(connection, "SELECT number, hash FROM node WHERE number >= ? AND number < ?")
        page = (merkle.stored(start), min(merkle.stored(max(bodies) + 1), _LAST))
        here = cursor(connection).execute(query, page).fetchall()
        self.hashes = tree.nodes(connection, list(merkle.cover((0, start)))) | {number: raw(hash) for number, hash in here}
        self.damaged: set[int] = set()

    def examine(self) -> set[int]:
        """Name every damage on the page; the entries whose bodies are no guide to their index."""
        before = self.start
        for position, body in self.bodies.items():
            if position > before:
                self.problems.add(f"entry {before}", f"{_run('entry', before, position - 1)} missing")
            self._leaf(position, body)
            self._parents(position)
            before = position + 1
        return self.damaged

    def _leaf(self, position: int, body: bytes) -> None:
        at, found = number(0, position), leaf_hash(body)
        self.should_be[at] = found
        kept = self.hashes.get(at)
        if kept is None:
            self.problems.add(f"node {at}", f"the hash of entry {position} is missing")
        elif kept != found and self._parent_fits(position, found):
            self.problems.add(f"node {at}", f"it is not the hash of entry {position}: the hash was changed")
        elif kept != found:
            self.damaged.add(position)
            self.problems.add(f"entry {position}", self._changed(position, body))

    def _parent_fits(self, position: int, leaf: bytes) -> bool:
        """Whether the node above agrees with the body, so that it is the leaf's hash that was changed."""
        sibling = self.hashes.get(number(0, position ^ 1))
        above = self.hashes.get(number(1, position >> 1))
        return above is not None and above == (_joined(sibling, leaf) if position & 1 else _joined(leaf, sibling))

    def _changed(self, position: int, body: bytes) -> str:
        try:
            id = parse(body)["id"]
        except (EntryUnreadable, KeyError):
            return "the body was changed: it does not hash to what was recorded"
        query = statement(self.connection, "SELECT position FROM decision_index WHERE id = ?")
        row = cursor(self.connection).execute(query, (id,)).fetchone()
        if row and row[0] != position:
            return f"it holds decision `{id}`, which belongs at {row[0]}: rows were swapped"
        return f"the body of decision `{id}` was changed: it does not hash to what was recorded"

    def _parents(self, position: int) -> None:
        """Check the subtrees that this leaf completes."""
        level, index = 0, position
        while index & 1:
            level, index = level + 1, index >> 1
            self._node(level, index)

    def _node(self, level: int, index: int) -> None:
        at, below = number(level, index), (number(level - 1, 2 * index), number(level - 1, 2 * index + 1))
        kept, stored = self.hashes.get(at), [self.hashes.get(child) for child in below]
        # What the children should be speaks for a node whose children were changed, and named already.
        fits = [_joined(*stored), _joined(*(self.should_be.get(child, self.hashes.get(child)) for child in below))]
        if fits[1] is not None:
            self.should_be[at] = fits[1]
        first, last = index << level, (index + 1 << level) - 1
        if kept is None:
            self.problems.add(f"node {at}", f"the hash over entries {first} to {last} is missing")
        elif kept not in fits and None not in stored:
            self.problems.add(f"node {at}", f"the hash over entries {first} to {last} does not follow from those below it")


def _joined(left: bytes | None, right: bytes | None) -> bytes | None:
    return None if left is None or right is None else node_hash(left, right)


def _index(connection: Connection, bodies: Bodies, start: int, end: int, problems: Problems) -> None:
    query = statement(connection, "SELECT * FROM decision_index WHERE position >= ? AND position < ? ORDER BY position")
    rows = cursor(connection).execute(query, (start, end)).fetchall()
    given: list[tuple[Any, ...]] = [(position, *_said(body)) for position, body in bodies.items()]
    if rows == given:
        return
    kept = {row[0]: tuple(row) for row in rows}
    for row in given:
        if row[0] not in kept:
            problems.add(f"index {row[0]}", "the entry cannot be found by its id: write the index anew")
        elif row != kept[row[0]]:
            problems.add(f"index {row[0]}", f"{_differing(row, kept[row[0]])} not what the entry says: write the index anew")


def _said(body: bytes) -> tuple[Any, ...]:
    try:
        return indexed(parse(body))
    except (EntryUnreadable, KeyError):
        return ()


def _differing(given: tuple[Any, ...], kept: tuple[Any, ...]) -> str:
    names = [name for name, left, right in zip(Indexed._fields, given[1:], kept[1:], strict=False) if left != right]
    return f"`{'`, `'.join(names)}` {'are' if len(names) > 1 else 'is'}" if names else "the row is"


def _nothing_else(connection: Connection, entries: int, problems: Problems) -> None:
    """Rows outside the log."""
    end = min(merkle.stored(entries), _LAST)
    for name, table, column, limit in (
        ("entry", "entry", "position", entries),
        ("node", "node", "number", end),
        ("index", "decision_index", "position", entries),
    ):
        query = f"SELECT count(*), min({column}), max({column}) FROM {table} WHERE {column} < 0 OR {column} >= ?"
        count, first, last = cursor(connection).execute(statement(connection, query), (limit,)).fetchone()
        if count:
            problems.add(f"{name} {first}", f"{_run(name, first, last)} of no entry of the log")


def _run(name: str, first: int, last: int) -> str:
    return f"{name} {first} is" if first == last else f"{name} {first} to {last} are"
