"""Receipts and mails to read from, written for these tests, and the form they fill."""

from typing import Annotated, Literal

from baton.documents.layout import rows_of
from baton.documents.text import page_of_text
from baton.readers.fields import Defect, Means, Product, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller, Serial, fields_of
from baton.readers.reader import Role, Source
from baton.types.documents import Document, Page, Reading, Word
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId


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


def mail(text: str, subject: str = "Warranty claim") -> Source:
    """A customer's mail."""
    document = Document(id=DocumentId("mail"), name="mail.txt", media_type="text/plain", size=len(text))
    reading = Reading(document=document.id, how="text", reader="test", pages=(page_of_text(text),))
    return Source(document=document, reading=reading, role="mail_body", subject=subject)


def receipt(text: str, role: Role = "receipt", name: str = "receipt", hidden: tuple[str, ...] = ()) -> Source:
    """A printed receipt: one row a line, `|` parts columns. Words in `hidden` are in the file but not on the page."""
    words = [word for number, line in enumerate(text.strip().split("\n")) for word in _printed(line, number, hidden)]
    page = Page(number=1, width=400, height=800, text=text, words=tuple(words), lines=tuple(rows_of(words, 400, 800)))
    document = Document(id=DocumentId(name), name=f"{name}.pdf", media_type="application/pdf", size=1)
    return Source(document=document, reading=Reading(document=document.id, how="text_layer", reader="test", pages=(page,)), role=role)


def _printed(line: str, number: int, hidden: tuple[str, ...]) -> list[Word]:
    words = []
    for column, cell in enumerate(line.split("|")):
        left = 10 + 130 * column
        for text in cell.split():
            right, top, bottom = left + 5 * len(text), 12 * number, 12 * number + 9
            polygon = tuple((x / 400, y / 800) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)))
            words.append(Word(text=text, polygon=polygon, hidden=text in hidden))
            left = right + 4
    return words


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


def test_a_form_says_in_its_types_how_each_field_is_read() -> None:
    kinds = {field.name: field.kind for field in fields_of(Claim)}
    assert kinds == {
        "product": "product",
        "serial": "serial",
        "seller": "seller",
        "purchased": "date",
        "paid": "money",
        "receipt_number": "receipt_number",
        "defect": "defect",
        "wish": "choice",
    }


def test_plain_types_are_enough_for_a_form() -> None:
    class Plain(Frozen):
        seller: str | None
        bought: PurchaseDate | None
        wish: Literal["repair", "refund"] | None

    seller, bought, wish = fields_of(Plain)
    assert (seller.kind, bought.kind, wish.kind) == ("seller", "date", "choice")
    assert wish.options == ("repair", "refund")
