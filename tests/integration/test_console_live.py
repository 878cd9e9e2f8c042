"""Live updates: what happened between the drawing of a page and the first look is told, and nothing is told twice."""

from pathlib import Path

import pytest

from baton.cases.clock import now, written
from baton.console.live import Change, Drawn, Live
from baton.store import Database
from tests.integration.console_house import House


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


def at_once() -> str:
    return written(now())


async def told(house: House, drawn: Drawn, looks: int = 2) -> list[Change]:
    """Everything that a page is told in so many looks."""
    live = Live(house.database)
    async with live.listening(drawn) as changes:
        for _ in range(looks):
            await live.look()
        return [changes.get_nowait() for _ in range(changes.qsize())]


async def test_a_task_that_was_decided_before_the_first_look_is_told_once(house: House) -> None:
    task = house.task(house.file(), "300.00")
    drawn = Drawn(at=at_once(), task=task.id, standing="open")
    ruth = house.browser("ruth")
    ruth.get(f"/tasks/{task.id}")
    assert ruth.answer(task, "reject", reason__reject="no").status_code == 303
    await house.app.state.outbox.send_due()
    assert [(one.kind, one.task, one.status) for one in await told(house, drawn)] == [("decided", task.id, "decided")]


async def test_a_task_that_was_opened_before_the_first_look_is_told_once_and_an_older_one_never(house: House) -> None:
    case = house.file()
    house.task(case, "300.00")
    drawn = Drawn(at=at_once())
    fresh = house.task(case, "301.00", to="jonas")
    assert [(one.kind, one.task, one.assignee) for one in await told(house, drawn)] == [("opened", fresh.id, "jonas")]


async def test_a_stop_that_the_page_does_not_show_is_told_and_one_that_it_shows_is_not(house: House) -> None:
    assert [one.kind for one in await told(house, Drawn(at=at_once(), stops=("gone",)))] == ["stops"]
    assert await told(house, Drawn(at=at_once(), stops=())) == []
