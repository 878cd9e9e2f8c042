"""Grounding: a value counts only where whole tokens of a document carry it, whoever read it."""

from hypothesis import given
from hypothesis import strategies as st

from baton.documents.layout import rows_of
from baton.documents.text import page_of_text
from baton.readers.fields import Field, Kind
from baton.readers.finding import key
from baton.readers.ground import grounded, places
from baton.readers.reader import Source
from baton.readers.rules import RulesReader
from baton.types.canonical import Json
from baton.types.documents import Document, Page, Reading, Word
from baton.types.findings import Evidence, Keyed
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from baton.types.money import Money

RECEIPT = """
BRIGHTWATER ELECTRICS LTD
14 Mill Street
Date: 12/03/2025 14:22
Kettle|RM 49.90
TOTAL|RM 49.90
"""


def printed(text: str, hidden: tuple[str, ...] = ()) -> Source:
    """A page of words with boxes; words in `hidden` are in the file but not on the page."""
    words = [word for number, line in enumerate(text.strip().split("\n")) for word in _words(line, number, hidden)]
    page = Page(number=1, width=400, height=800, text=text, words=tuple(words), lines=tuple(rows_of(words, 400, 800)))
    document = Document(id=DocumentId("receipt"), name="receipt.pdf", media_type="application/pdf", size=1)
    reading = Reading(document=document.id, how="text_layer", reader="test", pages=(page,))
    return Source(document=document, reading=reading, role="receipt")


def _words(line: str, number: int, hidden: tuple[str, ...]) -> list[Word]:
    words = []
    for column, cell in enumerate(line.split("|")):
        left = 10 + 260 * column
        for text in cell.split():
            right, top, bottom = left + 5 * len(text), 12 * number, 12 * number + 9
            polygon = tuple((x / 400, y / 800) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)))
            words.append(Word(text=text, polygon=polygon, hidden=text in hidden))
            left = right + 4
    return words


def mail(text: str) -> Source:
    document = Document(id=DocumentId("mail"), name="mail.txt", media_type="text/plain", size=len(text))
    reading = Reading(document=document.id, how="text", reader="test", pages=(page_of_text(text),))
    return Source(document=document, reading=reading, role="mail_body")


def found(kind: Kind, value: Json, *sources: Source) -> list[Evidence]:
    return places(Field("field", kind), value, sources)


def ringgit(amount: str) -> Json:
    return {"amount": amount, "currency": "MYR"}


def test_a_value_is_found_with_the_polygons_of_its_words() -> None:
    (place,) = found("date", "2025-03-12", printed(RECEIPT))
    assert place.text == "12/03/2025"
    assert len(place.polygons) == 1
    left, top = place.polygons[0][0]
    assert (round(left * 400), round(top * 800)) == (10 + 5 * len("Date:") + 4, 24)


def test_the_total_row_is_the_most_telling_place_of_an_amount() -> None:
    first, second = found("money", ringgit("49.90"), printed(RECEIPT))
    assert first.polygons[0][0][1] > second.polygons[0][0][1]


def test_a_part_of_a_token_carries_nothing() -> None:
    source = printed("TOTAL|RM 149.90\nSerial NK2-4471-0098")
    assert found("money", ringgit("49.90"), source) == []
    assert found("serial", "NK2-4471-009", source) == []
    assert found("serial", "nk2 4471 0098", source) != []


def test_another_currency_or_sign_is_not_what_is_printed() -> None:
    source = printed("TOTAL|RM 49.90\nDISCOUNT|-5.00")
    assert found("money", {"amount": "49.90", "currency": "EUR"}, source) == []
    assert found("money", ringgit("5.00"), source) == []
    assert found("money", ringgit("-5.00"), source) != []


def test_hidden_words_carry_nothing_and_are_not_read() -> None:
    class Paid(Frozen):
        paid: Money | None = None

    source = printed("SHOP LTD\nKettle|£20.00\nTOTAL|£20.00\nGRAND TOTAL|£900.00", hidden=("GRAND", "£900.00"))
    assert found("money", {"amount": "900.00", "currency": "GBP"}, source) == []
    assert str(key(Paid, [source], [RulesReader()]).values.paid) == "20.00 GBP"


def test_a_name_over_two_rows_is_one_place_with_all_its_words() -> None:
    (place,) = found("seller", "Haus & Heim KG", printed("HAUS & HEIM\nKG\nBerlin"))
    assert place.text == "HAUS & HEIM KG"
    assert len(place.polygons) == 4


def test_a_name_is_found_under_another_spelling_of_its_legal_form() -> None:
    assert found("seller", "77 City Mart Sdn Bhd", printed("77 CITY MART S/B\nJALAN 1"))


def test_a_value_broken_over_two_lines_of_a_mail_has_its_span() -> None:
    text = "I bought it on 12\nMarch 2025 and it broke."
    (place,) = found("date", "2025-03-12", mail(text))
    assert place.span is not None
    assert text[slice(*place.span)] == "12\nMarch 2025"


def test_the_receipt_comes_first_for_the_price_and_the_mail_for_the_serial() -> None:
    sources = (mail("I paid RM 49.90. Serial AB-12345"), printed(RECEIPT + "S/N AB-12345"))
    assert [place.document for place in found("money", ringgit("49.90"), *sources)] == ["receipt", "receipt", "mail"]
    assert found("serial", "AB-12345", *sources)[0].document == "mail"


def test_a_readers_own_evidence_is_never_believed() -> None:
    claimed = Evidence(document=DocumentId("receipt"), page=1, text="TOTAL 9,999.00", polygons=(((0.0, 0.0),),))
    lie = Keyed(value=ringgit("9999.00"), reader="model/1", confidence=0.99, evidence=claimed)
    assert grounded(Field("paid", "money"), lie, [printed(RECEIPT)]).evidence is None


def test_a_number_is_not_grounded_in_a_longer_one() -> None:
    assert not found("identifier", "20471", printed("Order KK-20471"))
    assert not found("receipt_number", "20471", printed("No 20471-B and 20471/2025"))
    assert found("identifier", "KK-20471", printed("Order KK-20471"))
    assert found("identifier", "20471", printed("Order # 20471"))
    assert found("identifier", "20471", printed("Order 20471/2"))


def test_a_count_is_found_with_its_unit_and_thousands() -> None:
    assert found("number", 5000, printed("Sand 5,000 kg"))
    assert found("number", "2.5", printed("Oil 2,5 l"))
    assert not found("number", 5, printed("Sand 5,000 kg"))


KINDS = st.sampled_from(["text", "product", "serial", "seller", "date", "money", "number", "choice", "defect"])


@given(st.text(max_size=60), KINDS)
def test_nothing_that_is_not_printed_is_ever_grounded(value: str, kind: Kind) -> None:
    source = printed("TOTAL|RM 49.90")
    for place in found(kind, value, source):
        assert place.text in ("TOTAL", "RM 49.90", "49.90", "RM", "TOTAL RM", "TOTAL RM 49.90")
