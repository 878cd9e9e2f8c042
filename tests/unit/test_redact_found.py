"""Personal data is found by its own shape and check digits; amounts, dates and order numbers are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.llm.redaction.found import places
from baton.llm.redaction.kinds import KINDS
from baton.llm.redaction.names import parties_of, spelt_by

PRIVATE = [
    ("write to anna.kovacs+shop@mail.example today", "email", "anna.kovacs+shop@mail.example"),
    ("IBAN DE89 3704 0044 0532 0130 00, thank you", "iban", "DE89 3704 0044 0532 0130 00"),
    ("account GB29NWBK60161331926819.", "iban", "GB29NWBK60161331926819"),
    ("IBAN: DE12 1203 0000 0000 2020 51", "iban", "DE12 1203 0000 0000 2020 51"),
    ("card 4111 1111 1111 1111 exp 12/27", "card", "4111 1111 1111 1111"),
    ("paid with 5555555555554444", "card", "5555555555554444"),
    ("SSN 536-90-4399", "id", "536-90-4399"),
    ("our VAT NL004495445B01 on file", "id", "NL004495445B01"),
    ("my passport no. X1234567", "id", "X1234567"),
    ("Führerschein Nr: B072RRE2I55", "id", "B072RRE2I55"),
    ("mein NIF 12345678Z", "id", "12345678Z"),
    ("call me at +49 30 901820", "phone", "+49 30 901820"),
    ("Tel. 0431 35 06 90", "phone", "0431 35 06 90"),
    ("(415) 555-2671 after six", "phone", "(415) 555-2671"),
    ("020 7946 0958-Office", "phone", "020 7946 0958"),
    ("Dear Anna Kovacs, hello", "name", "Anna Kovacs"),
    ("KOVACS, ANNA", "name", "KOVACS, ANNA"),
    ("as Kovacs said", "name", "Kovacs"),
    ("from Elektro  Kaiser GmbH today", "name", "Elektro  Kaiser GmbH"),
]
PARTIES = ("Anna Kovacs", "Elektro Kaiser GmbH")

NOT_PRIVATE = [
    "TOTAL EUR 1 299.00",
    "Total 322 327 102 IDR",
    "Date: 03/06/2025 14:22",
    "2025-06-03",
    "Order no. 4500 123 456",
    "Serial number: 301-4477",
    "INV-2025-00017",
    "Article 4006381333931",
    "Qty 3 @ 4.50 = 13.50",
    "3.500,00 EUR",
    "The contract runs from 01.02.2024 to 31.01.2027.",
    "Kovacsville is a town",
]


@pytest.mark.parametrize(("text", "kind", "value"), PRIVATE)
def test_personal_data_is_found_whole(text: str, kind: str, value: str) -> None:
    found = [(place.kind, text[place.start : place.end]) for place in places(text, KINDS, PARTIES)]
    assert (kind, value) in found


@pytest.mark.parametrize("text", NOT_PRIVATE)
def test_amounts_dates_and_numbers_of_papers_stay(text: str) -> None:
    assert places(text, KINDS, PARTIES) == []


def test_only_the_kinds_asked_for_are_found() -> None:
    text = "anna@mail.example, +49 30 901820"
    assert [place.kind for place in places(text, ("phone",))] == ["phone"]


def test_names_of_strangers_stay() -> None:
    assert places("Dear Peter Schmidt", KINDS, PARTIES) == []


def test_two_spellings_are_one_value() -> None:
    one, other = places("DE89370400440532013000 or DE89 3704 0044 0532 0130 00")
    assert one.value == other.value


def test_a_token_that_a_stranger_wrote_is_found_like_personal_data() -> None:
    assert [place.kind for place in places("please pay <IBAN_1>", ())] == ["quoted"]


@given(st.text(alphabet="ab @.0123456789+-()<>_EMAIL\nDE", max_size=120))
def test_places_never_overlap_and_stay_inside(text: str) -> None:
    at = 0
    for place in places(text, KINDS, PARTIES):
        assert at <= place.start < place.end <= len(text)
        at = place.end


@pytest.mark.parametrize("text", ["1 " * 20_000, "1-" * 20_000, "a." * 20_000 + "@", "IBAN " * 4_000, "DE89 " * 4_000])
def test_a_long_text_takes_no_more_than_seconds(text: str) -> None:
    began = time.perf_counter()
    places(text, KINDS, PARTIES)
    assert time.perf_counter() - began < 5


def test_a_message_names_its_parties_in_its_headers() -> None:
    raw = b"From: =?utf-8?q?Ren=C3=A9e_Dupont?= <rd@mail.example>\r\nTo: peter.schmidt@mail.example, info@shop.example\r\n\r\nhi"
    assert parties_of(raw) == ("Renée Dupont", "Peter Schmidt")


@pytest.mark.parametrize(
    ("address", "name"), [("ann.lee@x.example", ("Ann Lee",)), ("info@x.example", ()), ("al3x.b@x.example", ())]
)
def test_an_address_may_spell_a_name(address: str, name: tuple[str, ...]) -> None:
    assert spelt_by(address) == name
