"""What is read from receipts: the amount paid, the date, the seller, numbers."""

import pytest
from test_readers_samples import KETTLE_MAIL, KETTLE_RECEIPT, Claim, mail, receipt

from baton.readers.finding import Filled, key
from baton.readers.rules import RulesReader
from baton.types.findings import FieldFinding

RULES = RulesReader()


def read(*texts: str) -> Filled[Claim]:
    return key(Claim, [receipt(text, name=f"r{number}") for number, text in enumerate(texts)], [RULES])


def field(filled: Filled[Claim], name: str) -> FieldFinding:
    return next(one for one in filled.fields if one.name == name)


def paid(text: str) -> str:
    return str(read(text).values.paid)


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ("Kettle||RM20.00\nSUBTOTAL||20.00\nGST 6%||1.20\nTOTAL||21.20\nCASH||50.00\nCHANGE||28.80", "21.20 MYR"),
        ("Kettle||RM19.99\nTOTAL||19.99\nROUNDING ADJ||0.01\nROUNDING||20.00\nCASH||20.00\nCHANGE||0.00", "20.00 MYR"),
        ("Kettle||RM27.28\nTOTAL SALES (INCLUSIVE GST)||27.28\nROUNDING||.02\nROUNDED TOTAL||27.30\nCASH||30.00\nCHANGE||2.70", "27.30 MYR"),
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
    filled = key(Claim, [mail("My Nordhall K2 kettle stopped working."), receipt(KETTLE_RECEIPT)], [RULES])
    finding = field(filled, "paid")
    assert str(filled.values.paid) == "49.90 GBP"
    assert finding.agreement == "single"
    assert {"amount": "55.90", "currency": "GBP"} in [keyed.value for keyed in finding.readings]
    assert any("could also be 55.90 GBP" in note for note in filled.notes)


def test_the_total_is_what_was_paid_when_the_mail_names_nothing_on_the_receipt() -> None:
    filled = key(Claim, [mail("My Polar heater is broken."), receipt(KETTLE_RECEIPT)], [RULES])
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
        assert finding.evidence.polygons, name


def test_the_date_of_purchase_is_not_the_date_of_printing_or_delivery() -> None:
    filled = read("SHOP GMBH\nLieferdatum: 20.03.2025\nRechnungsdatum: 14.03.2025\nSumme||10,00 EUR\nGedruckt am 21.03.2025")
    assert str(filled.values.purchased) == "2025-03-14"


def test_an_ambiguous_date_is_unsure_and_keeps_both_readings() -> None:
    filled = read("CORNER KIOSK\nDate 04/05/2024\nTOTAL||3.70")
    finding = field(filled, "purchased")
    assert [keyed.value for keyed in finding.readings] == ["2024-05-04", "2024-04-05"]
    assert finding.confidence < 0.9
    assert finding.agreement == "single"


def test_another_date_on_the_receipt_settles_the_order_of_day_and_month() -> None:
    filled = read("CORNER KIOSK\nDate 04/05/2024\nReturn by 05/18/2024\nTOTAL||3.70")
    assert str(filled.values.purchased) == "2024-04-05"
    assert len(field(filled, "purchased").readings) == 1


@pytest.mark.parametrize(
    ("head", "seller"),
    [
        ("TAN WOON YANN\nBOOK TA .K SDN BHD\n789417-W\n12, JALAN SAGU 18,", "BOOK TA .K SDN BHD"),
        ("TAX INVOICE\nHOME MASTER HARDWARE &\nELECTRICAL\nNO.113G JALAN SETIA 1,", "HOME MASTER HARDWARE & ELECTRICAL"),
        ("MPH BOOKSTORES\nSDN BHD\nGST NO: 000542572544", "MPH BOOKSTORES SDN BHD"),
        ("Elektro Brandt GmbH\nHauptstraße 5\n10115 Berlin", "Elektro Brandt GmbH"),
        ("Kassabon\nWitgoed Janssen B.V.\nKerkstraat 3, 3511 AB Utrecht", "Witgoed Janssen B.V"),
        ("99 SPEED MART S/B (519537-X)\nLOT P.T. 2811, JALAN ANGSA,", "99 SPEED MART S/B"),
    ],
)
def test_the_seller_is_the_name_above_the_address(head: str, seller: str) -> None:
    assert read(f"{head}\nKettle||20.00\nTOTAL||20.00").values.seller == seller


def test_hidden_words_are_neither_read_nor_do_they_ground_a_value() -> None:
    text = "SHOP LTD\nKettle||£20.00\nTOTAL||£20.00\nGRAND TOTAL||£900.00"
    filled = key(Claim, [receipt(text, hidden=("GRAND", "£900.00"))], [RULES])
    assert str(filled.values.paid) == "20.00 GBP"


def test_two_receipts_that_say_different_things_are_in_dispute() -> None:
    filled = read(KETTLE_RECEIPT, KETTLE_RECEIPT.replace("12/03/2025", "13/03/2025"))
    finding = field(filled, "purchased")
    assert finding.agreement == "disputed"
    assert finding.confidence <= 0.4
    assert {keyed.value for keyed in finding.readings} == {"2025-03-12", "2025-03-13"}


def test_a_letter_that_is_no_receipt_gives_only_guesses_about_the_purchase() -> None:
    letter = receipt("ACME REPAIR LTD\nDate: 01/02/2024\nThe board is burnt.", role="other", name="letter")
    filled = key(Claim, [mail(KETTLE_MAIL), receipt(KETTLE_RECEIPT), letter], [RULES])
    assert field(filled, "seller").agreement == "single"
    assert filled.values.seller == "BRIGHTWATER ELECTRICS LTD"
    assert field(filled, "purchased").agreement == "single"
