"""Double keying: two readings become one finding, and both are kept."""

from datetime import date
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from baton.documents.text import page_of_text
from baton.readers.fields import Field, PurchaseDate, ReceiptTotal, Serial
from baton.readers.finding import finish, key
from baton.readers.reader import Readings, Role, Source
from baton.readers.reconcile import reconcile
from baton.readers.rules import RulesReader
from baton.types.canonical import Json
from baton.types.documents import Document, Reading
from baton.types.findings import Evidence, FieldFinding, Keyed
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money

ROLES: dict[DocumentId, Role] = {DocumentId("mail"): "mail_body", DocumentId("receipt"): "receipt"}
BOUGHT = Field("purchased", "date")


def keyed(value: Json, reader: str = "rules/1", document: str | None = "receipt", confidence: float = 0.9) -> Keyed:
    evidence = Evidence(document=DocumentId(document), page=1, text="", span=(0, 1)) if document else None
    return Keyed(value=value, reader=reader, confidence=confidence, evidence=evidence)


def finding(*readings: list[Keyed], field: Field = BOUGHT) -> FieldFinding:
    return reconcile(field, readings, ROLES)


def test_two_readers_who_say_the_same_agree_and_are_surer_than_one() -> None:
    found = finding([keyed("2025-03-12")], [keyed("12 March 2025", "model/1")])
    assert (found.agreement, found.value) == ("agreed", "2025-03-12")
    assert found.confidence > 0.9
    assert [one.reader for one in found.readings] == ["rules/1", "model/1"]


def test_two_readers_who_differ_are_in_dispute_and_neither_is_trusted() -> None:
    found = finding([keyed("2025-03-12")], [keyed("2025-03-13", "model/1")])
    assert (found.agreement, found.grounded) == ("disputed", True)
    assert found.confidence <= 0.4
    assert len(found.readings) == 2


def test_the_first_reader_leads_unless_another_is_much_surer() -> None:
    shop = Field("seller", "seller")
    learned = [keyed("Bistro", "tokens/1", confidence=0.9)]
    assert finding([keyed("Three Oaks", confidence=0.7)], learned, field=shop).value == "Three Oaks"
    assert finding([keyed("Three Oaks", confidence=0.55)], learned, field=shop).value == "Bistro"
    assert finding([keyed("Three Oaks", confidence=0.7)], learned, field=shop).agreement == "disputed"


def test_what_a_model_invents_loses_to_what_a_document_carries_but_is_still_a_dispute() -> None:
    found = finding([keyed("2025-03-12", confidence=0.6)], [keyed("2020-01-01", "model/1", document=None, confidence=0.99)])
    assert (found.value, found.agreement) == ("2025-03-12", "disputed")


def test_a_single_value_that_no_document_carries_is_not_grounded() -> None:
    found = finding([], [keyed("2020-01-01", "model/1", document=None, confidence=0.9)])
    assert (found.agreement, found.grounded, found.confirmed) == ("single", False, False)
    assert found.confidence <= 0.5


def test_a_second_possible_reading_disputes_nothing() -> None:
    found = finding([keyed("2025-03-12"), keyed("2025-12-03", confidence=0.4)])
    assert (found.value, found.agreement) == ("2025-03-12", "single")
    assert len(found.readings) == 2


def test_the_receipt_outranks_the_mail_on_the_date_and_the_mail_the_receipt_on_the_serial() -> None:
    assert finding([keyed("2025-03-13", document="mail", confidence=0.99), keyed("2025-03-12")]).value == "2025-03-12"
    serial = finding([keyed("AB-12345", document="mail", confidence=0.7), keyed("XY-99999")], field=Field("serial", "serial"))
    assert serial.value == "AB-12345"


def test_a_witness_settles_which_of_two_readings_of_one_place_is_right() -> None:
    both = [keyed("2025-04-03", confidence=0.55), keyed("2025-03-04", confidence=0.4)]
    found = finding([*both, keyed("2025-03-04", document="mail", confidence=0.85)])
    assert (found.value, found.agreement) == ("2025-03-04", "single")
    found = finding(both, [keyed("2025-03-04", "model/1")])
    assert (found.value, found.agreement) == ("2025-03-04", "single")


def test_nothing_keyed_is_missing() -> None:
    found = finding([], [])
    assert (found.agreement, found.value, found.confidence) == ("missing", None, 0)


def test_a_value_that_is_none_of_its_kind_is_not_counted() -> None:
    assert finding([keyed("soon")]).agreement == "missing"


VALUES = st.sampled_from(["2025-03-12", "2025-03-13", "soon", ""])
READERS, DOCUMENTS = st.sampled_from(["rules/1", "model/1"]), st.sampled_from(["mail", "receipt", None])
KEYED = st.builds(keyed, VALUES, READERS, DOCUMENTS, st.floats(0, 1))


@given(st.lists(KEYED, max_size=4), st.lists(KEYED, max_size=4))
def test_a_finding_never_hides_a_reading_and_never_calls_a_plain_conflict_agreed(one: list[Keyed], other: list[Keyed]) -> None:
    found = finding(one, other)
    said = [keyed for keyed in [*one, *other] if keyed.value in ("2025-03-12", "2025-03-13")]
    assert len(found.readings) == len(said)
    allowing = {_origin(keyed) for keyed in said if keyed.value == found.value}
    against = [keyed for keyed in said if keyed.value != found.value and keyed.confidence >= 0.5]
    if found.agreement == "agreed":
        assert len({reader for reader, _ in allowing}) == 2
    if any(_origin(keyed) not in allowing for keyed in against):
        assert found.agreement == "disputed"


def _origin(keyed: Keyed) -> tuple[str, str | None]:
    return keyed.reader, keyed.evidence.document if keyed.evidence else None


class Asked(Frozen):
    """A form with a field that must be there."""

    paid: ReceiptTotal | None = None
    purchased: PurchaseDate | None = None
    wish: Literal["repair"] | None = None
    serial: Serial


def mail(text: str) -> Source:
    document = Document(id=DocumentId("mail"), name="mail.txt", media_type="text/plain", size=len(text))
    reading = Reading(document=document.id, how="text", reader="test", pages=(page_of_text(text),))
    return Source(document=document, reading=reading, role="mail_body")


def test_a_value_that_does_not_fit_the_form_becomes_missing_with_a_note() -> None:
    wrong = FieldFinding(name="wish", value="refund", agreement="single", grounded=True, confidence=0.9)
    good = FieldFinding(name="purchased", value="2025-03-12", agreement="single", grounded=True, confidence=0.9)
    filled = finish(Asked, [], [good, wrong])
    assert filled.values.wish is None
    assert filled.values.purchased == date(2025, 3, 12)
    assert [field.agreement for field in filled.fields] == ["single", "missing"]
    assert any("`refund`" in note for note in filled.notes)


class Liar:
    """A reader that returns whatever it likes."""

    name = "liar/1"

    def __init__(self, value: Json) -> None:
        self.value = value

    def read(self, form: type, sources: object, locale: str | None = None) -> Readings:
        lie = Keyed(value=self.value, reader=self.name, confidence=1.0)
        return {name: [lie] for name in (*form.model_fields, "no_such_field")}  # type: ignore[attr-defined]  # a form is a model


PLAIN = st.none() | st.booleans() | st.floats() | st.text(max_size=20)
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2))


@given(JSON)
def test_whatever_a_reader_returns_the_form_is_filled_without_an_error(value: Json) -> None:
    filled = key(Asked, [mail("I paid 49.90 EUR on 12 March 2025.")], [RulesReader(), Liar(value)])
    assert filled.values.paid in (None, Money.model_validate({"amount": "49.90", "currency": "EUR"}))
    assert {field.name for field in filled.fields} == {"paid", "purchased", "wish", "serial"}


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    filled = key(Asked, [mail(text)], [RulesReader()])
    for field in filled.fields:
        assert field.grounded or field.value is None
