"""Which order a customer speaks of, and whether what was read is what the records say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from activities.erp import matching
from activities.erp.models import OrderQuery
from activities.erp.port import OrderRecord
from activities.papers import carries
from baton.types.money import Money


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def order(number: str, product: str = "Pebble Kettle 1.7 L", **more: Any) -> OrderRecord:
    given: dict[str, Any] = {
        "number": number,
        "customer": "C-1",
        "sku": "K",
        "product": product,
        "serial": f"SN-{number}",
        "seller": "Murtagh Electrical Ltd",
        "purchased": date(2025, 3, 1),
        "paid": euros("64.90"),
        "receipt_number": f"R-{number}",
        "days_since_purchase": 10,
        "warranty_days": 730,
        "repairable": False,
        "repair_centre": "",
        "price": euros("64.90"),
        "in_stock": 1,
        "supplier": "Lumen",
        "recovery_days": 0,
        "recovery_share": Decimal(0),
    }
    return OrderRecord(**(given | more))


@pytest.mark.parametrize(
    ("read", "record", "same"),
    [
        ("MURTAGH ELECTRICAL LIMITED", "Murtagh Electrical Ltd", True),
        ("Elektro Brandt", "Elektro Brandt GmbH", True),
        ("Noordwijk Witgoed BV", "Noordwijk Witgoed B.V.", True),
        ("BOOK TA .K(TAMAN DAYA) SDN BHD", "BOOK TA K (TAMAN DAYA)", True),
        ("Café Müller", "cafe muller", True),
        ("Ltd", "Murtagh Electrical Ltd", False),
        ("GmbH", "GmbH", True),  # nothing is left but legal forms: then they are the name
        ("Elektro Brandt GmbH", "Murtagh Electrical Ltd", False),
        ("", "", False),
        (None, "Murtagh", False),
        ("...", "---", False),
    ],
)
def test_sellers_compare_by_name_and_not_by_legal_form(read: str | None, record: str, same: bool) -> None:
    assert matching.same_seller(read, record) is same


def test_a_serial_number_ignores_spaces_and_dashes_and_an_order_without_one_fits_any() -> None:
    assert matching.same_serial("kt17 073915", "KT17-073915")
    assert not matching.same_serial("KT17-073916", "KT17-073915")
    assert not matching.same_serial(None, "KT17-073915")
    assert matching.same_serial("anything", "")


def test_a_price_in_another_currency_is_another_price() -> None:
    assert not matching.same_money(Money(amount=Decimal("64.90"), currency="GBP"), euros("64.90"))
    assert matching.same_money(matching.money_of({"amount": "64.9", "currency": "EUR"}), euros("64.90"))


@pytest.mark.parametrize("value", [None, "64.90", {"amount": "much", "currency": "EUR"}, {"amount": "1"}, 64.9, []])
def test_what_is_no_money_is_none(value: Any) -> None:
    assert matching.money_of(value) is None


@pytest.mark.parametrize("value", [None, "yesterday", 20250301, {"day": 1}])
def test_what_is_no_date_is_none(value: Any) -> None:
    assert matching.day_of(value) is None


def test_the_serial_number_comes_first() -> None:
    orders = [order("1"), order("2", "Ember Toaster")]
    query = OrderQuery(serial="sn 2", receipt_number="R-1", product="Pebble Kettle")
    assert matching.the_one(query, orders) == orders[1]


def test_then_the_receipt_number() -> None:
    orders = [order("1"), order("2", "Ember Toaster")]
    assert matching.the_one(OrderQuery(serial="unreadable", receipt_number="r1"), orders) == orders[0]


def test_one_receipt_for_two_products_needs_the_product() -> None:
    orders = [order("1", receipt_number="R"), order("2", "Ember Toaster", receipt_number="R")]
    assert matching.the_one(OrderQuery(receipt_number="R"), orders) is None
    assert matching.the_one(OrderQuery(receipt_number="R", product="ember toaster"), orders) == orders[1]


def test_a_product_and_its_date_are_enough_though_the_price_differs() -> None:
    orders = [order("1"), order("2", purchased=date(2025, 4, 1))]
    query = OrderQuery(product="kettle Pebble", purchased=date(2025, 3, 1), paid=euros("99.00"))
    assert matching.the_one(query, orders) == orders[0]


def test_two_orders_that_fit_alike_are_none() -> None:
    orders = [order("1"), order("2")]
    assert matching.the_one(OrderQuery(product="Pebble Kettle 1.7 L", purchased=date(2025, 3, 1)), orders) is None
    assert matching.the_one(OrderQuery(product="vacuum"), [order("1", "Swift Vacuum"), order("2", "Orbit Robot Vacuum")]) is None


def test_the_full_name_tells_a_product_from_its_bigger_sister() -> None:
    orders = [order("1", "Tide Washer"), order("2", "Tide Washer Max")]
    assert matching.the_one(OrderQuery(product="Tide Washer", purchased=date(2025, 3, 1)), orders) == orders[0]


def test_a_product_alone_is_enough_only_when_nothing_else_was_said() -> None:
    orders = [order("1"), order("2", "Ember Toaster")]
    assert matching.the_one(OrderQuery(product="toaster"), orders) == orders[1]
    assert matching.the_one(OrderQuery(product="toaster", purchased=date(2020, 1, 1)), orders) is None


def test_nothing_said_finds_nothing() -> None:
    assert matching.the_one(OrderQuery(), [order("1")]) is None
    assert matching.the_one(OrderQuery(serial="-", receipt_number="."), [order("1", serial="", receipt_number="")]) is None


@pytest.mark.parametrize("text", ["TOTAL 1,149.00 EUR", "Summe 1.149,00", "€1149.00", "1 149,00 zł", "paid 1149 in cash"])
def test_a_receipt_carries_its_price_however_it_is_written(text: str) -> None:
    assert carries(text, Decimal("1149.00"))


@pytest.mark.parametrize("text", ["TOTAL 149.00", "11490.0", "1149.00.12", "11.49", "no price at all", "order 51149.00"])
def test_a_receipt_with_another_price_does_not_carry_it(text: str) -> None:
    assert not carries(text, Decimal("1149.00"))
