"""An attacker with the database in hand changes one thing, and verification names the place."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, text

from baton.ledger import Keys, Ledger, merkle
from baton.store import Database
from baton.types.decisions import Decision

Decided = Callable[..., Decision]
ENTRIES = 21


@pytest.fixture
def attacked(ledger: Ledger, decided: Decided, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger of 21 entries, signed at 13 and 21, whose triggers are gone; verified in pages of 8."""
    monkeypatch.setattr("baton.ledger.rows._STEP", 8)
    for first, end in ((0, 13), (13, ENTRIES)):
        with ledger.database.write() as connection:
            for n in range(first, end):
                private = {"private": {"name": f"N{n}"}, "subject": "C-1"} if n % 4 == 0 else {}
                ledger.append(connection, decided(f"d-{n}", case=f"WC-{n % 3}", **private))
        ledger.checkpoint()
    assert ledger.verify().ok
    with ledger.database.write() as connection:
        without_triggers(connection)
    return ledger


def without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("entry", "node", "checkpoint"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def change(ledger: Ledger, statement: str, **values: object) -> None:
    with ledger.database.write() as connection:
        assert connection.execute(text(statement), values).rowcount


def value(ledger: Ledger, statement: str) -> bytes:
    with ledger.database.read() as connection:
        return bytes(connection.execute(text(statement)).scalar_one())


def places(ledger: Ledger) -> list[str]:
    found = ledger.verify()
    assert found.ok == (not found.problems)
    assert found.found == len(found.problems)
    return [problem.place for problem in found.problems]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


class Cell(NamedTuple):
    """One stored value."""

    table: str
    column: str
    key: str


def each_byte_of(ledger: Ledger, cell: Cell, step: int) -> Iterator[int]:
    """Change one byte after the other, and put it back."""
    where = f"FROM {cell.table} WHERE {cell.key}"
    good = value(ledger, f"SELECT {cell.column} {where}")
    for at in range(0, len(good), step):
        change(ledger, f"UPDATE {cell.table} SET {cell.column} = :data WHERE {cell.key}", data=flipped(good, at))
        yield at
        change(ledger, f"UPDATE {cell.table} SET {cell.column} = :data WHERE {cell.key}", data=good)


@pytest.mark.parametrize("position", [0, 7, ENTRIES - 1])
def test_a_changed_byte_of_an_entry_is_found_there_and_only_there(attacked: Ledger, position: int) -> None:
    for _ in each_byte_of(attacked, Cell("entry", "body", f"position = {position}"), step=23):
        assert places(attacked) == [f"entry {position}"]
    assert places(attacked) == []


def test_text_where_bytes_were_written_is_found_there(attacked: Ledger) -> None:
    if not attacked.database.is_sqlite:
        pytest.skip("PostgreSQL lets no text into a column of bytes")
    change(attacked, "UPDATE entry SET body = CAST(body AS TEXT) WHERE position = 3")
    assert places(attacked) == ["entry 3"]
    change(attacked, "UPDATE node SET hash = 'a hash' WHERE number = 1")
    assert places(attacked)[0] == "node 1"


def test_a_changed_byte_of_any_node_is_found_there(attacked: Ledger) -> None:
    for number in range(merkle.stored(ENTRIES)):
        for _ in each_byte_of(attacked, Cell("node", "hash", f"number = {number}"), step=31):
            found = places(attacked)
            # The last leaf has no node above it to tell whether the body or its hash was changed.
            assert found[0] in (f"node {number}", f"entry {merkle.place(number)[1]}" if number == merkle.number(0, 20) else "")
            assert not [place for place in found if place.startswith(("node", "entry", "index")) and place != found[0]]
    assert places(attacked) == []


def test_a_changed_byte_of_the_state_is_found(attacked: Ledger) -> None:
    for _ in each_byte_of(attacked, Cell("state", "frontier", "id = 1"), step=5):
        assert places(attacked) == ["state"]
    change(attacked, "UPDATE state SET size = size + 1")
    assert places(attacked) == ["state"]


def test_a_changed_letter_of_a_checkpoint_is_found(attacked: Ledger) -> None:
    with attacked.database.read() as connection:
        note = str(connection.execute(text("SELECT note FROM checkpoint WHERE number = 1")).scalar_one())
    for at in range(0, len(note), 1 if attacked.database.is_sqlite else 11):
        letter = "A" if note[at] != "A" else "B"
        change(attacked, "UPDATE checkpoint SET note = :note WHERE number = 1", note=note[:at] + letter + note[at + 1 :])
        assert places(attacked) == ["checkpoint 1"]
    change(attacked, "UPDATE checkpoint SET note = :note, size = 12 WHERE number = 1", note=note)
    assert places(attacked) == ["checkpoint 1"]


def test_a_removed_checkpoint_is_missed(attacked: Ledger) -> None:
    with attacked.database.write() as connection:
        connection.execute(text("DELETE FROM checkpoint WHERE number = 2"))
    assert places(attacked) == ["copy latest.checkpoint"]
    with attacked.database.write() as connection:
        connection.execute(text("UPDATE checkpoint SET number = 2"))
    assert places(attacked)[0] == "checkpoint 2"


def test_two_swapped_rows_are_both_named(attacked: Ledger) -> None:
    swap = "UPDATE entry SET position = :new WHERE position = :old"
    for old, new in ((5, 900), (12, 5), (900, 12)):
        change(attacked, swap, old=old, new=new)
    found = attacked.verify().problems
    assert [problem.place for problem in found] == ["entry 5", "entry 12"]
    assert "which belongs at 12" in found[0].words
    assert "which belongs at 5" in found[1].words


def test_rows_swapped_together_with_their_hashes_are_found(attacked: Ledger) -> None:
    def swap(table: str, column: str, one: int, other: int) -> None:
        for old, new in ((one, 900), (other, one), (900, other)):
            change(attacked, f"UPDATE {table} SET {column} = :new WHERE {column} = :old", old=old, new=new)

    swap("entry", "position", 4, 9)
    swap("decision_index", "position", 4, 9)
    swap("node", "number", merkle.number(0, 4), merkle.number(0, 9))
    assert places(attacked) == [f"node {merkle.number(1, 2)}", f"node {merkle.number(1, 4)}"]


def cut(ledger: Ledger, size: int, *, tables: tuple[str, ...]) -> None:
    edge = merkle.Frontier()
    bodies = []
    with ledger.database.read() as connection:
        bodies = connection.execute(text("SELECT body FROM entry ORDER BY position")).scalars().all()
    for body in bodies[:size]:
        edge.add(merkle.leaf_hash(bytes(body)))
    statements = {
        "entry": "DELETE FROM entry WHERE position >= :size",
        "decision_index": "DELETE FROM decision_index WHERE position >= :size",
        "node": "DELETE FROM node WHERE number >= :stored",
        "state": "UPDATE state SET size = :size, frontier = :frontier",
        "checkpoint": "DELETE FROM checkpoint WHERE size > :size",
    }
    values = {"size": size, "stored": merkle.stored(size), "frontier": edge.dump()}
    with ledger.database.write() as connection:
        for table in tables:
            named = {name: given for name, given in values.items() if f":{name}" in statements[table]}
            connection.execute(text(statements[table]), named)


def test_the_end_cut_off_is_found(attacked: Ledger) -> None:
    cut(attacked, 17, tables=("entry",))
    assert places(attacked) == ["node 32", "index 17", "state", "checkpoint 2", "copy latest.checkpoint"]


def test_the_end_cut_off_with_all_that_speaks_of_it_is_found_by_the_checkpoint(attacked: Ledger) -> None:
    cut(attacked, 17, tables=("entry", "decision_index", "node", "state"))
    assert places(attacked) == ["checkpoint 2", "copy latest.checkpoint"]


def test_the_checkpoint_removed_too_the_copy_elsewhere_finds_it(attacked: Ledger) -> None:
    cut(attacked, 17, tables=("entry", "decision_index", "node", "state", "checkpoint"))
    found = attacked.verify()
    assert [problem.place for problem in found.problems] == ["copy latest.checkpoint"]
    assert "21 entries were signed, 17 are there" in found.problems[0].words


def test_an_emptied_ledger_is_found(attacked: Ledger) -> None:
    cut(attacked, 0, tables=("entry", "decision_index", "node", "state", "checkpoint"))
    assert places(attacked) == ["copy latest.checkpoint"]


def test_a_history_rewritten_whole_is_found_by_what_was_signed(attacked: Ledger, decided: Decided) -> None:
    cut(attacked, 0, tables=("entry", "decision_index", "node", "state"))
    with attacked.database.write() as connection:
        for n in range(ENTRIES):
            attacked.append(connection, decided(f"d-{n}", outcome="forbidden"))
    attacked.drain()
    assert places(attacked) == ["checkpoint 1", "checkpoint 2", "copy latest.checkpoint"]


def test_a_row_taken_out_of_the_middle_is_found(attacked: Ledger) -> None:
    change(attacked, "DELETE FROM entry WHERE position IN (3, 4)")
    found = attacked.verify()
    assert [problem.place for problem in found.problems] == ["entry 3"]
    assert "entry 3 to 4 are missing" in found.problems[0].words


def test_a_node_taken_out_is_found(attacked: Ledger) -> None:
    number = merkle.number(2, 1)
    change(attacked, f"DELETE FROM node WHERE number = {number}")
    assert places(attacked)[0] == f"node {number}"


def test_a_row_put_in_by_hand_is_found(attacked: Ledger) -> None:
    change(attacked, "INSERT INTO entry VALUES (:position, :body)", position=ENTRIES, body=b"{}")
    assert f"node {merkle.number(0, ENTRIES)}" in places(attacked)
    change(attacked, "DELETE FROM entry WHERE position = 21")
    change(attacked, "INSERT INTO entry VALUES (:position, :body)", position=2**61, body=b"{}")
    assert places(attacked)[0] == "entry 21"


def test_negative_positions_hide_nothing(attacked: Ledger) -> None:
    change(attacked, "INSERT INTO entry VALUES (-5, :body)", body=b"{}")
    change(attacked, "INSERT INTO node VALUES (-1, :hash)", hash=bytes(32))
    assert places(attacked) == ["entry -5", "node -1"]


@pytest.mark.parametrize("column", ["id", "kind", "case_id", "step", "action", "outcome", "at"])
def test_an_index_that_says_something_else_is_found(attacked: Ledger, column: str) -> None:
    change(attacked, f"UPDATE decision_index SET {column} = 'other' WHERE position = 6")
    found = attacked.verify().problems
    assert [problem.place for problem in found] == ["index 6"]
    assert f"`{column.removesuffix('_id')}` is not what the entry says" in found[0].words


def test_an_entry_that_the_index_does_not_know_is_found(attacked: Ledger) -> None:
    change(attacked, "DELETE FROM decision_index WHERE position = 6")
    assert places(attacked) == ["index 6"]


def test_every_damage_is_named_not_only_the_first(attacked: Ledger) -> None:
    change(attacked, "UPDATE entry SET body = :body WHERE position IN (2, 15)", body=b"{}")
    change(attacked, "UPDATE decision_index SET outcome = 'x' WHERE position = 9")
    change(attacked, "UPDATE state SET frontier = :frontier", frontier=bytes(96))
    assert places(attacked) == ["entry 2", "entry 15", "index 9", "state"]


def test_the_state_gone_is_found(attacked: Ledger) -> None:
    change(attacked, "DELETE FROM state")
    assert places(attacked) == ["state"]


def test_the_copy_gone_or_changed_is_found(attacked: Ledger) -> None:
    path = attacked.keys.witness
    path.write_text(path.read_text().replace("21", "22"))
    assert places(attacked) == ["copy latest.checkpoint"]
    path.unlink()
    assert places(attacked) == ["copy latest.checkpoint"]


def test_checkpoints_of_another_key_are_found(attacked: Ledger, tmp_path: Path) -> None:
    other = Ledger(attacked.database, Keys(tmp_path / "other"))
    assert places(other)[:2] == ["checkpoint 1", "checkpoint 2"]


def test_a_decision_that_waits_too_long_is_found(postgres_database: Database, decided: Decided, tmp_path: Path) -> None:
    ledger = Ledger(postgres_database, Keys(tmp_path))
    with ledger.database.write() as connection:
        ledger.append(connection, decided("d-1"))
    assert ledger.verify().ok
    change(ledger, "UPDATE pending SET since = since - interval '2 minutes'")
    assert places(ledger) == ["pending d-1"]
    ledger.drain()
    assert ledger.verify().ok
