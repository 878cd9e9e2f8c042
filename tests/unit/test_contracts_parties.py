"""Who is bound by an agreement, from its beginning, its letter head and its signatures."""

import pytest

from baton.readers.contracts.names import bare, name_before, tidy
from baton.readers.contracts.parties import parties
from baton.readers.contracts.weighing import shipped

_WEIGHTS = shipped()["parties"]


def _taken(text: str) -> list[object]:
    return [one.value for one in parties(text, _WEIGHTS) if one.confidence >= _WEIGHTS.take]


_BODY = " The Recipient keeps what it learns to itself and uses it for the Purpose alone." * 40

MUTUAL = (
    "MUTUAL NON-DISCLOSURE AGREEMENT This Agreement is made as of May 4, 2016 by and between "
    "Alder Pumps, Inc., a Delaware corporation "
    "(“Alder”), and Birch Valves LLC, an Ohio limited liability company (“Birch”). "
    "WHEREAS, Alder and Birch consider a merger with Cedar Pipes, Inc.;"
    + _BODY
    + " IN WITNESS WHEREOF, the parties have signed. ALDER PUMPS, INC. By: /s/ Nora Quist Name: Nora Quist "
    "Title: President BIRCH VALVES LLC By: /s/ Omar Reyes Name: Omar Reyes Title: Manager"
)
EMPLOYMENT = (
    "NON-COMPETITION AND NON-DISCLOSURE AGREEMENT This Agreement is entered into between "
    "Dogwood Foods Corporation (the “Company”) and Petra L. Sand (“Executive”)."
    + _BODY
    + " IN WITNESS WHEREOF, the parties have signed. DOGWOOD FOODS CORPORATION By: /s/ Quinn Tate "
    "Name: Quinn Tate Title: Vice President EXECUTIVE /s/ Petra L. Sand Petra L. Sand"
)


def test_both_companies_of_the_preamble_are_parties_and_nobody_else() -> None:
    assert _taken(MUTUAL) == ["Alder Pumps Inc.", "Birch Valves LLC"]


def test_an_employee_is_a_party_and_who_signs_for_the_company_is_not() -> None:
    assert _taken(EMPLOYMENT) == ["Dogwood Foods Corporation", "Petra L. Sand"]


def test_each_party_is_shown_where_the_agreement_introduces_it() -> None:
    found = {one.value: one.places[0] for one in parties(MUTUAL, _WEIGHTS)}
    start, end = found["Birch Valves LLC"]
    assert MUTUAL[start:end] == "Birch Valves LLC"
    assert start < 300


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("made by Alder Pumps, Inc.", "Alder Pumps, Inc."),
        ("between Bank of the North", "Bank of the North"),
        ("by Heron & Lake Partners, L.P.", "Heron & Lake Partners, L.P."),
        ("entered into by Cedar Corp. and Dogwood Foods Company", "Dogwood Foods Company"),
        ("signed by Saltmarsh Telegraph and Telephone Company", "Saltmarsh Telegraph and Telephone Company"),
    ],
)
def test_a_name_begins_where_its_first_capital_stands(text: str, name: str) -> None:
    found = name_before(text, len(text))
    assert found is not None
    assert text[slice(*found)] == name


def test_no_name_stands_after_small_words() -> None:
    assert name_before("which is sold by the recipient", 30) is None


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("ALDER PUMPS, INC.", "Alder Pumps Inc."),
        ("Birch Valves L.L.C.", "Birch Valves LLC"),
        ("Escher, Incorporated", "Escher Inc."),
        ("Otter Holding N.V.", "Otter Holding N.V."),
        ("Petra L. Sand, Ph.D.", "Petra L. Sand"),
    ],
)
def test_names_are_written_one_way(printed: str, written: str) -> None:
    assert tidy(printed) == written


def test_two_spellings_of_one_company_are_one() -> None:
    assert bare("The Heron & Lake Company") == bare("HERON AND LAKE") == "heronandlake"


def test_an_empty_text_has_no_parties() -> None:
    assert parties("", _WEIGHTS) == []
