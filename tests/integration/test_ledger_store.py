"""Decisions go on record with what they are about, once, and are found, proved and erased."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from baton.ledger import Keys, Ledger, RolledBack, UnknownDecision, check_proof
from baton.ledger.keys import KeyUnreadable
from baton.ledger.tree import NotWriting
from baton.store import Database
from baton.types.decisions import Decision

Decided = Callable[..., Decision]


def append(ledger: Ledger, *decisions: Decision) -> list[bool]:
    with ledger.database.write() as connection:
        return [ledger.append(connection, decision) for decision in decisions]


def append_and_fail(ledger: Ledger, decision: Decision) -> None:
    with ledger.database.write() as connection:
        ledger.append(connection, decision)
        raise RuntimeError("the effect's own write failed")


def count(ledger: Ledger, table: str) -> int:
    with ledger.database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_decision_is_found_at_once_even_inside_its_own_transaction(ledger: Ledger, decided: Decided) -> None:
    made = decided("d-1", detail={"amount": "12.00"}, private={"name": "Ada"}, subject="C-1")
    with ledger.database.write() as connection:
        ledger.append(connection, made)
        assert ledger.find(made.id, connection) == made
        assert ledger.of_case(made.case, connection) == [made]
    assert ledger.find(made.id) == made
    assert ledger.find(decided("d-2").id) is None


def test_the_same_decision_again_changes_nothing(ledger: Ledger, decided: Decided) -> None:
    assert append(ledger, decided("d-1")) == [True]
    assert append(ledger, decided("d-1", outcome="forbidden"), decided("d-2"), decided("d-2")) == [False, True, False]
    ledger.drain()
    assert append(ledger, decided("d-1", outcome="forbidden")) == [False]
    assert ledger.size() == 2
    assert [found.outcome for found in ledger.scan()] == ["autonomous", "autonomous"]


def test_a_transaction_taken_back_leaves_no_trace(ledger: Ledger, decided: Decided) -> None:
    append(ledger, decided("d-0"))
    before = ledger.root()
    with pytest.raises(RuntimeError, match="the effect's own write"):
        append_and_fail(ledger, decided("d-1", private={"name": "Ada"}))
    assert ledger.find(decided("d-1").id) is None
    assert (ledger.size(), ledger.root()) == (1, before)
    assert [count(ledger, table) for table in ("entry", "node", "decision_index", "pending", "subject_key")] == [1, 1, 1, 0, 0]
    assert ledger.verify().ok


def test_appending_outside_a_transaction_is_refused(sqlite_ledger: Ledger, decided: Decided) -> None:
    with sqlite_ledger.database.engine.connect() as connection, pytest.raises(NotWriting):
        sqlite_ledger.append(connection, decided("d-1"))
    assert sqlite_ledger.size() == 0


def test_a_case_is_told_in_order_and_its_last_word_found(ledger: Ledger, decided: Decided) -> None:
    told = [decided(f"d-{n}", case=f"WC-{n % 2}", kind="effect" if n % 3 == 0 else "verdict") for n in range(10)]
    append(ledger, *told[:6])
    ledger.drain()
    append(ledger, *told[6:])
    assert ledger.of_case(told[1].case) == told[1::2]
    assert ledger.last(case=told[1].case) == told[9]
    assert ledger.last(case=told[0].case, kind="effect") == told[6]
    assert ledger.last(kind="verdict") == told[8]
    assert ledger.last(kind="stop") is None
    ledger.drain()
    assert ledger.of_case(told[1].case) == told[1::2]
    assert ledger.last() == told[9]
    assert list(ledger.scan(2, 5)) == told[2:5]


def test_every_decision_is_proved_and_every_tree_continues_the_last(ledger: Ledger, decided: Decided) -> None:
    append(ledger, *(decided(f"d-{n}") for n in range(11)))
    assert ledger.size() == 11
    assert all(ledger.inclusion(decided(f"d-{n}").id).holds for n in range(11))
    assert all(ledger.consistency(old, new).holds for new in range(12) for old in range(new + 1))
    assert ledger.consistency(3, 11).new_root.hex() == ledger.root()
    with pytest.raises(UnknownDecision, match="`d-99`"):
        ledger.inclusion(decided("d-99").id)


def test_a_proof_needs_nothing_but_the_public_key(ledger: Ledger, decided: Decided) -> None:
    made = decided("d-3", private={"name": "Ada Lovelace"}, subject="C-1")
    append(ledger, decided("d-1"), decided("d-2"), made, decided("d-4"))
    proof = ledger.proof(made.id)
    proven = check_proof(proof, str(ledger.keys.verifier))
    assert proven.decision == made.model_copy(update={"private": {}})
    assert (proven.position, proven.size, proven.root, proven.sealed) == (2, 4, ledger.root(), True)
    assert "Lovelace" not in proof


def test_an_erased_person_is_unreadable_and_every_proof_still_valid(ledger: Ledger, decided: Decided) -> None:
    hers = decided("d-1", private={"name": "Ada"}, subject="C-1", detail={"rule": "r"})
    before_known = decided("d-2", private={"sender": "ada@example.org"}, case="WC-7")
    his = decided("d-3", private={"name": "Bob"}, subject="C-2")
    append(ledger, hers, before_known, his)
    proof = ledger.proof(hers.id)
    assert ledger.erase("C-1", cases=[before_known.case]) == 2
    for gone in (hers, before_known):
        assert ledger.find(gone.id) == gone.model_copy(update={"private": {}})
    assert ledger.find(his.id) == his
    assert check_proof(proof, ledger.keys.verifier).decision.id == hers.id
    assert check_proof(ledger.proof(hers.id), ledger.keys.verifier).position == 0
    assert ledger.verify().ok


def test_a_destroyed_key_is_not_left_in_the_file(sqlite_ledger: Ledger, decided: Decided) -> None:
    append(sqlite_ledger, decided("d-1", private={"name": "Ada"}, subject="C-1"))
    with sqlite_ledger.database.read() as connection:
        wrapped = bytes(connection.execute(text("SELECT wrapped FROM subject_key")).scalar_one())
    sqlite_ledger.erase("C-1")
    path = Path(str(sqlite_ledger.database.engine.url.database))
    kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert path.name in {file.name for file in path.parent.glob("*")}
    assert wrapped not in kept


def test_who_comes_back_after_an_erasure_gets_a_new_key(ledger: Ledger, decided: Decided) -> None:
    old, new = (decided(id, private={"name": "Ada"}, subject="C-1") for id in ("d-1", "d-2"))
    append(ledger, old)
    ledger.erase("C-1")
    append(ledger, new)
    assert (ledger.find(old.id), ledger.find(new.id)) == (old.model_copy(update={"private": {}}), new)


def test_a_tree_is_signed_once_for_every_size_and_copied_out(ledger: Ledger, decided: Decided) -> None:
    append(ledger, decided("d-1"))
    first = ledger.checkpoint()
    assert ledger.checkpoint() == first == ledger.keys.witness.read_text()
    append(ledger, decided("d-2"))
    second = ledger.checkpoint()
    assert second != first
    assert ledger.keys.witness.read_text() == second
    assert count(ledger, "checkpoint") == 2


def test_a_ledger_does_not_sign_a_second_history(ledger: Ledger, decided: Decided, tmp_path: Path) -> None:
    append(ledger, decided("d-1"), decided("d-2"))
    signed = ledger.checkpoint()
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    again = Ledger(other, ledger.keys)
    for n in range(3):
        append(again, decided(f"x-{n}"))
        with pytest.raises(RolledBack, match="2 entries"):
            again.checkpoint()
    assert ledger.keys.witness.read_text() == signed
    other.close()


def test_keys_are_made_once_and_readable_by_nobody_else(tmp_path: Path) -> None:
    first, second = Keys(tmp_path / "home"), Keys(tmp_path / "home")
    assert (str(first.verifier), first.sealing) == (str(second.verifier), second.sealing)
    folder = tmp_path / "home" / "keys"
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "checkpoint.key": 0o600,
        "sealing.key": 0o600,
        "checkpoint.pub": 0o644,
    }
    assert (folder / "checkpoint.pub").read_text().strip() == str(first.verifier)


def test_a_key_that_was_cut_off_is_named(tmp_path: Path) -> None:
    Keys(tmp_path).sealing  # noqa: B018  # made by asking for it
    (tmp_path / "keys" / "sealing.key").write_text("AAAA\n")
    with pytest.raises(KeyUnreadable, match=r"sealing\.key"):
        Keys(tmp_path).sealing  # noqa: B018


def test_the_index_can_be_written_anew(ledger: Ledger, decided: Decided) -> None:
    append(ledger, *(decided(f"d-{n}") for n in range(5)))
    ledger.drain()
    with ledger.database.write() as connection:
        connection.execute(text("DELETE FROM decision_index WHERE position > 2"))
    assert not ledger.verify().ok
    ledger.reindex()
    assert ledger.verify().ok
    assert ledger.find(decided("d-4").id) == decided("d-4")
