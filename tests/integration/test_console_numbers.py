"""The work in numbers: every sum from what was recorded, and a chart that says no more than its table."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from baton.cases import stages, store
from baton.cases.clock import now
from baton.console.charts import Bar, Part, bars
from baton.console.numbersview import numbers, overlap
from baton.store import Database
from tests.integration.console_house import House
from tests.integration.console_record import answered, judged, written

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


def test_time_that_two_tasks_wait_together_counts_once() -> None:
    assert overlap([(at(0), at(10)), (at(5), at(20))], at(0), at(60)) == 20 * 60
    assert overlap([(at(-5), at(5)), (at(58), at(90))], at(0), at(60)) == 7 * 60
    assert overlap([(at(70), at(90))], at(0), at(60)) == 0


def test_the_sums_are_those_of_what_was_decided(house: House) -> None:
    for name, says in (("Kettle", "approve"), ("Toaster", "reject"), ("Mixer", "")):
        task = house.task(house.file(name), "389.00")
        verdict = judged(house, task)
        if says:
            answered(house, task, verdict, says=says)
            with house.database.write() as connection:
                store.change_task(connection, task.model_copy(update={"status": "decided", "decided": now()}))
    late = house.task(house.file("Lamp"), "412.00", hours=-1)
    judged(house, late)
    house.engine.ledger.drain()
    found = numbers(house.database, 30)
    (share,) = found.shares
    assert share.name == "warranty_claim: erp.issue_gift_card"
    assert (share.alone, share.approved, share.rejected, share.waiting) == (0, 1, 1, 2)
    (waits,) = found.waiting
    assert (waits.department, waits.tasks, waits.late) == ("claims", 2, 1)
    why = next(one for one in found.reasons if one.rule == "gift-card.alone.eur")
    assert (why.share.total, why.share.approved, why.share.rejected, why.share.waiting) == (4, 1, 1, 2)
    assert [(row.stage, row.passed) for row in found.stages] == [("claims", 0)]
    assert found.cases == 4
    assert not found.cut


def test_a_stage_is_split_into_waiting_and_working(house: House) -> None:
    case = house.file()
    task = house.task(case)
    over = now() + timedelta(hours=10)
    with house.database.write() as connection:
        decided = task.opened + timedelta(hours=6)
        store.change_task(connection, task.model_copy(update={"status": "decided", "decided": decided}))
        stages.leave_stage(connection, case, 1, over, "")
    (stage,) = numbers(house.database, 7).stages
    assert stage.waiting == pytest.approx(6 * 3600, abs=60)
    assert stage.working == pytest.approx(4 * 3600, abs=60)
    assert (stage.passed, stage.missed) == (1, 1)  # the clock ran for eight hours


def test_what_an_agent_did_alone_counts_as_such(house: House) -> None:
    task = house.task(house.file())
    verdict = judged(house, task)
    alone = verdict.model_copy(update={"id": "d-alone", "step": f"{task.case}/9/0", "outcome": "autonomous", "private": {}})
    with house.database.write() as connection:
        house.engine.ledger.append(connection, alone)
    written(house, task, verdict)
    house.engine.ledger.drain()
    (share,) = numbers(house.database, 90).shares
    assert (share.alone, share.waiting, share.total) == (1, 1, 2)


def test_only_those_who_run_the_work_see_its_numbers(house: House) -> None:
    house.task(house.file())
    assert house.browser("marta").get("/numbers").status_code == 403
    ruth = house.browser("ruth")
    assert 'href="/numbers"' in ruth.get("/inbox").text
    for path in ("/numbers", "/numbers?days=1", "/numbers?days=-5", "/numbers?process=warranty_claim"):
        answer = ruth.get(path)
        assert answer.status_code == 200
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script>", answer.text)
    assert "As a table" in ruth.get("/numbers").text


def test_an_empty_house_has_a_page_of_numbers_too(house: House) -> None:
    page = house.browser("beatrix").get("/numbers").text
    assert "Nothing waits for a person." in page


def test_a_chart_draws_its_numbers_and_tells_them_in_words() -> None:
    def part(value: int, colour: str) -> Part:
        return Part(value=value, colour=colour, words=f"{colour}: {value}")

    lines = [
        Bar(label="Claims <b>", parts=(part(3, "rest"), part(1, "late")), says="4 tasks"),
        Bar(label="Finance", parts=(part(2, "rest"),), says="2 tasks"),
    ]
    drawn = str(bars(lines, "Tasks"))
    assert 'aria-label="Tasks. Claims &lt;b&gt;: 4 tasks; Finance: 2 tasks"' in drawn
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert widths[2] == pytest.approx(2 * widths[1], rel=0.01)
    assert "style=" not in drawn
