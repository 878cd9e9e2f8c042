"""Three-way match: an order, what came of it, and what its supplier bills."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.matching import Billed, BilledLine, Order, OrderLine, Receipt, ReceiptLine, Supplier, Tolerances, match
from baton.matching.before import number_key
from baton.matching.units import same_unit

VENDOR = Supplier(id="V-1", accounts=("NL91 ABNA 0417 1643 00",))


def _ordered(number: int, item: str, name: str, quantity: Any, unit: str, price: Any, rate: int = 21) -> OrderLine:
    told = {"quantity": Decimal(quantity), "price": Decimal(price), "tax_rate": Decimal(rate)}
    return OrderLine(number=number, item=item, name=name, unit=unit, **told)


ORDER = Order(
    number="PO-1001",
    supplier="V-1",
    currency="EUR",
    lines=(
        _ordered(1, "AR-5381", "Adjustable race", 10, "EA", "50.26", 21),
        _ordered(2, "BE-2908", "Headset ball bearings", 4, "box", "57.0255", 9),
    ),
    freight=Decimal("25.00"),
    freight_tax_rate=Decimal(21),
)  # fmt: skip
ALL_CAME = Receipt(lines=(ReceiptLine(line=1, received=Decimal(10)), ReceiptLine(line=2, received=Decimal(4))))
CENT = Decimal("0.01")


def billed(number: int, quantity: Any = None, price: Any = None, **more: Any) -> BilledLine:
    """An honest line for an order line, unless something is said otherwise."""
    ordered = ORDER.line(number)
    assert ordered
    quantity, price = Decimal(quantity or ordered.quantity), Decimal(price or ordered.price)
    given = {"item": ordered.item, "name": ordered.name, "quantity": quantity, "unit": ordered.unit, "price": price}
    return BilledLine(**(given | {"net": (quantity * price).quantize(CENT)} | more))


def bill(*lines: BilledLine, number: str = "R-1", freight: str = "25.00", **more: Any) -> Billed:
    """A bill whose sums follow from its lines."""
    rates = {"AR-5381": 21, "BE-2908": 9}
    tax = sum((line.net * rates.get(line.item, 21) / 100 for line in lines), Decimal(freight) * 21 / 100).quantize(CENT)
    net = sum((line.net for line in lines), Decimal(freight))
    given = {"number": number, "order": "PO-1001", "supplier": "V-1", "currency": "EUR", "freight": Decimal(freight)}
    return Billed(**(given | {"lines": lines, "net": net, "tax": tax, "total": net + tax} | more))


HONEST = bill(billed(1), billed(2))


def kinds(*bills: Billed, receipt: Receipt = ALL_CAME, order: Order = ORDER, others: tuple[Billed, ...] = ()) -> list[str]:
    """What is wrong with the last bill."""
    return [fault.kind for fault in match(order, [receipt], bills, VENDOR, others=others).bills[-1].faults]


def test_an_honest_bill_is_paid_in_full() -> None:
    judged = match(ORDER, [ALL_CAME], [HONEST], VENDOR).bills[0]
    assert judged.clean
    assert judged.undisputed == HONEST.total


FAULTY = [
    ("price", bill(billed(1, price="51.00"), billed(2))),
    ("price", bill(billed(1, price="50.00"), billed(2))),
    ("quantity", bill(billed(1, quantity=11), billed(2))),
    ("unit", bill(billed(1, unit="DZN"), billed(2))),
    ("unordered", bill(billed(1), billed(2), BilledLine(name="Torque wrench", quantity=Decimal(1), net=Decimal(40)))),
    ("freight", bill(billed(1), billed(2), freight="40.00")),
    ("freight", bill(billed(1), billed(2), BilledLine(name="Fuel surcharge", quantity=Decimal(1), net=Decimal(9)))),
    ("tax", HONEST.model_copy(update={"tax": HONEST.tax + 5, "total": HONEST.total + 5})),
    ("tax", bill(billed(1, tax_rate=Decimal(9)), billed(2))),
    ("sums", HONEST.model_copy(update={"total": HONEST.total + 5})),
    ("sums", bill(billed(1, net=Decimal("512.60"), price="50.26"), billed(2))),
    ("currency", HONEST.model_copy(update={"currency": "USD"})),
    ("bank", HONEST.model_copy(update={"account": "NL91ABNA0417164301"})),
    ("supplier", HONEST.model_copy(update={"supplier": "V-2"})),
    ("order", HONEST.model_copy(update={"order": "PO-1002"})),
]


@pytest.mark.parametrize(("kind", "paper"), FAULTY, ids=[f"{kind}-{place}" for place, (kind, _) in enumerate(FAULTY)])
def test_a_fault_is_found_by_its_name(kind: str, paper: Billed) -> None:
    assert kind in kinds(paper)


def test_a_partial_delivery_billed_in_full_is_told_from_rejected_goods() -> None:
    short = Receipt(lines=(ReceiptLine(line=1, received=Decimal(7)), ReceiptLine(line=2, received=Decimal(4))))
    rejected = Receipt(
        lines=(ReceiptLine(line=1, received=Decimal(10), rejected=Decimal(3)), ReceiptLine(line=2, received=Decimal(4)))
    )
    assert kinds(HONEST, receipt=short) == ["undelivered"]
    assert kinds(HONEST, receipt=rejected) == ["credit_missing"]
    assert kinds(bill(billed(1, quantity=7), billed(2)), receipt=short) == []


def test_a_credit_note_settles_rejected_goods() -> None:
    rejected = Receipt(
        lines=(ReceiptLine(line=1, received=Decimal(10), rejected=Decimal(3)), ReceiptLine(line=2, received=Decimal(4)))
    )
    note = bill(billed(1, quantity=3), number="C-1", freight="0", kind="credit_note", corrects="R-1")
    assert match(ORDER, [rejected], [HONEST, note], VENDOR).faults == ()
    too_much = bill(billed(1, quantity=11), number="C-2", freight="0", kind="credit_note")
    assert kinds(HONEST, too_much, receipt=rejected) == ["credit"]


def test_what_is_beyond_doubt_may_be_paid_and_the_rest_is_disputed() -> None:
    short = Receipt(lines=(ReceiptLine(line=1, received=Decimal(7)), ReceiptLine(line=2, received=Decimal(4))))
    judged = match(ORDER, [short], [HONEST], VENDOR).bills[0]
    assert judged.faults[0].at_stake == Decimal("150.78")
    assert Decimal(0) < judged.undisputed < HONEST.total
    nothing = match(ORDER, [ALL_CAME], [HONEST.model_copy(update={"account": "DE00"})], VENDOR).bills[0]
    assert nothing.undisputed == 0


@pytest.mark.parametrize("number", ["R-1", "r1", "R 0001", "R/1.", "R-l"])
def test_the_same_number_spelled_otherwise_is_a_duplicate(number: str) -> None:
    half = bill(billed(1, quantity=5), freight="0")
    again = half.model_copy(update={"number": number})
    assert kinds(half, again) == ["duplicate"]


def test_a_second_delivery_like_the_first_is_no_duplicate_until_it_is_too_much() -> None:
    halves = [bill(billed(1, quantity=5), freight="0", number=f"R-{number}") for number in (1, 2, 3)]
    assert kinds(*halves[:2]) == []
    assert kinds(*halves) == ["duplicate"]


def test_a_number_that_another_order_of_the_supplier_was_billed_under_is_a_duplicate() -> None:
    assert kinds(HONEST, others=(HONEST.model_copy(update={"order": "PO-9"}),)) == ["duplicate"]


def test_a_duplicate_does_not_use_up_the_order() -> None:
    first = bill(billed(1, quantity=5), freight="0")
    rest = bill(billed(1, quantity=5), billed(2), number="R-2")
    assert kinds(first, first, rest) == []


def test_prices_printed_in_cents_and_units_in_other_words_are_no_faults() -> None:
    rounded = billed(2, price="57.03", unit="Karton", net=Decimal("228.12"))
    assert kinds(bill(billed(1, unit="Stück"), rounded)) == []
    assert same_unit("pcs", "EA")
    assert not same_unit("pcs", "box")


def test_lines_are_paired_by_code_name_or_number_in_any_order() -> None:
    by_name = (billed(2, item=""), billed(1, item="", name="ADJUSTABLE RACES"))
    numbered = (billed(2, item="", name="", line=2), billed(1, item="", name="", line=1))
    plain = HONEST.model_copy(update={"lines": by_name})
    assert kinds(plain) == []
    assert kinds(HONEST.model_copy(update={"lines": numbered})) == []


def test_a_line_that_names_a_wrong_position_is_paired_by_its_code() -> None:
    assert kinds(bill(billed(1, line=2), billed(2, line=1))) == []


@given(number=st.from_regex(r"[A-Z]{0,3}-?[0-9]{1,6}", fullmatch=True), zeros=st.integers(0, 4))
def test_leading_zeros_and_marks_never_make_another_number(number: str, zeros: int) -> None:
    letters = number.rstrip("0123456789")
    assert number_key(number) == number_key(f"{letters.lower()} {'0' * zeros}{number[len(letters) :]}")


QUANTITIES = st.integers(1, 400).map(Decimal)
PRICES = st.decimals("0.05", "900", places=4)


@st.composite
def orders(draw: st.DrawFn) -> tuple[Order, Receipt]:
    """An order, and a delivery of it that may be short and partly rejected."""
    lines, came = [], []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        quantity = draw(QUANTITIES)
        received = draw(st.integers(0, int(quantity)))
        lines.append(_ordered(number, f"IT-{number}", f"thing {number}", quantity, "EA", draw(PRICES)))
        came.append(ReceiptLine(line=number, received=Decimal(received), rejected=Decimal(draw(st.integers(0, received)))))
    return Order(number="PO-1", supplier="V-1", currency="EUR", lines=tuple(lines)), Receipt(lines=tuple(came))


def _kept(line: OrderLine, quantity: Decimal) -> BilledLine:
    return BilledLine(item=line.item, quantity=quantity, unit="pcs", price=line.price, net=(line.price * quantity).quantize(CENT))


def honest(order: Order, receipt: Receipt, number: str = "R-1") -> Billed:
    """What was kept, at the ordered prices."""
    kept = {line.line: line.received - line.rejected for line in receipt.lines}
    lines = [_kept(line, kept[line.number]) for line in order.lines if kept[line.number]]
    return _summed(lines, number)


def _summed(lines: list[BilledLine], number: str) -> Billed:
    net = sum((line.net for line in lines), Decimal(0))
    tax = (net * 21 / 100).quantize(CENT)
    return Billed(number=number, supplier="V-1", currency="EUR", lines=tuple(lines), net=net, tax=tax, total=net + tax)


@given(orders())
def test_what_was_kept_at_the_ordered_prices_is_never_held(given: tuple[Order, Receipt]) -> None:
    order, receipt = given
    assert match(order, [receipt], [honest(order, receipt)], VENDOR).faults == ()


@given(orders(), st.data())
def test_one_unit_more_than_was_kept_is_always_held(given: tuple[Order, Receipt], data: st.DataObject) -> None:
    order, receipt = given
    lines = list(honest(order, receipt).lines)
    line = data.draw(st.sampled_from(order.lines))
    one_more = BilledLine(item=line.item, quantity=Decimal(1), price=line.price, net=line.price.quantize(CENT))
    found = match(order, [receipt], [_summed([*lines, one_more], "R-1")], VENDOR).faults
    assert {fault.kind for fault in found} & {"quantity", "undelivered", "credit_missing"}


@given(orders(), st.data())
def test_a_price_beyond_the_tolerances_is_always_held(given: tuple[Order, Receipt], data: st.DataObject) -> None:
    order, receipt = given
    lines = list(honest(order, receipt).lines)
    if not lines:
        return
    place = data.draw(st.integers(0, len(lines) - 1))
    price = (lines[place].price or CENT) * Decimal("1.005") + Decimal("0.011")
    lines[place] = lines[place].model_copy(update={"price": price, "net": price * lines[place].quantity})
    assert "price" in {fault.kind for fault in match(order, [receipt], [_summed(lines, "R-1")], VENDOR).faults}


@given(orders(), st.randoms())
def test_the_order_of_lines_changes_nothing(given: tuple[Order, Receipt], random: Any) -> None:
    order, receipt = given
    straight = honest(order, receipt)
    lines = list(straight.lines)
    random.shuffle(lines)
    shuffled = straight.model_copy(update={"lines": tuple(lines)})
    assert match(order, [receipt], [shuffled], VENDOR).lines == match(order, [receipt], [straight], VENDOR).lines


@given(orders(), st.lists(st.tuples(st.integers(1, 5), QUANTITIES, PRICES), min_size=1, max_size=6))
def test_what_may_be_paid_never_exceeds_what_is_due(
    given: tuple[Order, Receipt], wild: list[tuple[int, Decimal, Decimal]]
) -> None:
    order, receipt = given
    lines = [
        BilledLine(item=f"IT-{number}", quantity=quantity, price=price, net=(price * quantity).quantize(CENT))
        for number, quantity, price in wild
    ]
    paper = _summed(lines, "R-1")
    judged = match(order, [receipt], [paper], VENDOR, Tolerances()).bills[0]
    kept = {line.line: line.received - line.rejected for line in receipt.lines}
    worth = sum((line.price * min(kept[line.number], line.quantity) for line in order.lines), Decimal(0))
    slack = Decimal("5.10") * len(order.lines)
    assert judged.undisputed <= paper.total
    assert judged.undisputed <= worth * Decimal("1.21") * Decimal("1.01") + slack
