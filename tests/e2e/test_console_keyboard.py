"""Real Chromium: deciding by keyboard alone, many at once, two people on one task, and undo."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from baton.console import build
from baton.store import Database
from tests.e2e.stage import Seat, browsing, served
from tests.integration.console_house import House

pytestmark = pytest.mark.long


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    assert build.ensure()
    return House(sqlite_database, tmp_path / "home", settings={"undo_seconds": 1.5})


@pytest.fixture
def seat(house: House) -> Iterator[Seat]:
    with browsing() as browser, served(house) as address:
        seat = Seat(browser, address)
        yield seat
        assert seat.complaints == []


def eventually(what: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_ten_tasks_are_decided_by_keyboard_alone(house: House, seat: Seat) -> None:
    case = house.file()
    made = [house.task(case, f"{300 + number}.00", hours=1 + number) for number in range(10)]
    page = seat.sit("marta")
    for number, task in enumerate(made):
        expect(page.locator(f'#work[data-task="{task.id}"]')).to_be_visible()
        if number:
            press(page, "2", "a")
        else:
            press(page, "a")
            expect(page.locator('input[name="reading:serial"]').first).to_be_focused()  # approve leads to the open question
            press(page, "1", "a")
        expect(page.locator(".outcome")).to_contain_text("Approved.")
        press(page, "j")
    eventually(lambda: all(house.standing(task) == "decided" for task in made))
    row = next(row for row in house.engine.ledger.of_case(case) if row.kind == "answer")
    assert "chose reading 1 of serial" in str(row.detail["shown"])


def test_z_takes_an_answer_back_and_the_undo_follows_to_the_next_task(house: House, seat: Seat) -> None:
    case = house.file()
    first, second = house.task(case, "300.00", hours=1), house.task(case, "301.00", hours=2)
    page = seat.sit("marta")
    press(page, "1", "a")
    expect(page.locator(".outcome")).to_contain_text("Approved.")
    press(page, "z")
    expect(page.locator("#approve")).to_be_visible()
    press(page, "1", "a")
    expect(page.locator(".outcome")).to_be_visible()
    press(page, "j")
    expect(page.locator(f'#work[data-task="{second.id}"]')).to_be_visible()
    expect(page.locator("#toast")).to_be_visible()
    press(page, "z")
    expect(page.locator(f'#work[data-task="{first.id}"]')).to_be_visible()
    time.sleep(2)
    assert [house.standing(task) for task in (first, second)] == ["open", "open"]


def test_many_at_once_with_one_counted_out(house: House, seat: Seat) -> None:
    case = house.file()
    alike = [house.task(case, f"{300 + number}.00", hours=1) for number in range(2)]
    other = house.task(case, "200.00", hours=2, remedies_before=1)
    page = seat.sit("marta")
    for _ in range(3):
        press(page, "x")
        page.wait_for_timeout(100)
        press(page, "j")
        page.wait_for_timeout(500)
    expect(page.locator("#bulk")).to_contain_text("3 selected")
    expect(page.locator("#bulk")).to_contain_text("1 needs a look")
    press(page, "Shift+A")
    expect(page.locator(".notice")).to_contain_text("2 approved, 1 left")
    eventually(lambda: [house.standing(task) for task in (*alike, other)] == ["decided", "decided", "open"])


def test_two_people_on_one_task_and_a_new_one_moves_no_row(house: House, seat: Seat) -> None:
    case = house.file()
    task = house.task(case, "300.00", hours=1)
    jonas = seat.sit("jonas")
    jonas.goto(f"{seat.address}/tasks/{task.id}?view=team")
    marta = seat.sit("marta")
    jonas.wait_for_timeout(1500)
    press(marta, "1", "a")
    expect(jonas.locator(".outcome")).to_contain_text("Marta Wiśniewska decided this", timeout=10_000)
    house.task(case, "301.00", to="jonas", hours=1)
    expect(jonas.locator("#news")).to_contain_text("1 new task", timeout=10_000)
    assert jonas.locator(".row").count() == 1


def test_a_rejection_by_keyboard_says_why_and_live_updates_keep_what_is_typed(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "300.00")
    page = seat.sit("marta")
    press(page, "r", "Tab")
    page.keyboard.type("a jk")
    expect(page.locator('textarea[name="reason:reject"]')).to_have_value("a jk")
    page.locator("#compose-reject button").click()
    expect(page.locator(".outcome")).to_contain_text("Rejected.")
    eventually(lambda: house.standing(task) == "decided")
