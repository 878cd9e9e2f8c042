"""What a form asks for, told from its types."""

from typing import Literal

from baton.readers.fields import Defect, Product, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller, Serial, fields_of
from baton.types.frozen import Frozen


def test_a_form_says_in_its_types_how_each_field_is_read() -> None:
    class Claim(Frozen):
        product: Product | None
        serial: Serial | None
        seller: Seller | None
        purchased: PurchaseDate | None
        paid: ReceiptTotal | None
        receipt_number: ReceiptNumber | None
        defect: Defect | None
        wish: Literal["repair", "replacement"] | None

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
