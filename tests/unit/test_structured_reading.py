from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel

from baton.documents.store import MemoryStore
from baton.readers.fields import Identifier, fields_of
from baton.readers.reader import Source
from baton.readers.structured.checks import sums_that_fail
from baton.readers.structured.embedded import embedded_invoices
from baton.readers.structured.invoice import Invoice
from baton.readers.structured.read import NoInvoice, read_invoice
from baton.readers.structured.reader import StructuredReader
from baton.readers.structured.source import places_in_xml, source_of
from baton.readers.structured.terms import Term, terms_of
from baton.types.money import Money
from samples.billing import Bill as Paper
from samples.billing import ubl
from samples.facturx import facturx
from samples.papers import SupplierPaper
from samples.story import load_stories

DATA = Path(__file__).parents[1] / "data" / "einvoices"


class Bill(BaseModel):
    invoice_number: str | None = None
    when: Annotated[date, Term(id="BT-2")] | None = None
    total: Money | None = None
    iban: Identifier | None = None
    lines: int | None = None
    mood: str | None = None


def read(name: str) -> Invoice:
    return read_invoice((DATA / name).read_bytes()).invoice


def source(name: str) -> Source:
    data = (DATA / name).read_bytes()
    return source_of(MemoryStore().put(data, name, "application/xml"), data)


def test_the_header_of_an_invoice_is_read_by_type() -> None:
    invoice = read("invoice.ubl.xml")
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("HB-2031-0417", date(2031, 3, 5), date(2031, 4, 4))
    seller = invoice.seller
    assert (seller.name, seller.vat_id, seller.tax_number) == ("Harbour Bricks GmbH", "DE136695976", "22/815/0815")
    assert (invoice.order, invoice.sales_order, invoice.object) == ("PO-88123", "SO-5", "METER-7")
    assert [note.model_dump() for note in invoice.notes] == [{"subject": "REG", "text": "Kiln registered in Exampletown"}]


def test_sums_in_two_currencies_are_not_mixed() -> None:
    totals = read("invoice.ubl.xml").totals
    assert (totals.tax, totals.tax_in_accounting_currency) == (Decimal("234.65"), Decimal("2600.10"))
    assert (totals.net, totals.gross, totals.payable) == (Decimal("1235.00"), Decimal("1469.65"), Decimal("1369.65"))


def test_allowances_and_charges_are_told_apart() -> None:
    invoice = read("invoice.ubl.xml")
    assert [(one.reason, one.amount) for one in invoice.allowances] == [("loyalty", Decimal("20.00"))]
    assert [(one.reason, one.amount) for one in invoice.charges] == [("freight", Decimal(50))]


def test_the_same_invoice_in_both_syntaxes_is_the_same_invoice() -> None:
    assert read("invoice.ubl.xml").model_dump() == read("invoice.cii.xml").model_dump()


def test_lines_keep_their_order_line_quantity_unit_and_price() -> None:
    first, second = read("invoice.cii.xml").lines
    assert (first.order_line, first.quantity, first.unit, first.price) == ("10", Decimal(1000), "H87", Decimal("0.905"))
    assert (second.name, second.net) == ("Unloading crew", Decimal("300.00"))


def test_a_credit_note_is_read_like_an_invoice() -> None:
    note = read("credit_note.ubl.xml")
    assert (note.number, note.type_code) == ("CN-9001", "381")
    assert (note.lines[0].quantity, note.totals.gross) == (Decimal(110), Decimal("119.00"))


def test_the_first_zugferd_is_read_by_its_older_names() -> None:
    old = read("zugferd1.xml")
    assert (old.number, old.order, old.issue_date, old.totals.gross) == ("OLD-1", "PO-3", date(2014, 6, 30), Decimal("18.80"))
    assert (old.lines[0].net, old.charges[0].reason, old.charges[0].amount) == (Decimal("10.00"), "freight", Decimal("5.80"))


def test_every_value_stands_where_its_path_says() -> None:
    text = (DATA / "invoice.ubl.xml").read_text("utf-8")
    found = read_invoice(text.encode())
    assert found.places["payments[1].account"].path == "/Invoice/cac:PaymentMeans[2]/cac:PayeeFinancialAccount/cbc:ID"
    assert found.places["lines[0].unit"].path == "/Invoice/cac:InvoiceLine/cbc:InvoicedQuantity/@unitCode"
    of_elements = [place for place in found.places.values() if "@" not in place.path]
    assert len(of_elements) > 60
    assert [place.path for place in of_elements if text[slice(*place.span)].strip() != place.text] == []


def test_every_field_says_which_term_of_en_16931_it_is() -> None:
    assert Invoice.model_fields["number"].description == "invoice number (BT-1)"
    assert all("(" in (field.description or "") for field in Invoice.model_fields.values())


def test_a_date_that_is_none_is_left_out_and_told() -> None:
    data = (DATA / "invoice.ubl.xml").read_bytes().replace(b"<cbc:IssueDate>2031-03-05", b"<cbc:IssueDate>2031-13-05")
    found = read_invoice(data)
    assert found.invoice.issue_date is None
    assert found.problems == ("`/Invoice/cbc:IssueDate` says `2031-13-05`, which is no date",)


@pytest.mark.parametrize("amount", ["1e9", "NaN", "Infinity", "1,000.00", "0x10", "12.3.4"])
def test_an_amount_in_another_spelling_than_xmls_is_not_guessed(amount: str) -> None:
    before = b'TaxInclusiveAmount currencyID="EUR">'
    data = (DATA / "credit_note.ubl.xml").read_bytes().replace(before + b"119.00", before + amount.encode())
    found = read_invoice(data)
    assert found.invoice.totals.gross is None
    assert len(found.problems) == 1


def test_xml_that_is_no_invoice_is_refused_by_its_name() -> None:
    with pytest.raises(NoInvoice, match="`Order`"):
        read_invoice(b'<Order xmlns="urn:x"/>')


def test_an_invoice_element_of_another_namespace_is_no_invoice() -> None:
    with pytest.raises(NoInvoice):
        read_invoice(b'<Invoice xmlns="urn:mine"><ID>1</ID></Invoice>')


def test_sums_that_add_up_are_not_complained_about() -> None:
    assert sums_that_fail(read("invoice.ubl.xml")) == ()


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        (b"905.00", b"906.00", "BR-CO-10"),
        (b'TaxExclusiveAmount currencyID="EUR">1235.00', b'TaxExclusiveAmount currencyID="EUR">1236.00', "BR-CO-13"),
        (b'TaxInclusiveAmount currencyID="EUR">1469.65', b'TaxInclusiveAmount currencyID="EUR">1470.65', "BR-CO-15"),
        (b'PayableAmount currencyID="EUR">1369.65', b'PayableAmount currencyID="EUR">1469.65', "BR-CO-16"),
    ],
)
def test_a_sum_that_does_not_add_up_names_the_rule(was: bytes, now: bytes, rule: str) -> None:
    invoice = read_invoice((DATA / "invoice.ubl.xml").read_bytes().replace(was, now)).invoice
    assert any(rule in problem for problem in sums_that_fail(invoice))


def test_any_form_is_filled_by_the_terms_its_fields_ask_for() -> None:
    keyed = StructuredReader().read(Bill, [source("invoice.cii.xml")])
    assert {name: [one.value for one in found] for name, found in keyed.items()} == {
        "invoice_number": ["HB-2031-0417"],
        "when": ["2031-03-05"],
        "total": [{"amount": "1469.65", "currency": "EUR"}],
        "iban": ["DE89370400440532013000", "AT611904300234573201"],
        "lines": [2],
    }
    assert keyed["iban"][0].confidence > 0.9 > 0.5 > keyed["iban"][1].confidence
    assert terms_of(Bill) == {"invoice_number": "BT-1", "when": "BT-2", "total": "BT-112", "iban": "BT-84", "lines": "BG-25"}


def test_a_value_read_from_xml_is_grounded_at_its_own_element_first() -> None:
    one = source("invoice.ubl.xml")
    total = next(field for field in fields_of(Bill) if field.name == "total")
    places = list(places_in_xml(total, {"amount": "1469.65", "currency": "EUR"}, one))
    assert places[0].path == "/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"
    assert list(places_in_xml(total, {"amount": "1469.65", "currency": "SEK"}, one)) == []
    assert list(places_in_xml(total, {"amount": "1469.66", "currency": "EUR"}, one)) == []


def test_a_broken_document_fills_nothing_and_stops_nothing() -> None:
    broken = source_of(MemoryStore().put(b"<Invoice", "a.xml", "application/xml"), b"<Invoice")
    keyed = StructuredReader().read(Bill, [broken, source("credit_note.ubl.xml")])
    assert [one.value for one in keyed["invoice_number"]] == ["CN-9001"]


def test_a_sample_says_the_same_in_ubl_in_cii_and_inside_its_page() -> None:
    paper = next(one for story in load_stories() for one in story.attachments if one.name == "factuur-HK-21077.pdf")
    assert isinstance(paper, SupplierPaper)
    vendor = {"name": "Havelaar & Zn", "email": "a@b.example", "tax_rate": "21", "currency": "EUR"}
    paper = paper.model_copy(update={"freight": Decimal(15)})
    bill = Paper(paper, vendor, [{"supplier": paper.supplier, "number": "NL91ABNA0417164300"}], date(2026, 3, 2))
    [inside] = embedded_invoices(facturx(bill))
    read = read_invoice(inside.data)
    assert (read.syntax, read.problems) == ("cii", ())
    twin = read_invoice(ubl(bill))
    for name in (
        "number",
        "issue_date",
        "order",
        "currency",
        "seller.name",
        "totals.payable",
        "totals.net",
        "charges[0].amount",
        "lines[0].net",
    ):
        assert read.value(name) == twin.value(name) is not None, name
