"""What the console keeps in memory never outlives what it was made from: rights, staff, policies, tasks, stops, readings."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from baton.cases import store
from baton.console.outbox import Outbox
from baton.console.signin.visitor import may_do
from baton.console.staff import staff
from baton.governance import stops
from baton.governance.policy import Bundle, Policies
from baton.store import Database
from baton.types.ids import TaskId
from baton.types.people import Actor, Person
from tests.integration.console_house import STAFF, House
from tests.policies.claims import POLICIES


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = Database(f"sqlite:///{tmp_path / 'baton.db'}")
    database.migrate()
    yield House(database, tmp_path)
    database.close()


def now_is(house: House, id: str, **changes: object) -> Person:
    """Somebody of the staff, as the records have them from now on."""
    changed = next(one for one in STAFF if one.id == id).model_copy(update=changes)
    with house.database.write() as connection:
        store.keep_people(connection, [changed])
    return changed


def test_a_role_that_is_withdrawn_takes_the_button_with_it(house: House) -> None:
    task = house.task(house.file(), to="ruth")
    ruth = house.browser("ruth")
    assert 'id="approve"' in ruth.get(f"/tasks/{task.id}").text
    now_is(house, "ruth", roles=frozenset())
    after = ruth.get(f"/tasks/{task.id}").text
    assert 'id="approve"' not in after
    now_is(house, "ruth")
    assert 'id="approve"' in ruth.get(f"/tasks/{task.id}").text


def test_whoever_changes_departments_no_longer_sees_the_cases_of_the_old_one(house: House) -> None:
    case = house.file()
    house.task(case)
    jonas = house.browser("jonas")
    assert jonas.get(f"/cases/{case}").status_code == 200
    now_is(house, "jonas", department="quality", roles=frozenset({"quality-engineer"}))
    assert jonas.get(f"/cases/{case}").status_code == 403


def test_whoever_is_not_active_any_more_is_signed_out_at_once(house: House) -> None:
    jonas = house.browser("jonas")
    assert jonas.get("/inbox").status_code == 200
    now_is(house, "jonas", active=False)
    assert jonas.get("/inbox").status_code == 303


def test_a_new_name_of_somebody_stands_on_the_next_page(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert "Ruth Adeyemi" in marta.get(f"/tasks/{task.id}").text
    now_is(house, "ruth", name="Ruth Bello")
    after = marta.get(f"/tasks/{task.id}").text
    assert "Ruth Bello" in after
    assert "Ruth Adeyemi" not in after


def test_other_policies_are_asked_anew(house: House) -> None:
    marta = next(one for one in STAFF if one.id == "marta")
    asked = (marta, "baton:view_case", "claims", "", "", "")
    assert may_do(POLICIES, *asked).allowed
    texts = POLICIES.bundle.texts
    forbidden = 'forbid (principal, action == Action::"baton:view_case", resource);'
    rule = f'@id("nobody-looks")\n@reason("nobody looks at cases")\n{forbidden}\n'
    stricter = Policies(Bundle(texts={**texts, "shared.cedar": texts["shared.cedar"] + "\n" + rule}))
    assert not may_do(stricter, *asked).allowed
    assert may_do(POLICIES, *asked).allowed


def test_a_stop_stands_on_the_next_page_and_goes_with_its_end(house: House) -> None:
    lena, by = house.browser("lena"), Actor(kind="person", id="ruth")
    assert "banner-bad" not in lena.get("/inbox").text
    with house.database.write() as connection:
        stops.set_stop(connection, "warranty_claim", "", by, "wrong prices")
    assert "wrong prices" in lena.get("/inbox").text
    with house.database.write() as connection:
        stops.lift(connection, "warranty_claim", "")
    assert "banner-bad" not in lena.get("/inbox").text


def test_a_row_changes_with_its_task_and_goes_when_it_is_decided(house: House) -> None:
    task = house.task(house.file())
    other = house.task(house.file("Toaster broke"))
    marta = house.browser("marta")
    assert _rows(marta.get("/inbox?rows=1").text) == {task.id, other.id}
    with house.database.write() as connection:
        store.change_task(connection, task.model_copy(update={"assignee": "jonas"}))
    assert _rows(marta.get("/inbox?rows=1").text) == {other.id}
    with house.database.write() as connection:
        store.change_task(connection, task.model_copy(update={"assignee": "marta", "failed": task.failed[:1]}))
        found = store.task(connection, TaskId(other.id))
        store.change_task(connection, found.model_copy(update={"status": "decided"}))
    assert _rows(marta.get("/inbox?rows=1").text) == {task.id}
    assert _count(marta.get("/inbox").text) == 1


def test_a_case_that_is_called_otherwise_is_called_so_in_the_list(house: House) -> None:
    case = house.file()
    house.task(case)
    marta = house.browser("marta")
    assert "Kettle broke" in marta.get("/inbox?rows=1").text
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE case_file SET body = json_set(body, '$.subject', 'Pot <b>broke</b>')")
    text = marta.get("/inbox?rows=1").text
    assert "Pot &lt;b&gt;broke&lt;/b&gt;" in text
    assert "<b>broke" not in text


def test_a_document_that_is_read_again_shows_what_was_read_last(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert "my kettle broke" in marta.get(f"/tasks/{task.id}").text
    with house.database.read() as connection:
        body = store.messages(connection, task.case)[0].body
    before = house.documents.reading(body.id)
    assert before is not None
    page = before.pages[0].model_copy(update={"text": before.pages[0].text.replace("kettle", "samovar")})
    house.documents.put_reading(before.model_copy(update={"pages": (page,)}))
    after = marta.get(f"/tasks/{task.id}").text
    assert "my samovar broke" in after


def test_the_same_staff_is_the_same_object_until_the_records_change(house: House) -> None:
    with house.database.read() as connection:
        first, second = staff(connection), staff(connection)
    assert first is second
    now_is(house, "lena", email="lena.okafor@example.com")
    with house.database.read() as connection:
        third = staff(connection)
    assert third is not first
    assert third.by_id["lena"].email == "lena.okafor@example.com"


def _rows(text: str) -> set[str]:
    return set(re.findall(r'<li class="row[^"]*" data-task="([^"]*)"', text))


def _count(text: str) -> int:
    found = re.search(r'id="list-title">Inbox <span class="count">(\d+)</span>', text)
    assert found
    return int(found[1])


async def test_without_time_for_an_undo_an_answer_goes_out_at_once_and_is_heard_of(house: House) -> None:
    task = house.task(house.file())
    outbox = Outbox(house.bench)
    async with outbox.sending():
        said = await asyncio.to_thread(outbox.keep, next(one for one in STAFF if one.id == "ruth"), task, "approve")
        assert (said.status, said.tries) == ("pending", 1)
        heard = await outbox.settled(said.answer.id, 30)
    assert heard.status == "accepted"
    assert house.cases.taken == 1


async def test_an_answer_whose_process_ended_before_it_was_sent_is_sent_by_the_next(house: House) -> None:
    task = house.task(house.file())
    ended = Outbox(house.bench)
    async with ended.sending():
        ended._start = lambda said: None  # type: ignore[method-assign]  # the process ends between keeping and sending
        said = await asyncio.to_thread(ended.keep, next(one for one in STAFF if one.id == "ruth"), task, "approve")
    assert house.cases.taken == 0
    following = Outbox(house.bench)
    assert await following.send_due() == 0  # not before its turn: it might still be on its way
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE console_answer SET due = '2020-01-01T00:00:00+00:00'")
    assert await following.send_due() == 1
    assert following.find(said.answer.id).status == "accepted"
    assert house.cases.taken == 1
