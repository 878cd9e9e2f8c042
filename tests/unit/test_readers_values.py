"""Amounts and dates in every convention, and when two values are the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.readers.amounts import amounts_in
from baton.readers.countries import country_of, currency_of, words_for
from baton.readers.dates import bare_dates, dates_in, order_told
from baton.readers.locales import Words, languages, pack, words_of
from baton.readers.normalise import same

EVERY = Words(languages())


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("TOTAL RM 141.50", "141.50", "MYR"),
        ("€ 1.234,56", "1234.56", "EUR"),
        ("1'299.00 CHF", "1299.00", "CHF"),
        ("389,- EUR", "389.00", "EUR"),
        ("-RM 0.02", "-0.02", "MYR"),
        ("19.99-", "-19.99", None),
        ("RM21 .85", "21.85", "MYR"),
        ("$7.60", "7.60", "$"),
        ("ROUNDING .02", "0.02", None),
        ("paid 389 EUR", "389.00", "EUR"),
        ("unit price 0.0475 EUR", "0.0475", "EUR"),
        ("1.234,5678 €", "1234.5678", "EUR"),
        ("Name Badge @ 0.5500", "0.5500", None),
    ],
)
def test_an_amount_is_read_with_sign_separators_and_currency(text: str, amount: str, currency: str | None) -> None:
    (found,) = amounts_in(text, whole=True)
    assert (found.value, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["12/03/2018 10:11", "tel 03-40210276", "GST 6%", "12.03.2025", "IP 10.1.12.13", "5,000 kg", "0.500"]
)
def test_what_only_looks_like_an_amount_is_none(text: str) -> None:
    assert amounts_in(text) == ()


@pytest.mark.parametrize("text", ["KR3M", "EUR20A", "5,000 kg", "0.5500 kg"])
def test_a_part_number_and_a_weight_are_no_round_amounts(text: str) -> None:
    assert amounts_in(text, whole=True) == ()


@given(st.decimals(min_value=0, max_value=999_999, places=2, allow_nan=False, allow_infinity=False))
def test_any_amount_is_read_back_from_german_and_english_print(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert [found.value for found in amounts_in(english)] == [amount]
    assert [found.value for found in amounts_in(german)] == [amount]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("25/12/20188:13:39 PM", ["2018-12-25"]),
        ("30-06-1813:27", ["2018-06-30"]),
        ("25/FEB/2017", ["2017-02-25"]),
        ("March 3, 2025", ["2025-03-03"]),
        ("3. März 2025", ["2025-03-03"]),
        ("5 mei 2024", ["2024-05-05"]),
        ("20180428/191204", ["2018-04-28"]),
        ("03/04/2025", ["2025-04-03", "2025-03-04"]),
        ("03/03/2025", ["2025-03-03"]),
        ("31/02/2025", []),
        ("12 janv. 2024", ["2024-01-12"]),
        ("le 1er août 2023", ["2023-08-01"]),
        ("15 de enero de 2024", ["2024-01-15"]),
        ("12 ott 2023", ["2023-10-12"]),
    ],
)
def test_a_date_is_read_in_every_writing_and_an_ambiguous_one_has_two_readings(text: str, readings: list[str]) -> None:
    found = [[one.isoformat() for one in dated.readings] for dated in dates_in(text, EVERY, compact=True)]
    assert found == ([readings] if readings else [])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("09/29/20-10/02/20", ["2020-09-29", "2020-10-02"]),
        ("9/29/20 - 10/2/20", ["2020-09-29", "2020-10-02"]),
        ("Feb13/20 - Feb14/20", ["2020-02-13", "2020-02-14"]),
        ("20-Feb-20-25-Feb-20", ["2020-02-20", "2020-02-25"]),
        ("INV-12-10/02/20", []),
    ],
)
def test_both_ends_of_a_period_are_read_however_closely_they_are_written(text: str, days: list[str]) -> None:
    assert [dated.readings[0].isoformat() for dated in dates_in(text, EVERY, "mdy")] == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2703/2018", ["2018-03-27"]),
        ("Date: 27/032018 10:12", ["2018-03-27"]),
        ("27032018", ["2018-03-27"]),
        ("tel 27032018", []),
        ("INV2703/2018", []),
        ("3102/2018", []),
        ("2703/2018/7", []),
    ],
)
def test_a_date_whose_separators_got_lost_is_still_one(text: str, days: list[str]) -> None:
    assert [dated.readings[0].isoformat() for dated in bare_dates(text)] == days


def test_a_document_tells_the_order_of_day_and_month_by_another_date() -> None:
    assert order_told(["issued 04/05/2024", "valid to 25/05/2024"]) == "dmy"
    assert order_told(["issued 04/05/2024", "shipped 05/25/2024"]) == "mdy"
    assert order_told(["issued 04/05/2024"]) is None
    assert order_told(["25/05/2024", "05/25/2024"]) is None


def test_the_country_of_a_document_gives_the_currency_that_is_not_printed() -> None:
    assert currency_of("KEDAI BUKU SDN BHD JOHOR TOTAL 9.00") == "MYR"
    assert currency_of("Elektro Brandt GmbH, inkl. MwSt, Berlin") == "EUR"
    assert currency_of("TOTAL 9.00") is None
    assert currency_of("JOHOR SDN BHD", beside="$") == "MYR"
    assert country_of("TOTAL 9.00", "en-US") is not None


def test_a_text_chooses_its_locale_packs_by_its_everyday_words() -> None:
    assert "de" in words_of("Ich habe die Maschine nicht mit der Post geschickt").languages
    assert "de" not in words_of("I sent the machine with the post").languages
    assert "ms" in words_for("BOOK SHOP SDN BHD").languages


@pytest.mark.parametrize("code", languages())
def test_every_locale_pack_has_twelve_months_and_patterns_that_compile(code: str) -> None:
    assert len(pack(code)["dates"]["months"]) == 12
    words = Words((code,))
    for section, lists in pack(code).items():
        for name, entries in lists.items():
            if isinstance(entries, list) and name not in ("months", "from", "bought"):
                words.pattern(section, name)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("money", {"amount": "1299.00", "currency": "EUR"}, "1.299,00 EUR"),
        ("money", {"amount": "9", "currency": "MYR"}, "RM 9.00"),
        ("date", "2025-03-12", "12 March 2025"),
        ("serial", "nk2 4471 0098", "NK2-4471-0098"),
        ("seller", "Elektro Brandt GmbH", "ELEKTRO BRANDT"),
        ("seller", "77 CITY MART S/B", "77 City Mart Sdn Bhd"),
        ("seller", "Brightwater Electrics Ltd", "BRIGHTWATER ELECTRJCS LTD"),
        ("product", "Nordhall K2 kettle", "NORDHALL K2 KETTLE WHITE"),
        ("number", 5000, "5,000 kg"),
        ("number", "2.5", "2,5 l"),
        ("money", {"amount": "0.0475", "currency": "EUR"}, "EUR 0,0475"),
        ("date", "2024-02-22", "22 février 2024"),
    ],
)
def test_values_that_say_the_same_are_the_same(kind: str, one: object, other: object) -> None:
    assert same(kind, one, other)  # type: ignore[arg-type]  # kinds and values come from the table above


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("money", {"amount": "9.00", "currency": "MYR"}, {"amount": "9.00", "currency": "EUR"}),
        ("money", {"amount": "9.00", "currency": "MYR"}, {"amount": "-9.00", "currency": "MYR"}),
        ("money", "no amount", "no amount"),
        ("date", "2025-03-12", "2025-12-03"),
        ("date", "03/04/2025", "2025-04-03"),
        ("serial", "NK2-4471-0098", "NK2-4471-0099"),
        ("seller", "Brandt", "Brand"),
        ("choice", "repair", "replacement"),
    ],
)
def test_values_that_differ_are_not_the_same(kind: str, one: object, other: object) -> None:
    assert not same(kind, one, other)  # type: ignore[arg-type]  # kinds and values come from the table above


def test_a_date_is_a_date() -> None:
    assert dates_in("12 March 2025", EVERY)[0].readings == (date(2025, 3, 12),)
