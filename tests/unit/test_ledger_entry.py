"""A decision comes back from its bytes; what is personal only with its key."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.ledger import entry, sealing
from baton.ledger.entry import EntryUnreadable, Key
from baton.ledger.sealing import SealBroken
from baton.types.decisions import Decision
from baton.types.people import Actor
from baton.types.verdicts import Clause

KEY = Key("k-1", bytes(32))
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.recursive(st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | letters, st.lists, max_leaves=5)
details = st.dictionaries(letters, plain, max_size=4)


def decided(**given: object) -> Decision:
    said = {"id": "d-1", "kind": "verdict", "at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "outcome": "autonomous"}
    return Decision.model_validate(said | {"by": Actor(kind="agent", id="rekey", version="3")} | given)


def write(decision: Decision) -> bytes:
    return entry.write(decision, KEY).body


@given(moments, details, details)
def test_a_decision_comes_back_as_it_was(at: datetime, detail: dict[str, object], private: dict[str, object]) -> None:
    decision = decided(
        at=at, detail=detail, private=private, failed=[Clause(policy="p", position=1, words="w")], links={"verdict": "d-0"}
    )
    assert entry.read(write(decision), lambda _: KEY.secret) == decision


def test_what_is_personal_is_nowhere_in_the_bytes() -> None:
    body = write(decided(private={"name": "Ada Lovelace"}, subject="C-7"))
    assert b"Lovelace" not in body
    assert entry.read(body, lambda _: KEY.secret).private == {"name": "Ada Lovelace"}


def test_without_its_key_the_rest_is_still_readable() -> None:
    body = write(decided(private={"name": "Ada Lovelace"}, detail={"rule": "gift-card.alone"}))
    for found in (entry.read(body), entry.read(body, lambda _: None)):
        assert found.private == {}
        assert found.detail == {"rule": "gift-card.alone"}


def test_a_sealed_box_moved_to_another_decision_does_not_open() -> None:
    body = write(decided(private={"name": "Ada"})).replace(b'"id":"d-1"', b'"id":"d-2"')
    with pytest.raises(SealBroken):
        entry.read(body, lambda _: KEY.secret)


def test_another_key_does_not_open_it() -> None:
    body = write(decided(private={"name": "Ada"}))
    with pytest.raises(SealBroken):
        entry.read(body, lambda _: sealing.new_key())


def test_times_sort_as_text() -> None:
    early = entry.write(decided(at=datetime(2026, 3, 1, 9, tzinfo=UTC)), None)
    late = entry.write(decided(at=datetime(2026, 3, 1, 11, tzinfo=timezone(timedelta(hours=1)))), None)
    assert early.indexed.at == "2026-03-01T09:00:00.000000Z"
    assert early.indexed.at < late.indexed.at == "2026-03-01T10:00:00.000000Z"


@pytest.mark.parametrize("value", [2**60, float("nan"), "\ud800"])
def test_what_json_cannot_say_is_named(value: object) -> None:
    with pytest.raises(EntryUnreadable, match="decision `d-1` holds what JSON cannot say"):
        write(decided().model_copy(update={"detail": {"a": value}}))


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"v":2}'])
def test_bytes_the_ledger_never_wrote_are_refused(body: bytes) -> None:
    with pytest.raises(EntryUnreadable):
        entry.read(body)
