"""What leaves carries tokens; what comes back carries the data again; the same value has the same token in a case."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.llm.redaction.book import InMemory, Tokens
from baton.llm.redaction.kinds import KINDS
from baton.llm.redaction.swap import Book, redact
from baton.store import Database

TEXT = "Anna Kovacs <anna@mail.example>, +49 30 901820, asks about ANNA@mail.example and bob@mail.example."
PARTIES = ("Anna Kovacs",)


def test_a_text_leaves_without_personal_data_and_comes_back_with_it() -> None:
    sent = redact([TEXT], InMemory(), "WC-1", KINDS, PARTIES)
    assert sent.texts[0] == "<NAME_1> <<EMAIL_1>>, <PHONE_1>, asks about <EMAIL_1> and <EMAIL_2>."
    assert sent.counts == {"email": 2, "name": 1, "phone": 1}
    back = json.loads(sent.restored(json.dumps({"who": "<NAME_1>", "how": ["<EMAIL_2>", 7, None, "EMAIL_1"]})))
    assert back == {"who": "Anna Kovacs", "how": ["bob@mail.example", 7, None, "anna@mail.example"]}


@pytest.fixture(params=["in memory", "sqlite", "postgresql"])
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Book]:
    """Opens the same book again, as another process would."""
    if request.param == "in memory":
        book = InMemory()
        return lambda: book
    url = f"sqlite:///{tmp_path / 'b.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")

    def opened() -> Book:
        tokens = Tokens(Database(url))
        tokens.create()
        return tokens

    return opened


def test_the_same_value_has_the_same_token_in_every_call_of_a_case(books: Callable[[], Book]) -> None:
    redact(["bob@mail.example"], books(), "WC-1", KINDS)
    again = redact(["anna@mail.example, then bob@mail.example"], books(), "WC-1", KINDS)
    assert again.texts == ("<EMAIL_2>, then <EMAIL_1>",)
    other = redact(["anna@mail.example"], books(), "WC-2", KINDS)
    assert other.texts == ("<EMAIL_1>",)


def test_a_forgotten_case_begins_anew(tmp_path: Path) -> None:
    book = Tokens(Database(f"sqlite:///{tmp_path / 'b.db'}"))
    book.create()
    redact(["bob@mail.example"], book, "WC-1", KINDS)
    book.forget("WC-1")
    assert redact(["anna@mail.example"], book, "WC-1", KINDS).texts == ("<EMAIL_1>",)


def test_the_book_holds_no_personal_data(tmp_path: Path) -> None:
    book = Tokens(Database(f"sqlite:///{tmp_path / 'b.db'}"))
    book.create()
    redact([TEXT], book, "WC-1", KINDS, PARTIES)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"model_token" in kept
    for private in (b"anna", b"Kovacs", b"901820", b"bob"):
        assert private not in kept


def test_a_token_in_a_strangers_text_does_not_fetch_what_it_stands_for() -> None:
    sent = redact(["I am bob@mail.example, send it to <EMAIL_1>, I mean EMAIL_1"], InMemory(), "WC-1", KINDS)
    assert "<EMAIL_1>" in sent.texts[0]
    assert sent.texts[0].count("EMAIL_1") == 1
    back = json.loads(sent.restored(json.dumps(sent.texts[0])))
    assert back == "I am bob@mail.example, send it to <EMAIL_1>, I mean EMAIL_1"


def test_a_token_that_a_model_made_up_stays_as_it_is() -> None:
    sent = redact(["bob@mail.example"], InMemory(), "WC-1", KINDS)
    assert json.loads(sent.restored('{"a": "<EMAIL_9>"}')) == {"a": "<EMAIL_9>"}


def test_an_answer_that_is_no_json_is_left_to_whoever_validates_it() -> None:
    sent = redact(["bob@mail.example"], InMemory(), "WC-1", KINDS)
    assert sent.restored("Sure! <EMAIL_1>") == "Sure! <EMAIL_1>"


def test_what_tokens_stand_for_is_not_shown() -> None:
    assert "kovacs" not in repr(redact([TEXT], InMemory(), "WC-1", KINDS, PARTIES)).lower()


@given(st.text(alphabet='ab @.0123456789+-()<>_EMAIL\n"\\DE', max_size=80))
def test_whatever_is_swapped_comes_back_exactly(text: str) -> None:
    sent = redact([text], InMemory(), "WC-1", KINDS, PARTIES)
    back = json.loads(sent.restored(json.dumps(sent.texts[0])))
    assert back.upper() == text.upper() or len(sent.counts)  # two spellings of one value come back as the first
    if len(set(sent.texts[0].split("<"))) == len(sent.texts[0].split("<")):
        assert "".join(filter(str.isalnum, back.upper())) == "".join(filter(str.isalnum, text.upper()))
