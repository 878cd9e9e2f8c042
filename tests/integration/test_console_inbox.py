"""The inbox: whose tasks, in which order, a page at a time, and many approved at once."""

import asyncio
import re
from pathlib import Path

import pytest

from baton.console.work import PAGE
from baton.store import Database
from tests.integration.console_house import House


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


def tasks_of(page: str) -> list[str]:
    return re.findall(r'class="row[^"]*" data-task="([^"]+)"', page)


def test_mine_and_my_teams_are_apart_and_the_most_urgent_comes_first(house: House) -> None:
    case = house.file()
    late = house.task(case, "300.00", hours=-1)
    later = house.task(case, "301.00", hours=40)
    colleague = house.task(case, "302.00", to="jonas", hours=1)
    page = house.browser("marta").get("/inbox").text
    assert tasks_of(page) == [late.id, later.id]
    assert "late 1h 00m" in page
    assert "Due soon" in page
    assert "Later" in page
    assert "Ilse de Wit" in page
    assert "€300.00" in page
    team = house.browser("ruth").get("/inbox?view=team").text
    assert tasks_of(team) == [late.id, colleague.id, later.id]


def test_a_long_list_comes_a_page_at_a_time_and_every_task_once(house: House) -> None:
    case = house.file()
    made = [house.task(case, f"{300 + number}.00", hours=1 + number // 7).id for number in range(2 * PAGE + 5)]
    marta, path = house.browser("marta"), "/inbox"
    seen: list[str] = []
    for _ in range(3):
        page = marta.get(path).text
        seen += tasks_of(page)
        more = re.search(r'class="more" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert path == ""
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("words", "hits"), [("kettle", 1), ("ILSE", 1), ("WC-1001", 1), ("300.00", 1), ("100%", 0), ("_", 0)])
def test_search_finds_by_case_name_subject_and_title(house: House, words: str, hits: int) -> None:
    house.task(house.file(), "300.00")
    marta = house.browser("marta")
    assert len(tasks_of(marta.get("/inbox").text)) == 1
    assert len(tasks_of(marta.client.get("/inbox", params={"q": words}).text)) == hits


def test_many_are_approved_at_once_but_only_those_with_the_same_single_reason(house: House) -> None:
    case = house.file()
    alike = [house.task(case, f"{300 + number}.00") for number in range(2)]
    other = house.task(case, "200.00", remedies_before=1)
    beyond = house.task(case, "640.00")  # over a handler's limit
    marta = house.browser("marta")
    sole = f"{alike[0].failed[0].policy}/{alike[0].failed[0].position}"
    assert f'data-sole="{sole}"' in marta.get("/inbox").text
    answer = marta.post("/inbox/approve", tasks=[*(task.id for task in alike), other.id, beyond.id], sole=sole)
    assert answer.headers["location"] == "/inbox?approved=2&left=2"
    asyncio.run(house.app.state.outbox.send_due())
    assert [house.standing(task) for task in (*alike, other, beyond)] == ["decided", "decided", "open", "open"]


def test_an_empty_inbox_says_what_to_do_next(house: House) -> None:
    assert "one tab away" in house.browser("marta").get("/inbox").text


def test_the_same_page_in_german(house: House) -> None:
    house.task(house.file())
    page = house.browser("marta").get("/inbox", **{"Accept-Language": "de-DE,de;q=0.9"}).text
    assert '<html lang="de">' in page
    assert "Posteingang" in page
    assert "389,00" in page
