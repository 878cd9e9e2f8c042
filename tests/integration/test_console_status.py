"""How a case stands, behind the link of a letter: nobody signs in, and no link shows another case."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from baton.cases import stages, store
from baton.cases.clock import now, written
from baton.cases.tables import case as table
from baton.console.statusview import STAYS
from baton.links import Links
from baton.store import Database
from baton.types.cases import Outcome
from baton.types.ids import CaseId, PersonId
from tests.integration.console_house import House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


@pytest.fixture
def case(house: House) -> CaseId:
    """A case that went from intake to claims."""
    id = CaseId(house.file())
    with house.database.write() as connection:
        stages.enter_stage(connection, id, 1, "claims", "intake", PersonId("marta"), now() + timedelta(hours=8), {})
    return id


def asked(house: House, link: str) -> tuple[int, str]:
    answer = TestClient(house.app).get(f"/status/{link}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.text


def test_whoever_wrote_sees_where_their_case_is_and_that_it_is_not_their_turn(house: House, case: CaseId) -> None:
    status, text = asked(house, Links(house.home).to_case(case))
    assert status == 200
    for words in (case, "We are at work on it", "Claims", 'aria-current="step"', "Next step by"):
        assert words in text, words


def test_it_says_when_it_is_their_turn_and_when_all_is_over(house: House, case: CaseId) -> None:
    link = Links(house.home).to_case(case)
    with house.database.write() as connection:
        store.set_status(connection, case, "waiting")
    assert "we wait for your answer" in asked(house, link)[1]
    with house.database.write() as connection:
        store.close(connection, case, Outcome(result="gift card", words="50 EUR to C-1, on the word of marta"))
    status, text = asked(house, link)
    assert (status, "Gift card" in text, "It is closed" in text) == (200, True, True)
    assert "on the word of" not in text  # what staff read in their table is not for the customer


def test_only_the_whole_link_opens_the_case_and_no_other(house: House, case: CaseId) -> None:
    other = CaseId(house.file("Another kettle"))
    link = Links(house.home).to_case(case)
    seal = link.rpartition(".")[2]
    for wrong in (case, f"{case}.", link[:-1], f"{other}.{seal}", f"{case}.{'A' * 43}"):
        status, text = asked(house, wrong)
        assert status == 404, wrong
        assert "We are at work" not in text


def test_a_link_to_one_thing_does_not_open_another(house: House, case: CaseId) -> None:
    browser = TestClient(house.app)
    assert browser.get(f"/sign/{Links(house.home).to_case(case)}").status_code == 404
    assert browser.get(f"/cases/{case}", follow_redirects=False).status_code == 303  # still asks who it is


def test_the_link_ends_some_time_after_its_case(house: House, case: CaseId) -> None:
    with house.database.write() as connection:
        store.close(connection, case, Outcome(result="declined"))
        long_ago = written(now() - STAYS - timedelta(days=1))
        connection.execute(update(table).where(table.c.id == case).values(closed=long_ago))
    assert asked(house, Links(house.home).to_case(case))[0] == 410


def test_a_german_browser_is_answered_in_german(house: House, case: CaseId) -> None:
    link = Links(house.home).to_case(case)
    text = TestClient(house.app).get(f"/status/{link}", headers={"Accept-Language": "de"}).text
    assert "Sie brauchen nichts zu tun" in text
