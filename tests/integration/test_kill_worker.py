"""The worker dies by SIGKILL at every step boundary, and starts again: nothing is done twice, nothing is lost."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from kill_office import KillOffice, Workers, an_office, eventually, stands_once, story
from office import PROJECT
from temporalio.client import Client

from baton.governance.stamps import SignIn
from baton.runtime.settings import load
from baton.runtime.up import Up, running
from baton.types.cases import Outcome
from baton.types.ids import PersonId
from baton.undo import ask_for_undo

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALONE = [("finding", "found"), ("verdict", "autonomous"), ("effect", "written")]
APPROVED = [
    ("finding", "found"),
    ("verdict", "needs_approval"),
    ("answer", "approve"),
    ("verdict", "approved"),
    ("effect", "written"),
]
EDITED = [("finding", "found"), ("verdict", "needs_approval"), ("answer", "edit"), ("verdict", "approved"), ("effect", "written")]
DONE_BEFORE = ("the write:after", "the read-back:", "the effect's row:before", "the effect's transaction:")
"""Killed there, the worker has paid and not said so: the next one must find the payment, not try again."""

EFFECT = [
    "the verdict's row:before:1",
    "the verdict's transaction:after:1",
    "the verdict's row:after:1",
    "the write:before:1",
    "the write:after:1",
    "the read-back:after:1",
    "the effect's transaction:after:1",
    "the effect's row:after:1",
]
AROUND = ["the handoff:after:1", "the finding's row:before:1", "the finding's row:after:1", "the end:before:1", "the end:after:1"]
ASKED = ["the verdict's row:before:1", "the verdict's row:after:1", "the answer's row:before:1", "the answer's row:after:1"]
ALLOWED = [moment.replace(":1", ":2") if moment.startswith("the verdict") else moment for moment in EFFECT]
QUICK = ("the write:after:1",)


def matrix(*moments: str, quick: tuple[str, ...] = ()) -> list[object]:
    """One test a moment; all but the quick ones are long."""
    return [pytest.param(moment, marks=() if moment in quick else pytest.mark.long) for moment in moments]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Up, Client]]:
    """A real embedded server."""
    async with running(load(project=str(PROJECT), home=str(tmp_path_factory.mktemp("home"))), workers=()) as up:
        yield up, await up.client()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Workers that may be killed."""
    found = Workers()
    yield found
    found.close()


@pytest_asyncio.fixture(loop_scope="module")
async def office(server: tuple[Up, Client], workers: Workers, migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[KillOffice]:
    """An office in a home of this test's own."""
    up, client = server
    async with an_office(client, up.address, workers, tmp_path / "home", migrated_sqlite) as found:
        yield found


def was_found(office: KillOffice, moment: str) -> None:
    """One life ended at the moment, and what had been paid by then was found rather than tried again."""
    assert office.lives() == [-signal.SIGKILL]
    tried, kept = office.box.tried(), {key for key, _, _ in office.box.payments()}
    assert tried == list(kept), f"killed at {moment}: tried {len(tried)} times"


@pytest.mark.parametrize("moment", matrix(*EFFECT, *AROUND))
async def test_killed_on_the_way_of_a_payment_made_alone(office: KillOffice, moment: str) -> None:
    async with office.at_work(KILL_AT=moment):
        case = await office.submit("pay 8.00")
        assert (await office.ended(case))["result"] == "paid"
        was_found(office, moment)
    stands_once(office, case)
    assert story(office.rows(case)) == ALONE
    [effect] = [row for row in office.rows(case) if row.kind == "effect"]
    assert effect.detail["found_again"] == moment.startswith(DONE_BEFORE)


@pytest.mark.parametrize("moment", matrix(*ASKED, *ALLOWED, quick=QUICK))
async def test_killed_on_the_way_of_a_payment_that_a_person_approves(office: KillOffice, moment: str) -> None:
    async with office.at_work(KILL_AT=moment):
        case = await office.submit("pay 30.00")
        await office.say(await office.task(case), "carl", "approve")
        assert (await office.ended(case))["result"] == "paid"
        was_found(office, moment)
    stands_once(office, case)
    assert story(office.rows(case)) == APPROVED


@pytest.mark.parametrize("moment", matrix(*ALLOWED))
async def test_killed_on_the_way_of_a_payment_that_a_person_edits(office: KillOffice, moment: str) -> None:
    async with office.at_work(KILL_AT=moment):
        case = await office.submit("pay 80.00")
        await office.say(await office.task(case), "carl", "edit", changes={"amount": {"amount": "45.00", "currency": "EUR"}})
        assert await office.ended(case) == Outcome(result="paid", words="45.00 EUR").model_dump()
        was_found(office, moment)
    stands_once(office, case)
    assert story(office.rows(case)) == EDITED


@pytest.mark.parametrize("moment", matrix("the undo:before:1", "the undo:after:1"))
async def test_killed_while_a_payment_is_taken_back(office: KillOffice, moment: str) -> None:
    async with office.at_work(KILL_AT=moment):
        case = await office.submit("pay 8.00")
        await office.ended(case)
        [effect] = [row for row in office.rows(case) if row.kind == "effect"]
        await ask_for_undo(office.client, SignIn.at(office.home), effect.id, PersonId("olga"), "mistake", office.queue)
        assert office.lives() == [-signal.SIGKILL]
    assert len(office.box.returned()) == 1
    assert story(office.rows(case)) == [*ALONE, ("undo", "allowed"), ("undo", "undone")]
    assert office.engine.ledger.verify().ok


@pytest.mark.long
async def test_an_approval_does_not_count_when_the_facts_changed_while_the_worker_was_dead(office: KillOffice) -> None:
    async with office.at_work(KILL_AT="the write:before:1"):
        case = await office.submit("pay 30.00")
        await office.say(await office.task(case), "carl", "approve")
        await eventually(office.lives, "the kill")
        office.box.pay("by hand", "ann@example.com", "5.00")
        again = await office.task(case)
        assert "owed" in again.note
        assert [key for key, _, _ in office.box.payments()] == ["by hand"]
        await office.say(again, "cora", "approve")
        assert (await office.ended(case))["result"] == "paid"
    asked_again = [*APPROVED[:-1], ("verdict", "needs_approval"), *APPROVED[2:]]
    assert story(office.rows(case)) == asked_again
    assert len(office.box.payments()) == 2


@pytest.mark.long
async def test_what_was_said_while_the_worker_was_dead_stands(office: KillOffice) -> None:
    async with office.at_work(KILL_AT="the verdict's row:after:1"):
        case = await office.submit("pay 30.00")
        task = await office.task(case)
        await office.say(task, "carl", "reject", code="no_receipt")
        assert (await office.ended(case)) == Outcome(result="rejected", words="no_receipt").model_dump()
        assert office.lives() == [-signal.SIGKILL]
    assert [task.status for task in office.tasks(case)] == ["decided"]
    assert office.box.payments() == []
