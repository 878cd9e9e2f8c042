"""Order, receipts and bill beside each other, as the case page shows them."""

from decimal import Decimal

from baton.console.ordersview import papers_of
from baton.console.render import environment
from baton.matching import Billed, BilledLine, Order, OrderLine, Receipt, ReceiptLine, Supplier, beside, match

ORDER = Order(
    number="PO-1",
    supplier="V-1",
    currency="EUR",
    lines=(
        OrderLine(number=1, item="TS-20", name="Ember Toaster", quantity=Decimal(100), unit="pcs", price=Decimal("18.90")),
        OrderLine(number=2, item="KT-17", name="Pebble Kettle", quantity=Decimal(10), unit="pcs", price=Decimal("24.80")),
    ),
)
CAME = Receipt(lines=(ReceiptLine(line=1, received=Decimal(100), rejected=Decimal(8)), ReceiptLine(line=2, received=Decimal(10))))
BILL = Billed(
    number="L-1",
    currency="EUR",
    lines=(
        BilledLine(item="TS-20", name="Ember Toaster", quantity=Decimal(100), price=Decimal("18.90"), net=Decimal("1890.00")),
        BilledLine(item="KT-17", name="Pebble Kettle", quantity=Decimal(10), price=Decimal("26.00"), net=Decimal("260.00")),
        BilledLine(name="Display stand", quantity=Decimal(1), price=Decimal("40.00"), net=Decimal("40.00")),
    ),
    net=Decimal("2190.00"),
    total=Decimal("2190.00"),
)
SHOWN = beside(ORDER, BILL, match(ORDER, [CAME], [BILL], Supplier(id="V-1")))


def test_each_line_stands_in_all_three_papers_with_what_differs() -> None:
    toaster, kettle, stand = SHOWN.lines
    assert (toaster.ordered, toaster.received, toaster.rejected, toaster.billed) == (100, 100, 8, 100)
    assert toaster.cells == ("received",)
    assert (kettle.ordered_price, kettle.billed_price, kettle.cells) == (Decimal("24.80"), Decimal("26.00"), ("price",))
    assert (stand.line, stand.ordered, stand.differs) == (None, None, ("nobody ordered this",))


def test_a_case_shows_the_papers_that_its_handoffs_carry_and_nothing_else() -> None:
    carried = {"beside": SHOWN.model_dump(mode="json")}
    packages = [None, {}, {"beside": None}, {"beside": {"something": "else"}}, carried, carried]
    assert papers_of([{"package": package} for package in packages]) == (SHOWN,)


def test_the_page_marks_the_cells_that_differ() -> None:
    page = environment().get_template("orders.html").render(papers=(SHOWN,))
    assert "Ember Toaster" in page
    assert '<td class="number warn">26.00</td>' in page
    assert page.count('class="number warn"') == 5
    assert "nobody ordered this" in page
    assert environment().get_template("orders.html").render(papers=()).strip() == ""
