import io
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from baton.documents.message import file_message
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
from baton.readers.reader import Source, pages_of
from baton.readers.structured.compare import Comparison, compare
from baton.readers.structured.embedded import NoPdfAttachments, embedded_invoices
from baton.readers.structured.read import read_invoice
from baton.types.documents import Reading
from baton.types.findings import FieldFinding
from baton.types.ids import DocumentId

XML = (Path(__file__).parents[1] / "data" / "einvoices" / "invoice.ubl.xml").read_bytes()
CREDIT = (Path(__file__).parents[1] / "data" / "einvoices" / "credit_note.ubl.xml").read_bytes()
XML_ID = DocumentId("f" * 64)
COLUMNS = (40, 260, 340, 440)

PAGE = """Harbour Bricks GmbH - Kiln Lane 4 - 20457 Exampletown
Bill to:
Alpine Builders AG
VAT ID customer: ATU13585627
Invoice no. HB-2031-0417|Invoice date|05.03.2031
Your order PO-88123|Due date|04.04.2031
Delivery date 01.03.2031
Description|Quantity|Price|Amount
Clay brick red|1000|0.905|905.00 EUR
Unloading crew|6|50.00|300.00 EUR
Sum of lines|||1,205.00 EUR
Loyalty discount|||-20.00 EUR
Freight|||50.00 EUR
Total without VAT|||1,235.00 EUR
VAT 19%|||234.65 EUR
Total incl. VAT|||1,469.65 EUR
Already paid|||100.00 EUR
Amount due|||1,369.65 EUR
VAT ID DE136695976
IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX
IBAN AT61 1904 3002 3457 3201"""

SEITE = """Harbour Bricks GmbH - Kiln Lane 4 - 20457 Exampletown
Rechnungsempfänger:
Alpine Builders AG
Ihre USt-IdNr.: ATU13585627
Rechnung Nr. HB-2031-0417 vom 5. März 2031
Bestellnummer: PO-88123|Zahlbar bis 04.04.2031
Bezeichnung|Menge|Einzelpreis|Betrag
Clay brick red|1000|0,905|905,00 €
Unloading crew|6|50,00|300,00 €
Positionssumme|||1.205,00 €
Rabatt|||-20,00 €
Fracht|||50,00 €
Summe netto|||1.235,00 €
zzgl. 19% USt.|||234,65 €
Rechnungsbetrag|||1.469,65 €
Bereits gezahlt|||100,00 €
Zahlbetrag|||1.369,65 €
USt-IdNr.: DE136695976
IBAN: DE89370400440532013000 oder AT611904300234573201"""


def printed(text: str) -> bytes:
    """A PDF page of these rows; a bar starts the next column."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Helvetica", 9)
    for number, row in enumerate(text.splitlines()):
        for column, cell in zip(COLUMNS, row.split("|"), strict=False):
            canvas.drawString(column, 800 - 16 * number, cell)
    canvas.save()
    return out.getvalue()


def page(text: str) -> Source:
    store = MemoryStore()
    document = store.put(printed(text), "invoice.pdf", "application/pdf")
    return Source(document=document, reading=read_document(document, store))


def against(text: str, xml: bytes = XML) -> Comparison:
    return compare(read_invoice(xml), XML_ID, page(text))


def disputed(text: str, xml: bytes = XML) -> list[str]:
    return [field.name for field in against(text, xml).disputed]


def attached(pdf: bytes, *files: tuple[str, bytes]) -> bytes:
    document = pdfium.PdfDocument(pdf)
    for name, data in files:
        document.new_attachment(name).set_data(data)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module", params=[PAGE, SEITE], ids=["english", "german"])
def both(request: pytest.FixtureRequest) -> tuple[str, Source]:
    return request.param, page(request.param)


def test_a_page_that_says_what_its_xml_says_is_agreed_in_every_field(both: tuple[str, Source]) -> None:
    fields = compare(read_invoice(XML), XML_ID, both[1]).fields
    assert {field.name: field.agreement for field in fields} == dict.fromkeys([field.name for field in fields], "agreed")
    names = {field.name for field in fields}
    assert {"number", "totals.gross", "lines[1].net", "payments[1].account", "seller.vat_id", "currency"} <= names


CHANGES = [
    ("number", b"<cbc:ID>HB-2031-0417<", b"<cbc:ID>HB-2031-0471<"),
    ("issue_date", b"IssueDate>2031-03-05<", b"IssueDate>2031-03-06<"),
    ("issue_date", b"IssueDate>2031-03-05<", b"IssueDate>2031-04-04<"),
    ("due_date", b"DueDate>2031-04-04<", b"DueDate>2031-03-05<"),
    ("order", b"PO-88123", b"PO-88132"),
    ("currency", b"DocumentCurrencyCode>EUR<", b"DocumentCurrencyCode>USD<"),
    ("seller.vat_id", b"DE136695976", b"DE136695967"),
    ("buyer.vat_id", b"ATU13585627", b"ATU13585672"),
    ("payments[0].account", b"DE89370400440532013000", b"DE02120300000000202051"),
    ("totals.gross", b'TaxInclusiveAmount currencyID="EUR">1469.65', b'TaxInclusiveAmount currencyID="EUR">1496.65'),
    ("totals.gross", b'TaxInclusiveAmount currencyID="EUR">1469.65', b'TaxInclusiveAmount currencyID="EUR">1235.00'),
    ("totals.net", b'TaxExclusiveAmount currencyID="EUR">1235.00', b'TaxExclusiveAmount currencyID="EUR">1235.10'),
    ("totals.tax", b'TaxTotal><cbc:TaxAmount currencyID="EUR">234.65', b'TaxTotal><cbc:TaxAmount currencyID="EUR">234.66'),
    ("totals.payable", b'PayableAmount currencyID="EUR">1369.65', b'PayableAmount currencyID="EUR">1639.65'),
    ("lines[0].net", b'LineExtensionAmount currencyID="EUR">905.00', b'LineExtensionAmount currencyID="EUR">950.00'),
]


@pytest.mark.parametrize(("name", "was", "now"), CHANGES, ids=[f"{name}:{now[-12:].decode()}" for name, _, now in CHANGES])
def test_a_field_that_the_xml_tells_otherwise_than_the_page_is_disputed(
    both: tuple[str, Source], name: str, was: bytes, now: bytes
) -> None:
    assert was in XML
    found = compare(read_invoice(XML.replace(was, now, 1)), XML_ID, both[1])
    assert name in [field.name for field in found.disputed]


def test_a_dispute_keeps_both_readings_each_with_its_place() -> None:
    total = b'TaxInclusiveAmount currencyID="EUR">'
    (field,) = against(PAGE, XML.replace(total + b"1469.65", total + b"9469.65")).disputed
    own, theirs = readings(field)
    assert (own[0], own[1]) == ("9469.65", "/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
    assert "1469.65" in theirs[0]
    assert theirs[1] == "1,469.65"
    assert field.confidence < 0.5


def readings(field: FieldFinding) -> list[tuple[str, str | None]]:
    return [(str(one.value), one.evidence and (one.evidence.path or one.evidence.text.split(" ")[0])) for one in field.readings]


def test_what_the_page_does_not_print_is_no_dispute() -> None:
    without = "\n".join(row for row in PAGE.splitlines() if not row.startswith(("IBAN", "Your order", "Delivery")))
    verdicts = {field.name: field.agreement for field in against(without).fields}
    assert (verdicts["payments[0].account"], verdicts["order"]) == ("single", "single")
    assert "disputed" not in verdicts.values()


def test_an_account_on_the_page_that_the_xml_does_not_know_is_a_dispute() -> None:
    assert disputed(PAGE.replace("DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19")) == ["payments[0].account"]


def test_a_page_without_the_number_or_the_total_that_every_invoice_prints_is_a_dispute() -> None:
    bare = "\n".join(row for row in PAGE.splitlines() if not row.startswith(("Invoice no", "Total", "Amount due")))
    names = disputed(bare)
    assert {"number", "issue_date", "totals.gross"} <= set(names)


def test_a_credit_note_may_print_its_sums_with_a_minus() -> None:
    text = "Harbour Bricks GmbH\nCredit note no. CN-9001|Date: 2031-04-01\nItem|Qty|Price|Amount\nClay brick red|110||-100.00 €\n"
    text += "Net total|||-100.00 €\nVAT total|||-19.00 €\nTotal|||-119.00 €"
    assert disputed(text, CREDIT) == []


def test_an_invoice_may_not() -> None:
    assert "totals.gross" in disputed(PAGE.replace("1,469.65", "-1,469.65"))


def test_a_page_without_words_cannot_be_compared_and_says_so() -> None:
    document = MemoryStore().put(b"%PDF-", "scan.pdf", "application/pdf")
    blank = Source(document=document, reading=Reading(document=document.id, how="unreadable", reader="none", pages=()))
    found = compare(read_invoice(XML), XML_ID, blank)
    assert found.fields == ()
    assert found.problem
    assert "look at both" in found.problem


def test_the_invoice_inside_a_pdf_is_found_among_other_attachments() -> None:
    pdf = attached(printed(PAGE), ("terms.txt", b"terms"), ("factur-x.xml", XML))
    assert [(one.name, one.data) for one in embedded_invoices(pdf)] == [("factur-x.xml", XML)]


def test_an_invoice_under_a_name_of_its_own_is_found_by_its_root() -> None:
    pdf = attached(printed("x"), ("data.xml", b"<catalogue/>"), ("rechnung.xml", CREDIT))
    assert [one.name for one in embedded_invoices(pdf)] == ["rechnung.xml"]


def test_two_invoices_in_one_pdf_both_come_out_the_newer_standard_first() -> None:
    pdf = attached(printed("x"), ("ZUGFeRD-invoice.xml", CREDIT), ("factur-x.xml", XML))
    assert [one.name for one in embedded_invoices(pdf)] == ["factur-x.xml", "ZUGFeRD-invoice.xml"]


def test_a_pdf_without_attachments_holds_no_invoice() -> None:
    assert embedded_invoices(printed("x")) == ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\x00" * 100])
def test_what_is_no_pdf_is_refused_clearly(data: bytes) -> None:
    with pytest.raises(NoPdfAttachments, match="cannot be opened"):
        embedded_invoices(data)


def test_hidden_text_on_the_page_agrees_with_nothing() -> None:
    rows: Sequence[str] = PAGE.splitlines()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number, row in enumerate(rows):
        canvas.setFont("Helvetica", 9)
        for column, cell in zip(COLUMNS, row.replace("1,469.65", "9,469.65").split("|"), strict=False):
            canvas.drawString(column, 800 - 16 * number, cell)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(40, 40, "Total incl. VAT 1,469.65 EUR")
    canvas.save()
    store = MemoryStore()
    document = store.put(out.getvalue(), "invoice.pdf", "application/pdf")
    found = compare(read_invoice(XML), XML_ID, Source(document=document, reading=read_document(document, store)))
    assert "totals.gross" in [field.name for field in found.disputed]


def test_the_invoice_inside_a_pdf_is_filed_beside_it() -> None:
    store = MemoryStore()
    mail = EmailMessage()
    mail["From"] = "sales@bricks.example"
    mail.set_content("Our invoice.")
    mail.add_attachment(attached(printed(PAGE), ("factur-x.xml", XML)), maintype="application", subtype="pdf", filename="HB.pdf")
    filed = file_message(bytes(mail), store).attachments
    assert [(one.name, one.media_type) for one in filed] == [
        ("HB.pdf", "application/pdf"),
        ("factur-x.xml in HB.pdf", "application/xml"),
    ]
    assert store.read(filed[1].id) == XML
    sources = [Source(document=one, reading=read_document(one, store), role="receipt") for one in filed]
    assert [source.reading.how for source in sources] == ["text_layer", "xml"]
    assert pages_of(sources) == sources[:1]
    assert pages_of(sources[1:]) == sources[1:]


def test_an_xml_is_read_without_its_annexes_and_refused_when_it_is_still_too_long() -> None:
    store = MemoryStore()
    annex = (
        b"<cbc:EmbeddedDocumentBinaryObject mimeCode='application/pdf'>"
        + b"QUJD" * 200_000
        + b"</cbc:EmbeddedDocumentBinaryObject>"
    )
    heavy, endless = XML.replace(b"<cbc:ID>", annex + b"<cbc:ID>", 1), XML.replace(b"<cbc:ID>", b"<cbc:ID>" + b"A" * 600_000, 1)
    read = [read_document(store.put(data, "invoice.xml", "application/xml"), store) for data in (heavy, endless)]
    assert read[0].how == "xml"
    assert read[0].pages[0].text.count("HB-2031-0417") == XML.decode().count("HB-2031-0417")
    assert (read[1].how, read[1].pages) == ("unreadable", ())
    assert read[1].problem
    assert "more than the 500,000 that are read" in read[1].problem


def test_the_date_in_the_heading_stands_against_the_xml_though_its_date_is_printed_elsewhere() -> None:
    xml = XML.replace(b"<cbc:IssueDate>2031-03-05", b"<cbc:IssueDate>2031-06-07")
    heading = "Rechnung (380) Nr. HB-2031-0417 vom 05.03.2031"
    text = SEITE.replace("Rechnung Nr. HB-2031-0417 vom 5. März 2031", heading) + "\n07.06.2031"
    assert xml != XML
    assert "issue_date" in disputed(text, xml)


def test_the_price_of_one_piece_is_not_what_a_line_comes_to() -> None:
    xml = XML.replace(b">905.00</cbc:LineExtensionAmount>", b">904.90</cbc:LineExtensionAmount>")
    assert xml != XML
    assert "lines[0].net" in disputed(SEITE.replace("1000|0,905", "1000|904,9000"), xml)
