"""Whoever stands in for somebody sees at once what is newly put before them, in every place, and gains no right by it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from baton.cases import naming, store
from baton.cases.clock import now, written
from baton.console.absences import Away, away, stands_for
from baton.console.live import Change
from baton.console.pages.live import concerns
from baton.console.signin.visitor import Visitor
from baton.console.tables import absence
from baton.store import Database
from baton.types.cases import Task
from baton.types.ids import TaskId
from tests.integration.console_calls import person_calls
from tests.integration.console_house import STAFF, House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


def leaves(house: House, who: str, delegate: str) -> None:
    day = f"{now().astimezone() + timedelta(days=2):%Y-%m-%d}"
    assert house.browser(who).post("/me/away", delegate=delegate, until=day).status_code == 303


def question_of(house: House, department: str, to: str) -> Task:
    """A question to a department that marta has nothing to do with, put before somebody; its case has been nowhere else."""
    case = house.file(f"A matter of {department}")
    asked = house.task(case, "300.00", to=to)
    with house.database.write() as connection:
        connection.exec_driver_sql('DELETE FROM handoff WHERE "case" = ?', (case,))
        connection.exec_driver_sql("UPDATE case_file SET stage = ?, holder = NULL WHERE id = ?", (department, case))
        connection.exec_driver_sql("DELETE FROM task WHERE id = ?", (asked.id,))
        made: dict[str, Any] = {"id": TaskId("t-asked"), "kind": "question", "department": department, "stage": department}
        made |= {
            "proposal": None,
            "verdict": None,
            "failed": (),
            "approvers": (),
            "options": ("yes", "no"),
            "title": "Is it ours?",
        }
        task = asked.model_copy(update=made)
        store.open_task(connection, task)
    return task


def test_a_task_that_is_named_after_somebody_left_reaches_who_stands_in_at_once(house: House) -> None:
    leaves(house, "ruth", "marta")
    with house.database.read() as connection:
        people = {one.id: one for one in store.people(connection)}
        named = naming.of_role(people, "claims-manager", store.load_of(connection))
    assert named == "ruth", "who is named is asked of the records of the staff, as ever"
    task = house.task(house.file(), to=named)
    marta, jonas = house.browser("marta"), house.browser("jonas")
    assert task.id in marta.get("/inbox").text
    assert task.id not in jonas.get("/inbox").text
    assert "You stand in for Ruth Adeyemi" in marta.get(f"/tasks/{task.id}").text
    assert [one["id"] for one in person_calls(house, "marta").get("/tasks").json()["items"]] == [task.id]


def test_a_task_given_to_somebody_who_is_away_reaches_who_stands_in(house: House) -> None:
    task = house.task(house.file(), to="jonas")
    leaves(house, "ruth", "marta")
    marta = house.browser("marta")
    assert task.id not in marta.get("/inbox").text
    assert house.browser("jonas").post(f"/tasks/{task.id}/assign", to="ruth").status_code == 303
    assert task.id in marta.get("/inbox").text


def test_what_comes_from_another_department_is_seen_and_not_decided(house: House) -> None:
    leaves(house, "ruth", "marta")
    task = question_of(house, "finance", to="ruth")
    marta = house.browser("marta")
    inbox = marta.get("/inbox")
    assert (inbox.status_code, task.id in inbox.text) == (200, True)
    page = marta.get(f"/tasks/{task.id}")
    assert (page.status_code, 'value="approve"' in page.text) == (200, False)
    assert marta.answer(task, "approve", option="yes").status_code == 422
    assert marta.post(f"/tasks/{task.id}/assign", to="marta").status_code == 403
    assert house.standing(task) == "open"
    assert house.browser("jonas").get(f"/tasks/{task.id}").status_code == 403
    with house.database.write() as connection:
        store.change_task(connection, task.model_copy(update={"status": "closed"}))
    assert marta.get(f"/tasks/{task.id}").status_code == 403, "what is over is no longer theirs to see"


def test_when_who_stands_in_leaves_too_it_goes_on_to_whoever_stands_in_for_them(house: House) -> None:
    leaves(house, "ruth", "marta")
    leaves(house, "marta", "jonas")
    task = house.task(house.file(), to="ruth")
    jonas = house.browser("jonas")
    assert task.id in jonas.get("/inbox").text
    assert "You stand in for Ruth Adeyemi" in jonas.get(f"/tasks/{task.id}").text
    with house.database.write() as connection:
        connection.execute(
            absence.update().where(absence.c.person == "marta").values(until=written(now() - timedelta(seconds=1)))
        )
    assert task.id not in jonas.get("/inbox").text
    assert task.id in house.browser("marta").get("/inbox").text


def test_a_ring_of_absences_comes_to_an_end() -> None:
    at = now()
    ring = {
        a: Away(person=a, delegate=b, since=at, until=at) for a, b in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "d"), ("e", "a"))
    }
    assert stands_for("a", ring) == {"b", "c", "e"}
    assert stands_for("z", ring) == frozenset()


async def test_the_open_page_of_who_stands_in_is_told_too(house: House) -> None:
    leaves(house, "ruth", "marta")
    visitors = {one.id: Visitor(one, "", "", "", house.bench) for one in STAFF}
    new = Change(kind="opened", task="t-1", title="x", department="finance", assignee="ruth")
    assert [who for who in ("marta", "jonas", "ruth", "lena") if await concerns(new, visitors[who])] == ["marta", "ruth"]
    with house.database.read() as connection:
        assert away(connection, now()).keys() == {"ruth"}
