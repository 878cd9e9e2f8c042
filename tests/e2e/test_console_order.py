"""Real Chromium: order, receipt and bill side by side on the page of a case, line by line, with what differs."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from baton.cases import stages
from baton.cases.clock import now
from baton.types.canonical import plain
from tests.e2e.stage import Seat, looked_at
from tests.integration.console_house import House
from tests.unit.test_orders_beside import SHOWN
from workflows.purchase_papers import OrderFile


@pytest.fixture
def case(house: House) -> str:
    """A bill for an order of which eight toasters were sent back, at a price nobody agreed, with a stand nobody ordered."""
    case = house.file("Invoice L-1 for your order PO-1")
    package = plain(OrderFile(order="PO-1", supplier="V-1", open=True, beside=SHOWN))
    with house.database.write() as connection:
        stages.enter_stage(connection, case, 2, "accounts-payable", "claims", "marta", now() + timedelta(hours=8), package)  # type: ignore[arg-type]
    return case


def cells(row: Locator) -> list[str]:
    """What a row says, cell by cell."""
    return [" ".join(text.split()) for text in row.locator("th, td").all_inner_texts()]


def test_the_three_papers_stand_line_by_line_and_say_what_differs(house: House, seat: Seat, case: str) -> None:
    page = seat.sit("marta")
    page.goto(f"{seat.address}/cases/{case}")
    papers = page.get_by_role("region", name="Order, receipt and bill")
    expect(papers).to_contain_text("PO-1")
    expect(papers).to_contain_text("L-1")
    toaster, kettle, stand = (papers.locator("tbody tr").nth(place) for place in range(3))
    assert cells(toaster)[:8] == ["1 · Ember Toaster", "100 pcs", "18.90", "100", "8", "100", "18.90", "1890.00"]
    assert cells(kettle)[:8] == ["2 · Pebble Kettle", "10 pcs", "24.80", "10", "0", "10", "26.00", "260.00"]
    assert cells(stand)[:8] == ["Display stand", "–", "–", "–", "–", "1", "40.00", "40.00"]
    assert "the price billed is not the price ordered" in cells(kettle)[8]
    assert cells(stand)[8] == "nobody ordered this"
    assert [text.strip() for text in kettle.locator("td.warn").all_inner_texts()] == ["26.00"]
    assert [text.strip() for text in toaster.locator("td.warn").all_inner_texts()] == ["100", "8", "100"]


def test_on_a_narrow_screen_the_papers_scroll_by_keyboard_and_the_page_does_not(house: House, seat: Seat, case: str) -> None:
    page = seat.sit("marta", width=400, height=800)
    page.goto(f"{seat.address}/cases/{case}")
    lines = page.get_by_role("group", name="Lines of the three papers")
    expect(lines).to_be_visible()
    assert _wider(page, "document.scrollingElement") is False
    assert lines.evaluate("one => one.scrollWidth > one.clientWidth")
    lines.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.wide-scroll:has(.beside)').scrollLeft > 0")
    expect(lines.get_by_text("nobody ordered this")).to_be_attached()


def _wider(page: Page, what: str) -> bool:
    return bool(page.evaluate(f"{what}.scrollWidth > {what}.clientWidth + 1"))


def test_nothing_on_it_stands_in_anybodys_way(house: House, seat: Seat, case: str) -> None:
    page = seat.sit("marta")
    found = looked_at(page, f"{seat.address}/cases/{case}")
    assert sorted(f"{where}: {one}" for where, said in found.items() for one in said) == []
