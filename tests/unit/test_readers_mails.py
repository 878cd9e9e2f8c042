"""What is read from customers' mails in English, German and Dutch."""

from typing import Annotated, Literal

import pytest

from baton.documents.text import page_of_text
from baton.readers.fields import Defect, Means, Product, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller, Serial
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

KETTLE_MAIL = """Dear customer service,

On 12 March 2025 I bought a Nordhall K2 kettle from Brightwater Electrics in Leeds. I paid
£49.90 for it. Since last week it no longer heats the water and
it switches itself off after a few seconds. The serial number is NK2-4471-0098.

I would like a replacement rather than a gift card.

Kind regards,
Martha Quill
"""

RULES = RulesReader()

GERMAN = """Sehr geehrte Damen und Herren,

am 3. Februar 2025 habe ich bei Elektro Brandt GmbH die Kaffeemaschine Aroma 300 gekauft
und dafür 189,00 € bezahlt. Seit gestern läuft unten Wasser aus und die Maschine heizt
nicht mehr. Seriennummer: AR300-55821.

Den Kassenbon finden Sie im Anhang. Ich möchte gern eine Reparatur, keinen Gutschein.

Mit freundlichen Grüßen
Jonas Weber
"""

DUTCH = """Beste,

Op 5 mei 2024 heb ik bij Witgoed Janssen B.V. een stofzuiger Sirocco S5 gekocht voor € 129,95.
Hij doet het niet meer: na een paar minuten valt hij uit. Serienummer SR5-009134.
De bon zit in de bijlage. Ik zou graag een cadeaubon krijgen.

Met vriendelijke groet,
Els de Wit
"""


class Claim(Frozen):
    """A form as a process file writes it."""

    product: Product | None = None
    serial: Serial | None = None
    seller: Seller | None = None
    purchased: PurchaseDate | None = None
    paid: ReceiptTotal | None = None
    receipt_number: ReceiptNumber | None = None
    defect: Defect | None = None
    wish: Annotated[
        Literal["gift_card", "repair", "replacement", "goodwill"] | None,
        Means(
            {
                "gift_card": ("gift card", "voucher", "Gutschein", "cadeaubon"),
                "repair": ("repair", "Reparatur", "reparatie"),
                "replacement": ("replacement", "Ersatz", "vervanging"),
                "goodwill": ("goodwill", "Kulanz", "coulance"),
            }
        ),
    ] = None


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


def read(text: str) -> Filled[Claim]:
    return key(Claim, [mail(text)], [RULES])


def field(filled: Filled[Claim], name: str) -> FieldFinding:
    return next(one for one in filled.fields if one.name == name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            KETTLE_MAIL,
            {
                "product": "Nordhall K2 kettle",
                "serial": "NK2-4471-0098",
                "seller": "Brightwater Electrics",
                "purchased": "2025-03-12",
                "paid": "49.90 GBP",
                "defect": "Since last week it no longer heats the water and it switches itself off after a few seconds.",
                "wish": "replacement",
            },
        ),
        (
            GERMAN,
            {
                "product": "Kaffeemaschine Aroma 300",
                "serial": "AR300-55821",
                "seller": "Elektro Brandt GmbH",
                "purchased": "2025-02-03",
                "paid": "189.00 EUR",
                "defect": "Seit gestern läuft unten Wasser aus und die Maschine heizt nicht mehr.",
                "wish": "repair",
            },
        ),
        (
            DUTCH,
            {
                "product": "stofzuiger Sirocco S5",
                "serial": "SR5-009134",
                "seller": "Witgoed Janssen B.V.",
                "purchased": "2024-05-05",
                "paid": "129.95 EUR",
                "defect": "Hij doet het niet meer: na een paar minuten valt hij uit.",
                "wish": "gift_card",
            },
        ),
    ],
)
def test_a_claim_is_read_from_a_customers_words(text: str, expected: dict[str, str]) -> None:
    filled = read(text)
    assert {name: str(getattr(filled.values, name)) for name in expected} == expected
    for name in expected:
        finding = field(filled, name)
        assert finding.grounded, name
        assert finding.evidence is not None
        assert finding.evidence.span is not None
        first, last = finding.evidence.span
        assert " ".join(text[first:last].split()) == finding.evidence.text


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("I bought the Pebble Kettle 1.7 L from your shop.", "Pebble Kettle 1.7 L"),
        ("My Swift Vacuum (S/N VC30-118207) has given up.", "Swift Vacuum"),
        ("The Crema Machine that I bought in Rotterdam leaks. Sadly my Crema Machine that I bought is broken.", "Crema Machine"),
        ("The serial number is DH12-073341 and I bought it in Dublin.", "None"),
        ("Mijn Zephyr Fan die ik heb gekocht is kapot.", "Zephyr Fan"),
    ],
)
def test_the_product_is_named_without_what_stands_around_it(text: str, product: str) -> None:
    assert str(read(text).values.product) == product


def test_sentences_that_begin_small_are_told_apart() -> None:
    filled = read("hi, the fan sparks when you turn it on. serial number is MW25-140362. bought it in june.")
    assert filled.values.defect == "hi, the fan sparks when you turn it on."


def test_labelled_lines_are_read() -> None:
    lines = [
        "Product: Polar PH-200",
        "Purchase date: 2023-01-14",
        "Price: 89.00 EUR",
        "Shop: Haus & Heim KG",
        "It smells of burning.",
    ]
    filled = read("\n".join(lines))
    values = filled.values
    assert (values.product, values.seller, str(values.purchased), str(values.paid)) == (
        "Polar PH-200",
        "Haus & Heim KG",
        "2023-01-14",
        "89.00 EUR",
    )


def test_quoted_mail_below_is_not_the_senders_word() -> None:
    history = "On 3 May 2024 Service wrote:\n> Bought on 01/01/2020, serial AB-12345\n> I want a repair."
    filled = read(f"My Polar heater leaks.\n\n{history}")
    assert filled.values.serial is None
    assert filled.values.purchased is None
    assert filled.values.wish is None


def test_what_the_sender_does_not_want_is_no_wish() -> None:
    assert read("I do not want a repair. I would like a voucher.").values.wish == "gift_card"


def test_several_wishes_are_a_guess_that_keeps_them_all() -> None:
    finding = field(read("I would like a repair or a replacement."), "wish")
    assert finding.value == "repair"
    assert [keyed.value for keyed in finding.readings] == ["repair", "replacement"]
    assert finding.confidence < 0.7


def test_a_repair_as_goodwill_asks_for_goodwill() -> None:
    assert read("The warranty ended in May; could you repair it as goodwill?").values.wish == "goodwill"


def test_the_wish_for_an_amount_is_not_what_was_paid() -> None:
    assert read("I want a gift card of 389 EUR.").values.paid is None


def test_the_receipts_word_outranks_the_mails_and_two_plain_words_are_a_dispute() -> None:
    filled = key(Claim, [mail(KETTLE_MAIL.replace("12 March", "13 March")), receipt(KETTLE_RECEIPT)], [RULES])
    finding = field(filled, "purchased")
    assert finding.value == "2025-03-12"
    assert finding.agreement == "disputed"
    assert any("in dispute" in note and "2025-03-13" in note for note in filled.notes)


def test_the_same_word_in_mail_and_receipt_confirms_it() -> None:
    filled = key(Claim, [mail(KETTLE_MAIL), receipt(KETTLE_RECEIPT)], [RULES])
    for name in ("seller", "purchased", "paid"):
        finding = field(filled, name)
        assert (finding.agreement, finding.confirmed) == ("single", True), name
        assert finding.evidence is not None
        assert finding.evidence.document == "receipt"


def test_the_mail_settles_an_ambiguous_date_on_the_receipt() -> None:
    kiosk = receipt("CORNER KIOSK\nDate 04/05/2024\nTOTAL||3.70")
    filled = key(Claim, [mail("I bought it on 5 April 2024 and it broke."), kiosk], [RULES])
    finding = field(filled, "purchased")
    assert (finding.value, finding.agreement, finding.confirmed) == ("2024-04-05", "single", True)


def test_an_empty_mail_gives_an_empty_form() -> None:
    filled = read("")
    assert filled.values == Claim()
    assert {finding.agreement for finding in filled.fields} == {"missing"}
