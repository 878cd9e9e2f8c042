"""When two values say the same: names, addresses, money and ids, each by its kind."""

import pytest

from baton.readers.confirm import checked_id
from baton.readers.normalise import same


@pytest.mark.parametrize(
    ("kind", "one", "other", "alike"),
    [
        ("address", "12 Jln Kenanga, 40150 Shah Alam", "12, JALAN KENANGA 40150 SHAH ALAM.", True),
        ("address", "12 Jalan Kenanga, 40150 Shah Alam", "14 Jalan Kenanga, 40150 Shah Alam", False),
        ("address", "Hauptstr. 8, 50667 Köln", "Hauptstraße 8 50667 KÖLN", True),
        ("address", "8 High St, Leeds LS1 4AB", "8 High Street Leeds LS1 4AB", True),
        ("address", "LOT 33, 0ATU 4", "LOT 33, BATU 4", True),
        ("name", "Doe, Jane", "Jane Doe", True),
        ("name", "Jane Doe", "John Doe", False),
        ("seller", "Haus & Heim GmbH", "HAUS UND HEIM", False),
        ("seller", "Haus & Heim GmbH", "Haus & Heim", True),
        ("money", {"amount": "9.90", "currency": "XXX"}, {"amount": "9.90", "currency": "EUR"}, True),
        ("money", {"amount": "9.90", "currency": "USD"}, {"amount": "9.90", "currency": "EUR"}, False),
        ("money", {"amount": "-9.90", "currency": "EUR"}, {"amount": "9.90", "currency": "EUR"}, False),
    ],
)
def test_values_are_compared_by_their_kind(kind: str, one: object, other: object, alike: bool) -> None:
    assert same(kind, one, other) is alike  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DE89 3704 0044 0532 0130 00", "IBAN"),
        ("DE89 3704 0044 0532 0130 01", None),
        ("NL4495445B01", "VAT number"),
        ("978-0-306-40615-7", "ISBN"),
        ("4111 1111 1111 1111", "card"),
        ("4111 1111 1111 1112", None),
        ("INV-2024-17", None),
    ],
)
def test_an_id_whose_check_digits_are_right_is_known_for_what_it_is(text: str, name: str | None) -> None:
    assert checked_id(text) == name
