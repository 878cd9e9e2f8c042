"""Deciding in the console: evidence and reasons on the page, answers through the outbox, refused where the policies refuse."""

import asyncio
from pathlib import Path

import pytest

from baton.console.outbox import Outbox
from baton.console.tables import answer, view
from baton.store import Database
from baton.types.cases import Task
from tests.integration.console_house import House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


def outbox(house: House) -> Outbox:
    found: Outbox = house.app.state.outbox
    return found


def deliver(house: House) -> int:
    """What the sending loop does, once."""
    return asyncio.run(outbox(house).send_due())


def status(house: House, task: Task) -> str:
    said = outbox(house).on_task(task.id)
    return said.status if said else "nothing said"


def test_the_page_shows_both_readings_with_proof_and_every_failed_condition(house: House) -> None:
    task = house.task(house.file(), in_warranty=False)
    page = house.browser("marta").get(f"/tasks/{task.id}").text
    assert 'points="97.5,146.2' in page  # the polygon as it is turned, over a page of 1000 by 1500
    assert '<mark data-field="serial" class="open"' in page
    assert "4Q7-8<mark>8</mark>213B" in page
    assert "4Q7-8<mark>B</mark>213B" in page
    for clause in task.failed:
        assert clause.words in page
        assert clause.policy in page
    assert task.proposal is not None
    assert house.engine.policies.hash[:7] in page
    assert "/1.webp" in page


def test_an_approval_reaches_the_case_once_and_says_what_was_on_the_screen(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    marta.get(f"/tasks/{task.id}")
    _opened_long_ago(house)
    assert marta.answer(task, "approve", seconds="2.5").status_code == 303
    assert (status(house, task), house.standing(task)) == ("held", "open")
    assert deliver(house) == 1
    while status(house, task) == "pending":  # a machine under load takes its time: what was sent is sent again
        _make_due(house)
        deliver(house)
    assert (status(house, task), house.standing(task), house.cases.taken) == ("accepted", "decided", 1)
    assert deliver(house) == 0
    row = next(row for row in house.engine.ledger.of_case(task.case) if row.kind == "answer")
    assert (row.outcome, row.by.id, row.by.roles) == ("approve", "marta", ("claims-handler",))
    shown = row.detail["shown"]
    assert isinstance(shown, list)
    assert {"console task page", "field serial", "chose reading 2 of serial", "facts"} <= set(map(str, shown))
    assert float(str(row.detail["seconds"])) == 2.5  # what the browser counted, which is less than the task was open


def test_nobody_looked_for_longer_than_the_task_was_open(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    marta.get(f"/tasks/{task.id}")
    marta.answer(task, "approve", seconds="5000")
    said = outbox(house).on_task(task.id)
    assert said is not None
    assert said.answer.seconds < 600


def test_nothing_is_preselected_and_an_approval_without_a_choice_leads_to_the_open_field(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert "checked" not in marta.get(f"/tasks/{task.id}").text.replace("data-checked", "")
    answer = marta.answer(task, "approve", reading__serial="")
    assert answer.status_code == 422
    assert "Choose a reading first." in answer.text
    assert status(house, task) == "nothing said"


def test_an_answer_can_be_withdrawn_while_it_is_held_and_not_afterwards(sqlite_database: Database, tmp_path: Path) -> None:
    house = House(sqlite_database, tmp_path / "home", settings={"undo_seconds": 30})
    task = house.task(house.file())
    marta = house.browser("marta")
    marta.answer(task, "approve")
    assert deliver(house) == 0
    said = outbox(house).on_task(task.id)
    assert said is not None
    assert said.held_for > 20
    other = house.browser("ruth").post(f"/answers/{said.answer.id}/withdraw")
    assert "on its way already" in other.text
    marta.post(f"/answers/{said.answer.id}/withdraw")
    assert outbox(house).find(said.answer.id).status == "withdrawn"
    assert house.standing(task) == "open"
    assert marta.answer(task, "approve").status_code == 303


def test_a_dead_server_shows_pending_and_the_answer_is_applied_once_when_it_is_back(house: House) -> None:
    task = house.task(house.file())
    house.up = False
    marta = house.browser("marta")
    marta.answer(task, "approve")
    deliver(house)
    assert (status(house, task), house.standing(task)) == ("pending", "open")
    assert "Pending." in marta.get(f"/tasks/{task.id}").text
    assert "pending" in marta.get("/inbox?view=waiting").text
    house.up = True
    _make_due(house)
    assert deliver(house) == 1
    assert (status(house, task), house.standing(task), house.cases.taken) == ("accepted", "decided", 1)


def _opened_long_ago(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(view.update().values(opened="2000-01-01T00:00:00.000000+00:00"))


def _make_due(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(answer.update().values(due="2000-01-01T00:00:00.000000+00:00"))


def test_two_people_on_one_task_the_second_hears_who_was_faster(house: House) -> None:
    task = house.task(house.file())
    marta, jonas = house.browser("marta"), house.browser("jonas")
    jonas.get(f"/tasks/{task.id}")
    marta.answer(task, "approve")
    assert "Marta Wiśniewska decided this" in jonas.get(f"/tasks/{task.id}/decision", **{"HX-Request": "true"}).text
    late = jonas.answer(task, "reject", reason__reject="no")
    assert late.status_code == 422
    assert "Somebody was faster" in late.text
    deliver(house)
    assert house.cases.taken == 1


def test_whoever_may_not_approve_is_told_who_may_and_is_refused_at_the_server(house: House) -> None:
    task = house.task(house.file(), "640.00")
    jonas = house.browser("jonas")
    page = jonas.get(f"/tasks/{task.id}").text
    assert 'value="approve"' not in page
    assert "Ruth Adeyemi" in page
    assert jonas.answer(task, "approve").status_code == 422
    assert status(house, task) == "nothing said"


def test_an_edit_travels_as_money_and_a_refusal_comes_back_in_words(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert marta.answer(task, "edit", set__amount="389.00").status_code == 422
    marta.answer(task, "edit", set__amount="1,000,000,000,000,000,000")
    deliver(house)
    assert status(house, task) == "refused"
    assert "do not fit" in marta.get(f"/tasks/{task.id}").text
    marta.answer(task, "edit", set__amount="300.00")
    deliver(house)
    row = next(row for row in reversed(house.engine.ledger.of_case(task.case)) if row.kind == "answer")
    assert (row.outcome, row.private["changes"]) == ("edit", {"amount": {"amount": "300.00", "currency": "EUR"}})


@pytest.mark.parametrize("says", ["reject", "return", "ask"])
def test_a_no_needs_a_reason(house: House, says: str) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert "Say why." in marta.answer(task, says).text
    assert marta.answer(task, says, **{f"reason__{says}": "the photo is blurred"}).status_code == 303


def test_an_answer_to_a_proposal_that_changed_meanwhile_is_not_taken(house: House) -> None:
    task = house.task(house.file())
    answer = house.browser("marta").answer(task.model_copy(update={"hash": "0" * 64}), "approve")
    assert "has changed since you saw it" in answer.text


def test_giving_a_task_away_is_on_record_and_only_to_somebody_who_may_decide_it(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    assert marta.post(f"/tasks/{task.id}/assign", to="kwame").status_code == 403
    assert marta.post(f"/tasks/{task.id}/assign", to="priya").status_code == 403
    assert marta.post(f"/tasks/{task.id}/assign", to="jonas").status_code == 303
    row = next(row for row in house.engine.ledger.of_case(task.case) if row.outcome == "assigned")
    assert (row.by.id, row.detail["from"], row.detail["to"]) == ("marta", "marta", "jonas")


def test_notes_are_for_everybody_who_sees_the_case_and_are_shown_as_text(house: House) -> None:
    task = house.task(house.file())
    house.browser("marta").post(f"/tasks/{task.id}/comment", words="<script>alert(1)</script> ask the shop")
    for path in (f"/tasks/{task.id}", f"/cases/{task.case}"):
        page = house.browser("ruth").get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; ask the shop" in page
        assert "<script>alert" not in page
