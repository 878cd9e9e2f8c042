"""The whole form of an agreement, with the place of every value."""

from baton.documents.text import page_of_text
from baton.readers.contracts.forms import Contract
from baton.readers.contracts.places import places_in_prose
from baton.readers.contracts.reader import ContractReader
from baton.readers.contracts.running import running
from baton.readers.fields import fields_of
from baton.readers.finding import key
from baton.readers.reader import Source
from baton.types.documents import Document, Page, Reading, Word
from baton.types.findings import Evidence
from baton.types.ids import DocumentId

TEXT = """SERVICE AGREEMENT

This Agreement is made as of the 2nd day of
June, 2021 (the “Effective Date”) by and between Alder Pumps, Inc., a Delaware corporation (“Alder”), and
Birch Valves LLC, an Ohio company (“Birch”).

1. Term. This Agreement shall continue in effect for a period of two (2)
years from the Effective Date and will automatically renew for one year at a time.
2. Payment. Birch shall pay each invoice within thirty (30) days of receipt.
3. Liability. Alder's total liability shall not exceed $250,000.00 in any year.
4. Law. This Agreement shall be governed by the laws of the State of Ohio.

IN WITNESS WHEREOF, the parties have signed. ALDER PUMPS, INC. By: /s/ Nora Quist Name: Nora Quist Title: President
BIRCH VALVES LLC By: /s/ Omar Reyes Name: Omar Reyes Title: Manager
"""


def _source(text: str = TEXT) -> Source:
    document = Document(id=DocumentId("d" * 64), name="agreement.txt", media_type="text/plain", size=len(text))
    return Source(
        document=document, reading=Reading(document=document.id, how="text", reader="test", pages=(page_of_text(text),))
    )


def _shown(evidence: Evidence | None) -> str:
    assert evidence is not None
    assert evidence.span is not None
    return " ".join(TEXT[slice(*evidence.span)].split())


def test_every_field_of_the_contract_process_is_read() -> None:
    read = ContractReader().read(Contract, [_source()])
    assert {name: keyed[0].value for name, keyed in read.items() if keyed} == {
        "parties": ["Alder Pumps Inc.", "Birch Valves LLC"],
        "effective_date": "2021-06-02",
        "term": "2 years",
        "renewal": "automatic",
        "governing_law": "Ohio",
        "liability": "limited",
        "liability_cap": {"amount": "250000.00", "currency": "USD"},
        "payment_days": 30,
    }


def test_the_evidence_of_a_value_spans_its_own_words_over_the_end_of_a_line() -> None:
    read = ContractReader().read(Contract, [_source()])
    assert _shown(read["term"][0].evidence) == "two (2) years"
    assert _shown(read["effective_date"][0].evidence) == "2nd day of June, 2021"
    assert _shown(read["governing_law"][0].evidence) == "Ohio"
    assert read["parties"][0].evidence is not None
    assert read["parties"][0].evidence.text == "Alder Pumps, Inc.; Birch Valves LLC"


def test_the_form_is_filled_with_types_that_a_process_can_use() -> None:
    filled = key(Contract, [_source()], [ContractReader()])
    assert filled.values.parties == ("Alder Pumps Inc.", "Birch Valves LLC")
    assert filled.values.effective_date is not None
    assert filled.values.effective_date.isoformat() == "2021-06-02"
    assert filled.values.payment_days == 30


def test_a_value_of_the_prose_is_found_again_and_an_invented_one_is_not() -> None:
    fields = {field.name: field for field in fields_of(Contract)}
    source = _source()
    assert list(places_in_prose(fields["term"], "24 months", source)) != []
    assert list(places_in_prose(fields["term"], "5 years", source)) == []
    assert list(places_in_prose(fields["effective_date"], "2021-06-02", source)) != []
    assert list(places_in_prose(fields["effective_date"], "2021-06-03", source)) == []
    assert list(places_in_prose(fields["parties"], ["Alder Pumps Inc.", "Birch Valves LLC"], source)) != []
    assert list(places_in_prose(fields["parties"], ["Alder Pumps Inc.", "Cedar Pipes Inc."], source)) == []


def test_words_that_nobody_sees_are_not_read() -> None:
    seen, secret = Word(text="Ohio", polygon=((0.1, 0.1),) * 4), Word(text="Texas", polygon=((0.2, 0.1),) * 4, hidden=True)
    page = Page(number=1, width=100, height=100, text="Ohio Texas", words=(seen, secret), lines=())
    source = _source()
    unlined = page.model_copy(update={"lines": page_of_text("Ohio Texas").lines})
    reading = source.reading.model_copy(update={"pages": (unlined,)})
    assert running(source.model_copy(update={"reading": reading})).text == "Ohio"


def test_a_shopping_list_is_no_agreement() -> None:
    read = ContractReader().read(Contract, [_source("two kettles, one lamp and some tea")])
    assert not any(read.values())
