"""Standing in, asking and giving away, at the server: whatever a form says, everybody decides by their own right."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from baton.cases.clock import now, written
from baton.console.tables import absence
from baton.store import Database
from tests.integration.console_house import House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


def day(days: int) -> str:
    return f"{now().astimezone() + timedelta(days=days):%Y-%m-%d}"


def test_who_stands_in_sees_the_tasks_until_the_day_is_over_and_no_longer(house: House) -> None:
    task = house.task(house.file(), to="ruth")
    ruth, marta = house.browser("ruth"), house.browser("marta")
    assert ruth.post("/me/away", delegate="marta", until=day(2)).status_code == 303
    assert task.id in marta.get("/inbox").text
    assert "Marta Wiśniewska stands in for you" in ruth.get("/inbox").text
    with house.database.write() as connection:
        connection.execute(absence.update().values(until=written(now() - timedelta(seconds=1))))
    assert task.id not in marta.get("/inbox").text


def test_whoever_stands_in_gains_no_right(house: House) -> None:
    beyond = house.task(house.file(), "640.00", to="ruth")
    house.browser("ruth").post("/me/away", delegate="marta", until=day(2))
    marta = house.browser("marta")
    assert 'value="approve"' not in marta.get(f"/tasks/{beyond.id}").text
    assert marta.answer(beyond, "approve").status_code == 422
    assert house.standing(beyond) == "open"


@pytest.mark.parametrize(
    ("delegate", "until"),
    [("kwame", 2), ("priya", 2), ("ruth", 2), ("nobody", 2), ("marta", -1), ("marta", 500)],
    ids=["another department", "not active", "oneself", "nobody", "a day that is over", "too long"],
)
def test_only_somebody_who_could_decide_it_anyway_stands_in_and_not_for_ever(house: House, delegate: str, until: int) -> None:
    ruth = house.browser("ruth")
    assert ruth.post("/me/away", delegate=delegate, until=day(until)).status_code == 422
    assert ruth.post("/me/away", delegate="marta", until="soon").status_code == 422
    assert "I am back" not in ruth.get("/me/away").text


def test_going_and_coming_back_are_on_record(house: House) -> None:
    ruth = house.browser("ruth")
    ruth.post("/me/away", delegate="marta", until=day(2))
    ruth.post("/me/back")
    ruth.post("/me/back")
    house.engine.ledger.drain()
    rows = [(row.by.id, row.outcome, row.detail.get("to")) for row in house.engine.ledger.scan() if row.by.id == "ruth"]
    assert rows == [("ruth", "away", "marta"), ("ruth", "back", None)]


def test_a_question_reaches_only_who_may_see_the_case_and_is_answered_once_by_them(house: House) -> None:
    task = house.task(house.file())
    marta, lena, jonas = (house.browser(who) for who in ("marta", "lena", "jonas"))
    assert marta.answer(task, "ask", whom="kwame", reason__ask="Why?").status_code == 403
    assert marta.answer(task, "ask", whom="lena").status_code == 422
    assert marta.answer(task, "ask", whom="lena", reason__ask="Did she call?").status_code == 303
    assert "Did she call?" in lena.get("/inbox").text
    assert "Did she call?" not in jonas.get("/inbox").text
    page = lena.get(f"/tasks/{task.id}").text
    place = page[page.index('action="/questions/') :].split('"')[1]
    assert jonas.post(place, words="yes").status_code == 409
    assert lena.post(place, words=" ").status_code == 409
    assert lena.post(place, words="<b>yes</b>").status_code == 303
    assert lena.post(place, words="no").status_code == 409
    assert "&lt;b&gt;yes&lt;/b&gt;" in marta.get(f"/tasks/{task.id}").text
    assert task.id not in lena.get("/inbox").text
    assert house.standing(task) == "open"


def test_what_somebody_may_not_be_given_stays_and_is_counted(house: House) -> None:
    case = house.file()
    tasks = [house.task(case, "300.00"), house.task(case, "301.00")]
    marta = house.browser("marta")
    assert marta.post("/inbox/assign", tasks=[one.id for one in tasks], to="jonas").headers["location"] == "/inbox?given=2&left=0"
    assert marta.post("/inbox/assign", tasks=[tasks[0].id], to="kwame").headers["location"] == "/inbox?given=0&left=1"
    assert tasks[0].id in house.browser("jonas").get("/inbox").text


def test_the_list_is_narrowed_by_reason_with_its_count(house: House) -> None:
    case = house.file()
    house.task(case, "300.00")
    other = house.task(case, "200.00", remedies_before=1)
    held = other.failed[0]
    marta = house.browser("marta")
    page = marta.get("/inbox?narrow=1").text
    assert held.words in page
    narrowed = marta.get(f"/inbox?reason={held.policy}/{held.position}").text
    assert 'data-task="' + other.id in narrowed
    assert len(re.findall(r'<li class="row', narrowed)) == 1
    assert "not so" not in marta.get("/inbox?reason=nothing.like.this/1").text
