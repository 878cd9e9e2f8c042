"""Real Chromium before a whole Baton: four eyes, an undo, the stop switch, and an auditor who checks what was done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.company import Company, at_work
from tests.e2e.stage import Seat, eventually, press

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with at_work(tmp_path_factory.mktemp("company")) as one:
        yield one


@pytest.fixture
def seat(company: Company, browser: Browser) -> Iterator[Seat]:
    found = Seat(browser, company.address)
    yield found
    found.leave()
    assert found.complaints == []


def test_an_edit_beyond_ones_limit_goes_to_a_second_person_is_written_found_proven_and_taken_back(
    company: Company, seat: Seat
) -> None:
    case = company.submit("06")
    handler = seat.sit("jonas")
    task = _waits(handler, f"{company.address}/cases/{case}")
    handler.goto(company.address + task)
    press(handler, "e")
    handler.fill('input[name="set:amount"]', "63.50")  # a handler gives up to 50.00
    handler.click("text=Send the change")
    expect(handler.locator(".outcome:visible")).to_contain_text("Edited.")
    again = _waits(handler, f"{company.address}/cases/{case}", but=task)
    handler.goto(company.address + again)
    expect(handler.locator("#decision")).to_contain_text("You may not approve this")
    expect(handler.locator("#approve")).to_have_count(0)

    manager = seat.sit("ruth")
    manager.goto(company.address + again)
    press(manager, "a")
    expect(manager.locator(".outcome:visible")).to_contain_text("Approved.")

    auditor = seat.sit("beatrix")
    _until(auditor, f"{company.address}/audit?kind=effect&q=63.50", "Give goodwill")
    auditor.goto(f"{company.address}/inbox")
    auditor.click('a[data-go="r"]')  # one
    auditor.fill('input[name="q"]', "63.50 EUR")
    auditor.click("text=Find >> nth=-1")  # two
    auditor.locator('tr:has-text("written") th a').first.click()  # three
    expect(auditor.locator("main")).to_contain_text("It stands in the ledger, unchanged")
    auditor.click("text=Check the proof")
    expect(auditor.locator(".proof")).to_contain_text("The proof holds.")

    orla = seat.sit("orla")
    orla.goto(f"{company.address}/cases/{case}")
    goodwill = orla.locator(".event-effect", has_text="goodwill")
    goodwill.locator("summary", has_text="Take back").click()
    goodwill.locator("textarea").fill("promised to the wrong order")
    goodwill.locator("button").click()
    expect(orla.locator(".event-effect", has_text="goodwill").first).to_contain_text("taken back")


def test_what_is_stopped_waits_under_a_banner_and_goes_on_when_resumed(company: Company, seat: Seat) -> None:
    orla = seat.sit("orla")
    orla.goto(f"{company.address}/stop")
    process = orla.locator(".switch", has_text="Warranty claim").first
    process.locator("summary").click()
    process.locator("textarea").fill("prices look wrong")
    process.locator("form button").click()
    expect(orla.locator(".banner-bad").first).to_contain_text("prices look wrong")
    case = company.submit("01")
    lena = seat.sit("lena")
    expect(lena.locator(".banner-bad").first).to_contain_text("prices look wrong")
    lena.goto(f"{company.address}/cases/{case}")
    expect(lena.locator(".event-effect")).to_have_count(0)
    lena.click("text=See the stop switch")
    expect(lena.locator("main")).to_contain_text("You may not change this.")
    process = orla.locator(".switch", has_text="Warranty claim").first
    process.locator("summary").click()
    process.locator("textarea").fill("prices were right")
    process.locator("form button").click()
    expect(orla.locator(".banner-bad")).to_have_count(0)
    _until(lena, f"{company.address}/cases/{case}", "Gift card")


def _waits(page: Page, address: str, but: str = "") -> str:
    """Where the open task of a case is, as soon as it has one."""
    found: list[str] = []

    def seen() -> bool:
        page.goto(address)
        links = page.locator('.now a[href^="/tasks/"]')
        found[:] = [href for link in links.all() if (href := str(link.get_attribute("href"))) != but]
        return bool(found)

    eventually(seen, 90)
    return found[0]


def _until(page: Page, address: str, words: str) -> None:
    def seen() -> bool:
        page.goto(address)
        return words in page.locator("main").inner_text()

    eventually(seen, 90)
