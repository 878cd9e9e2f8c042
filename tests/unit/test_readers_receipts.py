"""What is read from receipts: the amount paid, the date, the seller, numbers."""

import pytest

from baton.documents.text import page_of_text
from baton.readers.fields import Address, Product, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller
from baton.readers.finding import Filled, key
from baton.readers.reader import Role, Source
from baton.readers.rules import RulesReader
from baton.types.documents import Document, Reading
from baton.types.findings import FieldFinding
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

KETTLE_RECEIPT = """
BRIGHTWATER ELECTRICS LTD
14 Mill Street, Leeds LS1 4AB
VAT No. 123 4567 89
Receipt No: BW-20931
Date: 12/03/2025 14:22
Nordhall K2 Kettle||49.90
Batteries AA 4 pack||6.00
SUBTOTAL||55.90
TOTAL||£55.90
CASH||£60.00
CHANGE||£4.10
"""

RULES = RulesReader()


class Purchase(Frozen):
    """What a receipt tells."""

    product: Product | None = None
    seller: Seller | None = None
    purchased: PurchaseDate | None = None
    paid: ReceiptTotal | None = None
    receipt_number: ReceiptNumber | None = None


def source(text: str, role: Role, name: str) -> Source:
    """A plain text in a role; tabs part the columns of a receipt."""
    document = Document(id=DocumentId(name), name=f"{name}.txt", media_type="text/plain", size=len(text))
    reading = Reading(document=document.id, how="text", reader="test", pages=(page_of_text(text.strip("\n")),))
    return Source(document=document, reading=reading, role=role)


def mail(text: str) -> Source:
    """A customer's mail."""
    return source(text, "mail_body", "mail")


def receipt(text: str, name: str = "receipt", role: Role = "receipt") -> Source:
    """A receipt; `|` parts columns."""
    return source(text.replace("|", "\t"), role, name)


def read(*texts: str) -> Filled[Purchase]:
    return key(Purchase, [receipt(text, name=f"r{number}") for number, text in enumerate(texts)], [RULES])


def field(filled: Filled[Purchase], name: str) -> FieldFinding:
    return next(one for one in filled.fields if one.name == name)


def paid(text: str) -> str:
    return str(read(text).values.paid)


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ("Kettle||RM20.00\nSUBTOTAL||20.00\nGST 6%||1.20\nTOTAL||21.20\nCASH||50.00\nCHANGE||28.80", "21.20 MYR"),
        ("Kettle||RM19.99\nTOTAL||19.99\nROUNDING ADJ||0.01\nROUNDING||20.00\nCASH||20.00\nCHANGE||0.00", "20.00 MYR"),
        (
            "Kettle||RM27.28\nTOTAL SALES INCL GST||27.28\nROUNDING||.02\nNETT TOTAL||27.30\nCASH||30.00\nCHANGE||2.70",
            "27.30 MYR",
        ),
        ("Kettle||RM30.00\nTOTAL QTY||2.00\nTOTAL||30.00\nDISCOUNT||-3.00\nNETT TOTAL||27.00\nVISA||27.00", "27.00 MYR"),
        ("Kettle||RM10.00\nTOTAL||10.00\nCASH||10.00\nGST SUMMARY|AMOUNT|TAX\nTOTAL|9.43|0.57", "10.00 MYR"),
        ("Kaffeemaschine||189,00 EUR\nZwischensumme||189,00\nSumme||189,00\nBar||200,00\nRückgeld||11,00", "189.00 EUR"),
        ("Stofzuiger||€ 129,95\nSubtotaal||129,95\nTe betalen||129,95\nPin||129,95\nwaarvan BTW||22,55", "129.95 EUR"),
    ],
)
def test_the_amount_paid_is_told_from_subtotal_tax_cash_and_change(rows: str, amount: str) -> None:
    assert paid(f"SHOP LTD\n{rows}") == amount


def test_arithmetic_outweighs_a_label() -> None:
    text = "SHOP SDN BHD\nKettle||RM33.00\nTOTAL||60.60\nCOUPON||27.60\nGRAND TOTAL||33.00\nPAYMENT||50.00\nCHANGE DUE||17.00"
    filled = read(text)
    assert str(filled.values.paid) == "33.00 MYR"
    assert field(filled, "paid").confirmed


def test_an_amount_without_a_label_of_its_own_row_takes_the_one_below() -> None:
    assert paid("SHOP SDN BHD\nBread||3.70\n||21.85\nGRAND TOTAL\nCASH||50.00\nCHANGE||28.15") == "21.85 MYR"


def test_a_currency_that_nothing_tells_stays_unknown() -> None:
    assert paid("KIOSK\nBread||3.70\nTOTAL||3.70") == "3.70 XXX"


def test_the_price_of_the_claimed_item_is_read_and_the_total_stays_beside_it() -> None:
    filled = key(Purchase, [mail("My Nordhall K2 kettle stopped working."), receipt(KETTLE_RECEIPT)], [RULES])
    finding = field(filled, "paid")
    assert str(filled.values.paid) == "49.90 GBP"
    assert finding.agreement == "single"
    assert {"amount": "55.90", "currency": "GBP"} in [keyed.value for keyed in finding.readings]
    assert any("could also be 55.90 GBP" in note for note in filled.notes)


def test_the_total_is_what_was_paid_when_the_mail_names_nothing_on_the_receipt() -> None:
    filled = key(Purchase, [mail("My Polar heater is broken."), receipt(KETTLE_RECEIPT)], [RULES])
    assert str(filled.values.paid) == "55.90 GBP"


def test_a_receipt_gives_every_field_with_its_place() -> None:
    filled = read(KETTLE_RECEIPT)
    assert filled.values.seller == "BRIGHTWATER ELECTRICS LTD"
    assert str(filled.values.purchased) == "2025-03-12"
    assert filled.values.receipt_number == "BW-20931"
    for name in ("seller", "purchased", "paid", "receipt_number"):
        finding = field(filled, name)
        assert finding.grounded
        assert finding.evidence is not None
        assert finding.evidence.span is not None


def test_the_date_of_purchase_is_not_the_date_of_printing_or_delivery() -> None:
    filled = read("SHOP GMBH\nLieferdatum: 20.03.2025\nRechnungsdatum: 14.03.2025\nSumme||10,00 EUR\nGedruckt am 21.03.2025")
    assert str(filled.values.purchased) == "2025-03-14"


def test_an_ambiguous_date_is_in_dispute_and_keeps_both_readings() -> None:
    filled = read("CORNER KIOSK\nDate 04/05/2024\nTOTAL||3.70")
    finding = field(filled, "purchased")
    assert [keyed.value for keyed in finding.readings] == ["2024-05-04", "2024-04-05"]
    assert finding.confidence < 0.9
    assert finding.agreement == "disputed"


def test_another_date_on_the_receipt_settles_the_order_of_day_and_month() -> None:
    filled = read("CORNER KIOSK\nDate 04/05/2024\nReturn by 05/18/2024\nTOTAL||3.70")
    assert str(filled.values.purchased) == "2024-04-05"
    assert len(field(filled, "purchased").readings) == 1


@pytest.mark.parametrize(
    ("head", "seller"),
    [
        ("LIM AH SENG\nKEDAI BUKU ARIF SDN BHD\n654321-W\n12, JALAN MELATI 8,", "KEDAI BUKU ARIF SDN BHD"),
        ("TAX INVOICE\nRIMBA JAYA HARDWARE &\nELECTRICAL\nNO.11 JALAN MAWAR 1,", "RIMBA JAYA HARDWARE & ELECTRICAL"),
        ("PUSTAKA SURIA\nSDN BHD\nGST NO: 000111222333", "PUSTAKA SURIA SDN BHD"),
        ("Elektro Brandt GmbH\nHauptstraße 5\n10115 Berlin", "Elektro Brandt GmbH"),
        ("Kassabon\nWitgoed Janssen B.V.\nKerkstraat 3, 3511 AB Utrecht", "Witgoed Janssen B.V"),
        ("77 CITY MART S/B (123456-X)\nLOT P.T. 11, JALAN KENANGA,", "77 CITY MART S/B"),
        ("FIVE LANTERNS\nBistro & Cafe\nNO.11 JALAN MAWAR 1,", "FIVE LANTERNS"),
        ("Lone Pine Diner Inc.\nStore 12345\n836 County Road 24, Boise, ID 68658", "Lone Pine Diner Inc"),
        ("Van Loon Wonen KvK 12345678\nParklaan 8, 8883 RB Utrecht", "Van Loon Wonen"),
        ("Redwell Home\n& Garden Limited\nReg. in England 76825939\n47A Victoria Avenue", "Redwell Home & Garden Limited"),
        ("siti ah\nKEDAI ANGGERIK\n654321-W\n12, JALAN MELATI 8,", "KEDAI ANGGERIK"),
        ("TIGA SUKU SDN BHD (1U79369-P)\n12, JALAN MELATI 8,", "TIGA SUKU SDN BHD"),
        ("KEDAI BUKU ARIF S/B 273500-U (GKJ)\nLOT NO. G23, JALAN MELATI 8,", "KEDAI BUKU ARIF S/B"),
        ("SIX GRAM TEA CO. THE HARBOUR MALL\nF.K06, FIRST FLOOR, JALAN MELATI 8,", "SIX GRAM TEA CO"),
    ],
)
def test_the_seller_is_the_name_above_the_address(head: str, seller: str) -> None:
    assert read(f"{head}\nKettle||20.00\nTOTAL||20.00").values.seller == seller


def test_two_receipts_that_say_different_things_are_in_dispute() -> None:
    filled = read(KETTLE_RECEIPT, KETTLE_RECEIPT.replace("12/03/2025", "13/03/2025"))
    finding = field(filled, "purchased")
    assert finding.agreement == "disputed"
    assert finding.confidence <= 0.4
    assert {keyed.value for keyed in finding.readings} == {"2025-03-12", "2025-03-13"}


def test_a_letter_that_is_no_receipt_gives_only_guesses_about_the_purchase() -> None:
    letter = receipt("ACME REPAIR LTD\nDate: 01/02/2024\nThe board is burnt.", "letter", "other")
    filled = key(Purchase, [receipt(KETTLE_RECEIPT), letter], [RULES])
    assert field(filled, "seller").agreement == "single"
    assert filled.values.seller == "BRIGHTWATER ELECTRICS LTD"
    assert field(filled, "purchased").agreement == "single"


class Shop(Frozen):
    """Who sold it and where."""

    seller: Seller | None = None
    address: Address | None = None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "SERI MAJU SDN BHD\n(123456-X)\nNo. 12, Jalan Kenanga 3/4,\nTaman Megah,\n40150 Shah Alam, Selangor\nTEL: 03-5512345",
            "No. 12, Jalan Kenanga 3/4, Taman Megah, 40150 Shah Alam, Selangor",
        ),
        ("SERI MAJU TRADING\n31,31A, JALAN BESAR\n81300 SKUDAI\nInvoice No: 77", "31,31A, JALAN BESAR 81300 SKUDAI"),
        ("Elektro Brandt GmbH\nHauptstraße 8\n50667 Köln\nTel. 0221 123456\nSUMME||9,90", "Hauptstraße 8 50667 Köln"),
        ("BRIGHTWATER LTD\n14 Mill Street, Leeds LS1 4AB\nVAT No. 123 4567 89\nTOTAL||9.90", "14 Mill Street, Leeds LS1 4AB"),
        ("RELAIS CAFE\nAUTOROUTE DU NORD\n15000 VILLENEUVE\nTel. 05.22.95.66\nTotal||9.90", "AUTOROUTE DU NORD 15000 VILLENEUVE"),
        ("CORNER KIOSK\nDate 04/05/2024\nTea||3.70\nTOTAL||3.70", None),
    ],
)
def test_an_address_is_what_stands_between_the_name_and_how_to_reach_the_shop(text: str, address: str | None) -> None:
    filled = key(Shop, [receipt(text)], [RULES])
    assert filled.values.address == address
