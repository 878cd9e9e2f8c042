"""Periods, dates and places as agreements write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.readers.contracts.dates import dates_of, effective_dates
from baton.readers.contracts.law import governing_law
from baton.readers.contracts.periods import in_days, periods_in
from baton.readers.contracts.term import terms
from baton.readers.contracts.weighing import learned, shipped


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("for two (2) years from the date", "2 years"),
        ("a period of eighteen months", "18 months"),
        ("a 12-month period", "12 months"),
        ("twenty-four (24) months", "24 months"),
        ("one year after", "1 year"),
        ("until the second anniversary of this Agreement", "2 years"),
        ("thirty (30) days' notice", "30 days"),
    ],
)
def test_a_period_is_read_however_it_is_spelled(text: str, value: str) -> None:
    assert [one.value for one in periods_in(text)] == [value]


def test_the_characters_of_a_period_are_the_ones_that_say_it() -> None:
    text = "It runs for three (3) years."
    (one,) = periods_in(text)
    assert text[one.start : one.end] == "three (3) years"


@given(st.integers(min_value=1, max_value=99), st.sampled_from(["day", "week", "month", "year"]))
def test_a_written_period_keeps_its_length(count: int, unit: str) -> None:
    (one,) = periods_in(f"for {count} {unit}s.")
    assert (one.count, one.unit) == (count, unit)
    assert in_days(one.value) == in_days(f"{count}_{unit}s")


def test_twelve_months_are_a_year_and_words_are_no_period() -> None:
    assert in_days("12_months") == in_days("1 year") == 365
    assert in_days("a while") is None


@pytest.mark.parametrize(
    "text",
    [
        "this 3rd day of March, 2011",
        "the third day of March, 2011",
        "March 3, 2011",
        "March 3rd 2011",
        "3 March 2011",
        "03/03/2011",
        "3.3.11",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert [when for when, _, _ in dates_of(f"made {text} by")] == [date(2011, 3, 3)]


def test_a_day_that_no_month_has_is_no_date() -> None:
    assert list(dates_of("the 31st day of February, 2011")) == []


def test_the_date_that_the_preamble_names_outranks_other_papers_and_the_letter_head() -> None:
    text = (
        "Exhibit 4. January 5, 2014. NON-DISCLOSURE AGREEMENT. This Agreement is entered into "
        "as of February 1, 2014 (the “Effective Date”) by and between Alder Pumps, Inc. and Birch Valves LLC. "
        "WHEREAS, the parties signed a Purchase Agreement dated December 2, 2013;"
    )
    assert effective_dates(text, shipped()["effective_date"])[0].value == "2014-02-01"


def test_of_two_signing_dates_the_later_one_counts() -> None:
    text = (
        "The parties agree."
        + " They keep it secret." * 200
        + " By: /s/ Ann Lee Date: May 3, 2015 By: /s/ Bo Ek Date: May 9, 2015"
    )
    assert effective_dates(text, shipped()["effective_date"])[0].value == "2015-05-09"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("shall be governed by and construed in accordance with the laws of the State of Oregon.", "Oregon"),
        ("Ohio law governs this Agreement. Any notice goes to Texas.", "Ohio"),
        ("governed by the laws of the State of New York, United States of America.", "New York"),
        ("GOVERNED BY THE LAWS OF THE STATE OF WEST VIRGINIA.", "West Virginia"),
        ("This Agreement is subject to the laws of England and Wales.", "England and Wales"),
        ("Acme is a Delaware corporation. This Agreement is governed by the laws of the State of Maine.", "Maine"),
    ],
)
def test_the_law_is_the_one_of_the_governing_law_clause(text: str, place: str) -> None:
    assert governing_law(text)[0].value == place


def test_where_a_company_is_incorporated_is_no_governing_law() -> None:
    assert governing_law("Acme, Inc., a corporation organized under the laws of Delaware, makes pumps.") == []


def test_two_laws_in_one_clause_are_nothing_to_be_sure_of() -> None:
    found = governing_law(
        "governed by the laws of the State of Ohio, or where the work is done there, by the laws of the State of Iowa."
    )
    assert found[0].confidence < 0.95


def test_the_term_is_the_agreements_and_not_the_one_for_hiring() -> None:
    text = (
        "For a period of one (1) year the Recipient shall not solicit employees of the Discloser. 9. Term. This Agreement shall "
        "remain in effect for a period of three (3) years from the Effective Date unless terminated earlier."
    )
    assert terms(text, shipped()["term"])[0].value == "3 years"


def test_notice_periods_alone_are_no_term() -> None:
    found = terms("Either party may terminate this Agreement upon thirty (30) days written notice.", shipped()["term"])
    assert all(one.confidence < shipped()["term"].take for one in found)


def test_weights_learn_which_sign_counts() -> None:
    examples = [({"good": 1.0, "noise": float(at % 2)}, True) for at in range(20)]
    examples += [({"good": 0.0, "noise": float(at % 2)}, False) for at in range(20)]
    weights = learned(examples, asked=20)
    assert weights.chance({"good": 1.0}) > weights.take > weights.chance({"noise": 1.0})
