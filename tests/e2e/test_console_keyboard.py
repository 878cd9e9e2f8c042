"""Real Chromium: deciding by keyboard alone, many at once, two people on one task, and undo."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from baton.console.tables import answer
from tests.e2e.stage import Seat, eventually, press
from tests.integration.console_house import House

pytestmark = pytest.mark.long


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
        expect(page.locator(".outcome:visible")).to_contain_text("Approved.")
        press(page, "j")
    eventually(lambda: all(house.standing(task) == "decided" for task in made))
    row = next(row for row in house.engine.ledger.of_case(case) if row.kind == "answer")
    assert "chose reading 1 of serial" in str(row.detail["shown"])


@pytest.mark.parametrize("undo", [30.0], ids=["with time"])
def test_z_takes_an_answer_back_and_the_undo_follows_to_the_next_task(house: House, seat: Seat) -> None:
    case = house.file()
    first, second = house.task(case, "300.00", hours=1), house.task(case, "301.00", hours=2)
    page = seat.sit("marta")
    press(page, "1", "a")
    expect(page.locator(".outcome:visible")).to_contain_text("Approved.")
    press(page, "z")
    expect(page.locator("#approve")).to_be_visible()
    expect(page.locator(".row.gone")).to_have_count(0)  # it stands as before, and there is nothing left to undo
    expect(page.locator("#toast")).to_be_hidden()
    press(page, "1", "a")
    expect(page.locator(".outcome:visible")).to_be_visible()
    press(page, "j")
    expect(page.locator(f'#work[data-task="{second.id}"]')).to_be_visible()
    expect(page.locator("#toast")).to_be_visible()
    press(page, "z")
    expect(page.locator(f'#work[data-task="{first.id}"]')).to_be_visible()
    with house.database.read() as connection:
        assert set(connection.execute(select(answer.c.status)).scalars()) == {"withdrawn"}
    assert [house.standing(task) for task in (first, second)] == ["open", "open"]


def test_many_at_once_with_one_counted_out(house: House, seat: Seat) -> None:
    case = house.file()
    alike = [house.task(case, f"{300 + number}.00", hours=1) for number in range(2)]
    other = house.task(case, "200.00", hours=2, remedies_before=1)
    page = seat.sit("marta")
    for task in (*alike, other):
        expect(page.locator(f'#work[data-task="{task.id}"]')).to_be_visible()
        press(page, "x")
        expect(page.locator(f'.row[data-task="{task.id}"] input')).to_be_checked()
        press(page, "j")
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
    press(marta, "1", "a")
    expect(jonas.locator(".outcome:visible")).to_contain_text("Marta Wiśniewska decided this")
    house.task(case, "301.00", to="jonas", hours=1)
    expect(jonas.locator("#news")).to_contain_text("1 new task")
    assert jonas.locator(".row").count() == 1


def test_a_rejection_by_keyboard_says_why(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "300.00")
    page = seat.sit("marta")
    press(page, "r", "Tab")
    page.keyboard.type("a jk")
    expect(page.locator('textarea[name="reason:reject"]')).to_have_value("a jk")
    page.locator("#compose-reject button").click()
    expect(page.locator(".outcome:visible")).to_contain_text("Rejected.")
    eventually(lambda: house.standing(task) == "decided")


def test_a_case_is_returned_by_keyboard_with_a_coded_reason(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "300.00")
    page = seat.sit("marta")
    press(page, "b")
    codes = page.locator('select[name="code:return"]')
    if codes.count():
        codes.select_option(index=1)
    page.locator('textarea[name="reason:return"]').fill("the receipt is cut off")
    page.locator("#compose-return button").click()
    expect(page.locator(".outcome:visible")).to_contain_text("Returned.")
    eventually(lambda: house.standing(task) == "decided")
    row = next(row for row in house.engine.ledger.of_case(task.case) if row.kind == "answer")
    assert (row.outcome, row.private["reason"]) == ("return", "the receipt is cut off")


def test_a_disputed_field_is_chosen_and_the_amount_edited_by_keyboard(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "389.00")
    page = seat.sit("marta")
    press(page, "e")
    expect(page.locator('input[name="reading:serial"]').first).to_be_focused()  # what is open comes first
    press(page, "2", "e")
    amount = page.locator('input[name="set:amount"]')
    expect(amount).to_be_focused()
    amount.fill("300.00")
    press(page, "Tab", "Enter")
    expect(page.locator(".outcome:visible")).to_contain_text("Edited.")
    eventually(lambda: house.standing(task) == "decided")
    row = next(row for row in house.engine.ledger.of_case(task.case) if row.kind == "answer")
    assert (row.outcome, row.private["changes"]) == ("edit", {"amount": {"amount": "300.00", "currency": "EUR"}})
    assert "chose reading 2 of serial" in str(row.detail["shown"])


def test_nothing_typed_is_lost_when_somebody_else_decides_meanwhile(house: House, seat: Seat) -> None:
    task = house.task(house.file(), "300.00")
    page = seat.sit("marta")
    page.locator("#comment-words").fill("The shop says ")
    page.locator("h1").first.click()  # not even when the field is left
    ruth = house.browser("ruth")
    ruth.get(f"/tasks/{task.id}")
    assert ruth.answer(task, "reject", reason__reject="no").status_code == 303
    expect(page.locator(".stale")).to_be_visible(timeout=15_000)
    expect(page.locator("#comment-words")).to_have_value("The shop says ")
    page.locator("[data-refresh]").click()
    expect(page.locator(".outcome:visible")).to_contain_text("Ruth Adeyemi decided this")


def test_a_list_that_grows_keeps_its_rows_where_they_are_until_it_is_asked(house: House, seat: Seat) -> None:
    case = house.file()
    house.task(case, "300.00", hours=4)
    page = seat.sit("marta")
    before = page.locator(".row").first.bounding_box()
    page.locator("#comment-words").fill("half a word")
    house.task(case, "301.00", hours=1)
    expect(page.locator("#news")).to_be_visible(timeout=15_000)
    assert page.locator(".row").count() == 1
    shift = page.locator(".row").first.bounding_box()
    assert before is not None
    assert shift is not None
    assert before["x"] == shift["x"]
    page.locator("#news").click()
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#comment-words")).to_have_value("half a word")
    expect(page.locator("#news")).to_be_hidden()


def test_keys_reach_notes_papers_and_colleagues_and_can_be_switched_off(house: House, seat: Seat) -> None:
    house.task(house.file(), "300.00")
    page = seat.sit("marta")
    press(page, "n")
    expect(page.locator("#comment-words")).to_be_focused()
    press(page, "Escape", "m")
    expect(page.locator("details.assign select")).to_be_focused()
    press(page, "Escape", "Escape", "d")
    expect(page.locator('[role="tab"][aria-selected="true"]')).to_contain_text("E-mail")
    press(page, "v")
    page.wait_for_url("**view=team")
    press(page, "f")
    expect(page.locator("#filters a").first).to_be_focused()
    press(page, "?")
    page.locator("#keys-on").uncheck()
    press(page, "Escape", "n")
    page.reload()
    press(page, "n", "Control+k")
    expect(page.locator("#jump")).to_be_visible()
    expect(page.locator("#comment-words")).to_have_value("")
    press(page, "Escape")
    page.locator(".me > summary").click()
    page.locator('.me [data-open="keys"]').click()
    expect(page.locator("#keys-on")).not_to_be_checked()
