"""Clocks run out on a server that skips time: somebody else is named, everybody can see it, and the case still ends."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import clocked
import petty_cash
import pytest
import pytest_asyncio
from office import PROJECT, Office, a_message, an_engine
from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from baton.cases import store
from baton.cases.bookkeeping import Bookkeeping
from baton.deciding import Refused
from baton.governance.interceptors import Governance
from baton.governance.policy import Bundle, Policies
from baton.runtime.sandbox import sandbox
from baton.store import Database
from baton.types.cases import Outcome, Task

pytestmark = pytest.mark.asyncio(loop_scope="module")
SERVER = Path(sys.executable).parent / "temporal-test-server"
PATIENCE = 30.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A real server whose time goes as fast as it is told to."""
    async with await asyncio.wait_for(
        WorkflowEnvironment.start_time_skipping(test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter),
        PATIENCE,
    ) as environment:
        yield environment


@dataclass
class ClockedOffice(Office):
    """An office whose days pass at will."""

    environment: WorkflowEnvironment | None = None

    async def pass_time(self, hours: float) -> None:
        """So many hours later."""
        assert self.environment
        await asyncio.wait_for(self.environment.sleep(timedelta(hours=hours)), PATIENCE)

    async def open(self, subject: str) -> WorkflowHandle[Any, Any]:
        """A case that waits."""
        message = a_message(subject)
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "clocked", f"CL{uuid.uuid4().hex[:6].upper()}", message)
        return await self.client.start_workflow("Clocked", message, id=case, task_queue=self.queue)

    async def escalated(self, case: WorkflowHandle[Any, Any], times: int) -> list[tuple[str | None, str | None]]:
        """From whom to whom the task went, once it went so often."""
        for _ in range(int(PATIENCE / 0.05)):
            late = [row for row in self.rows(case, "handoff") if row.outcome == "escalated"]
            if len(late) >= times:
                return [(row.detail["from"], row.detail["to"]) for row in late]  # type: ignore[misc]  # JSON
            await asyncio.sleep(0.05)
        raise AssertionError(f"not escalated {times} times: {self.rows(case)}")

    def alerts(self, case: WorkflowHandle[Any, Any]) -> list[str]:
        """What somebody has to look at."""
        with self.engine.database.read() as connection:
            return [alert["words"] for alert in store.alerts(connection) if alert["case"] == case.id]

    async def ended(self, case: WorkflowHandle[Any, Any]) -> dict[str, Any]:
        """The outcome, without more time passing."""
        assert self.environment
        with self.environment.auto_time_skipping_disabled():
            return dict(await asyncio.wait_for(case.result(), PATIENCE))


@pytest_asyncio.fixture(loop_scope="module")
async def office(
    skipping: WorkflowEnvironment, sqlite_database: Database, tmp_path: Path, fresh_till: petty_cash.Till
) -> AsyncIterator[ClockedOffice]:
    """An office at work, with clocks for its departments."""
    engine = an_engine(sqlite_database, tmp_path)
    shared = (PROJECT / "policies" / "shared.cedar").read_text()
    texts = {"shared.cedar": shared, "petty_cash.cedar": petty_cash.POLICY, "tables/clocks.csv": clocked.CLOCKS}
    engine = replace(engine, policies=Policies(Bundle(texts=texts), list(engine.declarations.values())))
    made = ClockedOffice(skipping.client, engine, tmp_path, environment=skipping)
    worker = Worker(
        skipping.client,
        task_queue=made.queue,
        workflows=[clocked.Clocked, petty_cash.PettyCash],
        activities=[petty_cash.pay_out, petty_cash.look_at, *Bookkeeping(engine).activities()],
        interceptors=[Governance(engine)],
        workflow_runner=sandbox(),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(worker)
        yield made
        with engine.database.read() as connection:
            left = [case.id for case in store.cases(connection) if case.status != "closed"]
        assert left == [], "a case that still waits would see its time pass in the next test"


def named(office: ClockedOffice, case: WorkflowHandle[Any, Any]) -> Callable[[], Task]:
    """The case's only task, as it stands."""
    return lambda: office.tasks(case)[0]


async def test_a_clock_that_runs_out_gives_the_task_to_the_next_named_person_of_the_ladder(office: ClockedOffice) -> None:
    case = await office.open("desk")
    task = await office.task(case)
    assert task.assignee == "carl"
    await office.pass_time(3.9)
    assert office.alerts(case) == []
    await office.pass_time(0.2)
    assert await office.escalated(case, 1) == [("carl", "hans")]
    assert named(office, case)().assignee == "hans"
    assert office.alerts(case) == [f"task {task.id} of case {case.id} is late: hans (head-cashier) has it now"]
    await office.pass_time(1.8)
    assert len(office.alerts(case)) == 1
    await office.pass_time(0.3)
    assert await office.escalated(case, 2) == [("carl", "hans"), ("hans", "dora")]
    assert named(office, case)().rung == 2
    await office.say(named(office, case)(), "dora", "approve", changes={"option": "left"})
    assert await office.ended(case) == Outcome(result="left", words="dora").model_dump()
    assert len(office.alerts(case)) == 2


async def test_the_last_of_the_ladder_is_reminded_and_then_the_task_waits_without_further_noise(office: ClockedOffice) -> None:
    case = await office.open("desk")
    await office.task(case)
    await office.pass_time(100)
    assert await office.escalated(case, 5) == [("carl", "hans"), ("hans", "dora"), *[("dora", "dora")] * 3]
    await office.pass_time(1000)
    assert len(office.alerts(case)) == 5
    assert office.case(case).status == "open"
    await office.say(named(office, case)(), "cora", "approve", changes={"option": "right"})
    assert await office.ended(case) == Outcome(result="right", words="cora").model_dump()


async def test_a_department_where_nobody_is_available_is_unassigned_and_escalated_at_once(office: ClockedOffice) -> None:
    case = await office.open("empty")
    assert await office.escalated(case, 1) == [(None, "hans")]
    rows = [row.outcome for row in office.rows(case, "handoff")]
    assert rows == ["opened", "unassigned", "escalated"]
    assert len(office.alerts(case)) == 1
    await office.pass_time(1.9)
    assert len(office.alerts(case)) == 1, "the second rung has its own clock"
    with pytest.raises(Refused, match="may not answer"):
        await office.say(named(office, case)(), "carl", "approve", changes={"option": "left"})
    await office.say(named(office, case)(), "hans", "approve", changes={"option": "left"})
    assert (await office.ended(case))["result"] == "left"


async def test_a_proposal_that_nobody_may_approve_is_escalated_at_once_and_never_forbidden(
    office: ClockedOffice, fresh_till: petty_cash.Till
) -> None:
    case = await office.submit("pay 900.00")
    assert await office.escalated(case, 1) == [(None, "dora")]
    task = named(office, case)()
    assert (task.status, task.approvers, task.assignee) == ("open", (), "dora")
    assert [row.outcome for row in office.rows(case, "verdict")] == ["needs_approval"]
    await office.say(task, "hans", "edit", changes={"amount": {"amount": "400.00", "currency": "EUR"}})
    assert await office.ended(case) == Outcome(result="paid", words="400.00 EUR").model_dump()
    assert fresh_till.writes == 1


async def test_a_proposal_that_nobody_answers_in_time_climbs_and_is_paid_when_somebody_does(
    office: ClockedOffice, fresh_till: petty_cash.Till
) -> None:
    case = await office.submit("pay 30.00")
    assert (await office.task(case)).assignee == "carl"
    await office.pass_time(24.1)
    assert await office.escalated(case, 1) == [("carl", "dora")]
    assert fresh_till.writes == 0
    await office.say(named(office, case)(), "carl", "approve")
    assert (await office.ended(case))["result"] == "paid"
    assert fresh_till.writes == 1


async def test_a_reply_that_never_comes_ends_the_wait_after_seven_days(office: ClockedOffice) -> None:
    case = await office.open("customer")
    await office.pass_time(24 * 7 - 1)
    assert office.case(case).status == "waiting"
    await office.pass_time(1.1)
    assert await office.ended(case) == Outcome(result="no answer", words="").model_dump()
    assert office.case(case).status == "closed"


async def test_a_reply_on_the_seventh_day_is_heard(office: ClockedOffice) -> None:
    case = await office.open("customer")
    await office.pass_time(24 * 7 - 1)
    assert office.case(case).status == "waiting"
    await case.signal("message", a_message("here it is"))
    assert await office.ended(case) == Outcome(result="answered", words="here it is").model_dump()
