from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from baton.documents.text import page_of
from baton.readers.fields import Identifier, Seller
from baton.readers.invoices.reader import InvoiceRulesReader
from baton.readers.invoices.values import accounts_in, currency_on, dates_on, vat_ids_in
from baton.readers.reader import Readings, Source
from baton.readers.structured.terms import Term
from baton.types.documents import Document, Page, Reading, Word
from baton.types.ids import DocumentId
from baton.types.money import Money

COLUMNS = (40, 190, 330, 450)


class Bill(BaseModel):
    number: Identifier | None = None
    issue_date: date | None = None
    due_date: date | None = None
    order_reference: Identifier | None = None
    seller: Seller | None = None
    buyer: Seller | None = None
    seller_vat_id: Identifier | None = None
    buyer_vat_id: Identifier | None = None
    iban: Identifier | None = None
    currency: Identifier | None = None
    net: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    payable: Money | None = None
    lines: int | None = None


def page(text: str) -> Page:
    """A page of these rows; a bar starts the next column."""
    words = []
    for number, row in enumerate(text.strip("\n").splitlines()):
        top, bottom = (30 + 14 * number) / 842, (40 + 14 * number) / 842
        for column, cell in zip(COLUMNS, row.split("|"), strict=False):
            at = float(column)
            for word in cell.split():
                left, right = at / 595, (at + 4.6 * len(word)) / 595
                words.append(Word(text=word, polygon=((left, top), (right, top), (right, bottom), (left, bottom))))
                at += 4.6 * len(word) + 2.3
    return page_of(words, number=1, width=595, height=842)


def source(text: str) -> Source:
    document = Document(id=DocumentId("a" * 64), name="invoice.pdf", media_type="application/pdf", size=1)
    return Source(document=document, reading=Reading(document=document.id, how="text_layer", reader="test", pages=(page(text),)))


def read(text: str, form: type[BaseModel] = Bill) -> Readings:
    return InvoiceRulesReader().read(form, [source(text)])


def first(text: str, name: str) -> object:
    found = read(text)[name]
    value = found[0].value if found else None
    return value["amount"] if isinstance(value, dict) else value


FRENCH = """
Moulin Exemple SARL - 12 chemin des Exemples - 84000 Avignon
TVA : FR40303265045 - SIRET : 30326504500010 - APE : 4778C
Facture FA-2031-0010
Date de facture|13/11/2031|Votre référence|PO445
Date d'échéance|13 décembre 2031|N° TVA client|FR61954506077
Description|Quantité|Prix unitaire|Prix HT
Nougat au miel|20|4,55 €|81,90 €
Huile d'olive|25|19,80 €|495,00 €
|||
||Total HT|576,90 €
||Total taxes|43,61 €
||Total TTC|620,51 €
||Solde à payer|419,51 €
IBAN : FR76 3000 6000 0112 3456 7890 189
"""
GERMAN = """
Rechnungssteller||Rechnungsempfänger
Name: Töpferei Lehm GmbH||Name: Gartenbau Grün AG
Handelsrechnung (380) Nr. R-77/31 vom 5. März 2031
Bestell-Nr.: B-9001
USt-IdNr.: DE136695976
Bezeichnung|Menge|Einzelpreis|Betrag
Tontopf groß|10|12,00|120,00
Tontopf klein|5|4,00|20,00
Rechnungssumme netto|||140,00 EUR
zzgl. 19% USt.|||26,60 EUR
Rechnungssumme brutto|||166,60 EUR
Zahlbar ohne Abzug bis 04.04.2031
"""
DUTCH = """
FACTUUR||Klei en Zoon B.V.
Factuurnummer: 993548|BTW NL810433941B01
Factuurdatum: 19 april 2031
Orderdatum: 18 april 2031
Artikel|Aantal|Prijs per stuk|Prijs incl. BTW
Bloempot|1|€ 99,00|€ 99,00
Exclusief BTW|€ 81,82|Subtotaal|€ 99,00
BTW 21%|||€ 17,18
Totaal|||€ 99,00
"""


@pytest.mark.parametrize(
    ("text", "number", "issued", "net", "tax", "total"),
    [
        (FRENCH, "FA-2031-0010", "2031-11-13", "576.90", "43.61", "620.51"),
        (GERMAN, "R-77/31", "2031-03-05", "140.00", "26.60", "166.60"),
        (DUTCH, "993548", "2031-04-19", "81.82", "17.18", "99.00"),
    ],
    ids=["french", "german", "dutch"],
)
def test_an_invoice_is_read_in_its_language(text: str, number: str, issued: str, net: str, tax: str, total: str) -> None:
    wanted = {"number": number, "issue_date": issued, "net": net, "tax": tax, "total": total}
    assert {name: first(text, name) for name in wanted} == wanted


def test_sums_that_net_and_tax_make_are_surer_than_their_labels() -> None:
    fits = read(GERMAN)["total"][0].confidence
    off = read(GERMAN.replace("166,60", "167,60"))["total"][0].confidence
    assert fits > 0.95 > off


def test_what_is_still_to_pay_is_not_the_total() -> None:
    assert (first(FRENCH, "total"), first(FRENCH, "payable")) == ("620.51", "419.51")


def test_seller_and_buyer_are_read_under_their_headings_and_the_vat_ids_with_them() -> None:
    assert (first(GERMAN, "seller"), first(GERMAN, "buyer")) == ("Töpferei Lehm GmbH", "Gartenbau Grün AG")
    assert (first(FRENCH, "seller_vat_id"), first(FRENCH, "buyer_vat_id")) == ("FR40303265045", "FR61954506077")


def test_a_vat_id_below_the_buyers_heading_is_the_buyers() -> None:
    text = "Seller:\nKiln Ltd\nVAT ID: DE136695976\nBuyer:\nAlpine AG\nVAT ID: ATU13585627"
    assert (first(text, "seller_vat_id"), first(text, "buyer_vat_id")) == ("DE136695976", "ATU13585627")


def test_an_order_date_is_no_invoice_date() -> None:
    assert first("Factuurnummer: 7\nOrderdatum: 18 april 2031\nLeverdatum: 20 april 2031", "issue_date") is None


def test_a_date_whose_day_and_month_may_be_swapped_keeps_both_readings_and_neither_is_sure() -> None:
    one, other = read("Invoice no. 7\nInvoice date: 03/04/2031")["issue_date"]
    assert (one.value, other.value) == ("2031-04-03", "2031-03-04")
    assert one.confidence < 0.7
    assert other.confidence < 0.5


def test_another_date_on_the_page_settles_the_order_of_day_and_month() -> None:
    (one,) = read("Invoice no. 7\nInvoice date: 03/04/2031\nDue date: 03/24/2031")["issue_date"]
    assert one.value == "2031-03-04"


def test_a_column_called_total_is_not_the_total() -> None:
    text = "Item|Quantity|Price|Total\nPot|1|160.00|160.00\nCup|1|40.00|40.00\nAmount due|||200.00 EUR"
    assert first(text, "total") == "200.00"


def test_a_label_in_brackets_only_explains_the_one_before() -> None:
    assert first("Rechnungssumme Brutto (inkl. USt.)|||119,00 EUR", "total") == "119.00"


def test_letters_of_an_id_are_no_labels() -> None:
    assert first("Your order PO-88123 Due date 04.04.2031", "order_reference") == "PO-88123"


def test_the_second_account_of_a_page_is_a_second_reading() -> None:
    one, other = read("IBAN DE89 3704 0044 0532 0130 00\nIBAN AT61 1904 3002 3457 3201")["iban"]
    assert (one.value, other.value) == ("DE89370400440532013000", "AT611904300234573201")
    assert one.confidence < 0.9
    assert other.confidence < 0.5


def test_lines_stand_between_the_heading_and_the_sums() -> None:
    (lines,) = read(GERMAN)["lines"]
    assert (lines.value, lines.confidence > 0.8) == (2, True)


def test_every_value_shows_the_words_it_was_read_from() -> None:
    (number,) = read(GERMAN)["number"]
    assert number.evidence is not None
    assert number.evidence.text == "R-77/31"
    assert len(number.evidence.polygons) == 1


def test_a_form_says_by_terms_what_its_fields_want() -> None:
    class Other(BaseModel):
        rechnung: Annotated[str, Term(id="BT-1")] | None = None
        colour: str | None = None

    assert [one.value for one in read(GERMAN, Other)["rechnung"]] == ["R-77/31"]
    assert "colour" not in read(GERMAN, Other)


def test_structured_documents_are_left_to_their_own_reader() -> None:
    xml = source(GERMAN).model_copy(update={"reading": source(GERMAN).reading.model_copy(update={"how": "xml"})})
    assert all(found == [] for found in InvoiceRulesReader().read(Bill, [xml]).values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFF", "DE89370400440532013000"),
        ("ES91 2100 0418 4502 0005 1332 BIC", "ES9121000418450200051332"),
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
    ],
)
def test_an_account_ends_where_its_country_says(text: str, found: str) -> None:
    assert [one.value for one in accounts_in(text)] == [found]


@pytest.mark.parametrize("text", ["Order AB12 3456 7890", "DE89 3704 0044", "INVOICE 2031 0001 0002 0003"])
def test_what_is_too_short_or_of_no_country_is_no_account(text: str) -> None:
    assert accounts_in(text) == ()


@pytest.mark.parametrize("text", ["DE 136 695 976", "CHE-123.456.788 MWST", "NL810433941B01", "ATU13585627", "FR 40 303265045"])
def test_vat_ids_are_found_however_they_are_grouped(text: str) -> None:
    assert len(vat_ids_in(f"x: {text}")) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 2 juillet 2031", "2031-07-02"),
        ("1er août 2031", "2031-08-01"),
        ("3 de mayo de 2031", "2031-05-03"),
        ("7 gennaio 2031", "2031-01-07"),
    ],
)
def test_dates_are_read_in_languages_that_receipts_have_no_pack_for(text: str, day: str) -> None:
    assert [one.value for one in dates_on(text)] == [day]


def test_an_article_number_is_no_currency() -> None:
    assert currency_on("KR3M 4,00\nKR4M 5,00\nBetrag EUR 9,00") == "EUR"


@given(st.text(alphabet="Invoice no.|:1234567890,.€-/\n totaldue", max_size=300))
def test_no_page_stops_the_reader(text: str) -> None:
    for found in read(text or "x").values():
        assert all(0 <= one.confidence <= 1 and one.evidence is not None for one in found)
