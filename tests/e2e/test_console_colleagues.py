"""Real Chromium: working together, by standing in, by asking, by giving away, and by seeing what somebody else did."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baton.cases.clock import now
from tests.e2e.stage import Seat, eventually, press
from tests.integration.console_house import House

pytestmark = pytest.mark.long


def test_whoever_stands_in_decides_with_their_own_authority_only(house: House, seat: Seat) -> None:
    case = house.file()
    small, large = house.task(case, "300.00", to="ruth", hours=1), house.task(case, "640.00", to="ruth", hours=2)
    ruth = seat.sit("ruth")
    ruth.click(".avatar")
    ruth.click('a[href="/me/away"]')
    ruth.select_option('select[name="delegate"]', "marta")
    ruth.fill('input[name="until"]', f"{now().astimezone() + timedelta(days=3):%Y-%m-%d}")
    ruth.click("text=Keep it")
    expect(ruth.locator("main")).to_contain_text("Marta Wiśniewska stands in for you")
    marta = seat.sit("marta")
    expect(marta.locator(".row")).to_have_count(2)
    expect(marta.locator(".row").first).to_contain_text("for Ruth Adeyemi")
    expect(marta.locator("#decision")).to_contain_text("with your own rights")
    press(marta, "1", "a")
    expect(marta.locator(".outcome:visible")).to_contain_text("Approved.")
    press(marta, "j")
    expect(marta.locator(f'#work[data-task="{large.id}"]')).to_be_visible()
    expect(marta.locator("#approve")).to_have_count(0)  # 640 EUR is Ruth's to approve, away or not
    eventually(lambda: house.standing(small) == "decided")
    row = next(row for row in house.engine.ledger.of_case(case) if row.kind == "answer")
    assert (row.by.id, "standing in for ruth" in str(row.detail["shown"])) == ("marta", True)
    ruth.click("text=I am back")
    marta.goto(f"{seat.address}/inbox")
    expect(marta.locator(".row")).to_have_count(0)


def test_a_colleague_is_asked_and_answers_and_the_task_stays_where_it_is(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "300.00")
    marta = seat.sit("marta")
    press(marta, "q")
    marta.select_option('select[name="whom"]', "lena")
    marta.fill('textarea[name="reason:ask"]', "Did she call again?")
    marta.locator("#compose-ask button").click()
    expect(marta.locator("#decision")).to_contain_text("no answer yet")
    expect(marta.locator("#approve")).to_be_visible()
    lena = seat.sit("lena")
    expect(lena.locator(".row")).to_contain_text("Did she call again?")
    lena.locator(".asked-of-me textarea").fill("Yes, on Monday.")
    lena.locator(".asked-of-me button").click()
    expect(lena.locator("#decision")).to_contain_text("Yes, on Monday.")
    expect(marta.locator("#decision")).to_contain_text("Yes, on Monday.")
    assert house.standing(task) == "open"


def test_several_are_given_away_at_once_and_one_is_taken(house: House, seat: Seat) -> None:
    case = house.file()
    first, second = house.task(case, "300.00", hours=1), house.task(case, "301.00", hours=2)
    marta = seat.sit("marta")
    press(marta, "x")
    marta.locator(".row input").nth(1).check()
    expect(marta.locator("#bulk")).to_contain_text("2 selected")
    marta.click("#bulk-give summary")
    marta.select_option('#bulk-give select[name="to"]', "jonas")
    marta.click("#bulk-give button")
    expect(marta.locator(".notice")).to_contain_text("2 given away.")
    marta.goto(f"{seat.address}/tasks/{second.id}?view=team")
    press(marta, "t")
    expect(marta.locator("#claim")).to_have_count(0)
    jonas = seat.sit("jonas")
    expect(jonas.locator(".row")).to_have_count(1)
    assert first.id in str(jonas.locator(".row").get_attribute("data-task"))


def test_the_list_is_narrowed_to_one_reason(house: House, seat: Seat) -> None:
    case = house.file()
    house.task(case, "300.00")
    other = house.task(case, "200.00", remedies_before=1)
    page = seat.sit("marta")
    press(page, "f")
    page.click(f'.chip:has-text("{other.failed[0].words}")')
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".chosen")).to_contain_text(other.failed[0].words)
    page.click("text=Show all")
    expect(page.locator(".row")).to_have_count(2)
