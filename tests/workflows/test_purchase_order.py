"""The purchase process on a server that skips time: real activities, real policies, the sample company and its papers."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.purchasing.doors import purchasing
from activities.systems import forget
from baton.cases import store
from baton.deciding import send, signed
from baton.governance.stamps import SignIn
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build, prepare
from baton.runtime.settings import load
from baton.runtime.up import migrate
from baton.runtime.worker import make_worker
from baton.types.cases import Task
from baton.types.ids import CaseId, PersonId
from samples.posting import first_message, reply_message
from samples.records import Sales, write_company
from samples.story import INBOX, load_story

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]
PROJECT = Path(__file__).parents[2]
PATIENCE = 60.0
TODAY = date.today()


class Company:
    """The sample company at work, as these tests see it."""

    def __init__(self, environment: WorkflowEnvironment, runtime: Runtime, home: Path) -> None:
        self.environment, self.runtime, self.home = environment, runtime, home
        self.sales = Sales(TODAY)
        self.process = runtime.project.processes["purchase_order"]

    async def receive(self, name: str) -> WorkflowHandle[Any, Any]:
        """A sample message opens its case."""
        story = load_story(next(INBOX.glob(f"{name}-*.toml")))
        return await self._post(first_message(story, TODAY, self.sales), name)

    async def reply(self, name: str) -> None:
        """What its sender writes back."""
        await self._post(reply_message(load_story(next(INBOX.glob(f"{name}-*.toml"))), TODAY, self.sales), f"{name}-reply")

    async def _post(self, data: bytes, name: str) -> WorkflowHandle[Any, Any]:
        path = self.home / f"{name}.eml"
        path.write_bytes(data)
        engine, documents, client = self.runtime.engine, self.runtime.documents, self.environment.client
        queue = self.runtime.settings.queue("work")
        done = await submit(engine, documents, client, path, self.process.name, self.process.temporal_name, queue)
        return client.get_workflow_handle(done.case)

    async def task(self, case: WorkflowHandle[Any, Any], about: str) -> Task:
        """The open task about an action, or the question, as soon as there is one."""
        for _ in range(int(PATIENCE / 0.05)):
            with self.runtime.database.read() as connection:
                found = [task for task in store.tasks(connection, None, CaseId(case.id)) if task.status == "open"]
            for task in found:
                if about == (task.proposal.action if task.proposal else "question"):
                    return task
            await asyncio.sleep(0.05)
        raise AssertionError(f"no task about {about}: {self.rows(case)}")

    async def say(self, case: WorkflowHandle[Any, Any], about: str, person: str, says: str = "approve", **more: Any) -> None:
        """What a person says to it."""
        task = await self.task(case, about)
        stamped = signed(SignIn.at(self.home), task, PersonId(person), says, shown=("test",), **more)  # type: ignore[arg-type]
        await send(self.environment.client, task.case, stamped)

    async def ended(self, case: WorkflowHandle[Any, Any]) -> str:
        """How the case ended, without time passing."""
        with self.environment.auto_time_skipping_disabled():
            return str((await asyncio.wait_for(case.result(), PATIENCE))["result"])

    def rows(self, case: WorkflowHandle[Any, Any]) -> list[str]:
        """What is on record about a case."""
        return [f"{row.kind} {row.action} {row.outcome}" for row in self.runtime.engine.ledger.of_case(CaseId(case.id))]

    def wrote(self, case: WorkflowHandle[Any, Any]) -> list[str]:
        """The effects of a case."""
        return [row.split()[1].split(".")[1] for row in self.rows(case) if row.startswith("effect") and row.endswith("written")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Company]:
    home = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"BATON_HOME": home, "BATON_PROJECT": PROJECT, "BATON_COMPANY_SEED": home / "seed"}.items():
            patch.setenv(name, str(value))
        write_company(home / "seed", TODAY)
        settings = load(project=str(PROJECT), home=str(home))
        migrate(settings)
        forget()
        runtime = build(settings)
        prepare(runtime)
        executable = str(Path(sys.executable).parent / "temporal-test-server")
        async with (
            await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=executable, data_converter=pydantic_data_converter
            ) as environment,
            make_worker(environment.client, runtime, "work"),
            make_worker(environment.client, runtime, "pages"),
        ):
            yield Company(environment, runtime, home)
        runtime.close()
        forget()


async def test_a_bill_that_agrees_is_paid_alone_by_a_file_for_the_bank(company: Company) -> None:
    case = await company.receive("71")
    assert await company.ended(case) == "paid"
    assert company.wrote(case) == ["register_bill", "pay_bill", "release_payment"]
    assert not any(row.startswith("answer") for row in company.rows(case))
    payment = (await purchasing().payments_of("V-HAV"))[-1]
    file = (company.home / "bank" / f"{payment.reference}.pain.001.xml").read_text("utf-8")
    assert "<IBAN>NL91ABNA0417164300</IBAN>" in file
    assert '<InstdAmt Ccy="EUR">1372.14</InstdAmt>' in file


async def test_an_order_that_nobody_confirms_or_bills_ends_after_sixty_days(company: Company) -> None:
    case = await company.receive("65")
    for _ in range(400):
        if "send_order" in company.wrote(case):
            break
        await asyncio.sleep(0.05)
    await company.environment.sleep(timedelta(days=61))
    assert await company.ended(case) == "ordered"
    assert company.wrote(case) == ["place_order", "send_order"]
    letter = next(path for path in (company.home / "outbox").glob("*.eml") if b"X-Letter: purchase_order" in path.read_bytes())
    assert b".pdf" in letter.read_bytes()
    assert b"application/xml" in letter.read_bytes()


async def test_a_changed_account_is_put_on_file_by_a_person_and_still_not_paid_alone(company: Company) -> None:
    case = await company.receive("74")
    task = await company.task(case, "question")
    assert task.department == "vendor-management"
    assert task.evidence["contact"] == "Joris Haan, +31 10 555 0178"
    await company.say(case, "question", "fatima", changes={"option": "the contact confirms it"})
    confirming = await company.task(case, "purchasing.confirm_account")
    assert confirming.approvers == ()  # the account is another supplier's: nobody may
    await company.say(case, "purchasing.confirm_account", "fatima", "reject", reason="It is another supplier's account.")
    assert await company.ended(case) == "disputed"
    assert "pay_bill" not in company.wrote(case)


async def test_whoever_prepared_a_payment_cannot_release_it(company: Company) -> None:
    case = await company.receive("81")
    await company.say(case, "purchasing.pay_bill", "gerrit")
    task = await company.task(case, "purchasing.release_payment")
    assert "gerrit" not in task.approvers
    assert "tobiasz" in task.approvers
    await company.say(case, "purchasing.release_payment", "tobiasz")
    assert await company.ended(case) == "paid"


async def test_what_did_not_come_is_not_paid_and_the_supplier_is_told(company: Company) -> None:
    case = await company.receive("72")
    await company.say(case, "purchasing.record_receipt", "wouter", "reject", code="nothing_came")
    task = await company.task(case, "purchasing.pay_bill")
    assert task.proposal is not None
    assert task.proposal.facts["faults"] == ["undelivered"]
    await company.say(case, "purchasing.pay_bill", "gerrit")
    assert await company.ended(case) == "part paid"
    letters = [path.read_text("utf-8") for path in (company.home / "outbox").glob("*.eml")]
    assert any("30 are billed, 20 were delivered and accepted" in letter for letter in letters)


async def test_the_warehouse_corrects_the_count(company: Company) -> None:
    case = await company.receive("67")
    await company.say(case, "purchasing.place_order", "ines")
    await company.say(case, "purchasing.send_order", "helena")
    for _ in range(400):
        if "send_order" in company.wrote(case):
            break
        await asyncio.sleep(0.05)
    await company.reply("67")
    counted = [{"line": 1, "received": "7", "rejected": "0"}]
    await company.say(
        case, "purchasing.record_receipt", "wouter", "edit", changes={"lines": counted}, reason="Two boxes are missing."
    )
    task = await company.task(case, "purchasing.pay_bill")
    assert task.proposal is not None
    assert task.proposal.facts["due"] == {"amount": "8225.00", "currency": "EUR"}
    await company.say(case, "purchasing.pay_bill", "gerrit", "reject", reason="We wait for the rest.")
    assert await company.ended(case) == "held"
