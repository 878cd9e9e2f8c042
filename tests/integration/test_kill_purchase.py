"""Workers and Tryton die by SIGKILL, and connections end, at every step of ordering and paying: once ordered, once paid."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from contract_office import TODAY, ContractOffice, a_home, a_story
from kill_office import Workers, eventually
from office import PROJECT
from temporalio.client import Client, WorkflowHandle

from activities.purchasing.doors import purchasing
from activities.systems import forget
from baton.cases import store
from baton.replaying import replay
from baton.runtime.bootstrap import Runtime, build, prepare
from baton.runtime.settings import load
from baton.runtime.up import Up, migrate, running
from samples.posting import first_message
from samples.story import Story
from tests.integration.tryton_company import add_supplier, client
from tests.integration.tryton_server import TrytonServer
from tests.integration.tryton_server import running as tryton_running

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]
WORKER = PROJECT / "tests" / "workflows" / "killed_purchase.py"


def steps(*effects: str) -> list[str]:
    """Before the row and after it, after the write, and before the result is told, for each effect."""
    places = ("the verdict's row:before", "the verdict's row:after", "the write:after", "the effect's row:after")
    return [f"{effect}, {place}:1" for effect in effects for place in places]


class PurchaseWorkers(Workers):
    """Where workers of purchase orders come from."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(PROJECT), str(WORKER.parent)])
        environment = {**os.environ, "PYTHONPATH": paths}
        self._process = subprocess.Popen([sys.executable, str(WORKER)], stdin=subprocess.PIPE, text=True, env=environment)


class PurchaseOffice(ContractOffice):
    """Purchase orders at work, as a test sees them."""

    async def receive(self, story: Story) -> WorkflowHandle[Any, Any]:
        """The story's first message opens a case."""
        message = self.filed(first_message(story, TODAY, self.sales))
        with self.engine.database.write() as connection:
            case, _ = store.register(connection, "purchase_order", f"PO{uuid.uuid4().hex[:6].upper()}", message)
        soon = timedelta(seconds=2)  # what a dead worker was at is missed soon
        return await self.client.start_workflow("PurchaseOrder", message, id=case, task_queue=self.queue, task_timeout=soon)


@dataclass
class Bench:
    """One home with workers that may die, and one case."""

    office: PurchaseOffice
    runtime: Runtime
    home: Path

    @property
    def lives(self) -> list[str]:
        return (self.home / "lives").read_text().split()

    def once(self, *effects: str) -> None:
        """Every effect of the one case stands once, and the record holds."""
        [case] = self._cases()
        rows = [row for row in self.runtime.engine.ledger.of_case(case) if row.kind == "effect"]
        assert [row.action.partition(".")[2] for row in rows] == list(effects)
        assert {row.outcome for row in rows} == {"written"}
        assert max(Counter((row.action, row.step) for row in rows).values()) == 1
        assert self.runtime.engine.ledger.verify().ok
        again = replay(self.runtime.engine)
        assert (again.same, again.differs) == (again.verdicts, ())

    def _cases(self) -> list[Any]:
        with self.runtime.database.read() as connection:
            return [case.id for case in store.cases(connection)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Up, Client]]:
    """A real embedded server."""
    async with running(load(project=str(PROJECT), home=str(tmp_path_factory.mktemp("home"))), workers=()) as up:
        yield up, await up.client()


@pytest.fixture(scope="module")
def workers() -> Iterator[PurchaseWorkers]:
    """Workers that may be killed."""
    found = PurchaseWorkers()
    yield found
    found.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_bench(
    server: tuple[Up, Client], workers: PurchaseWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Bench]]:
    """Opens the sample company, with moments at which its workers die or lose their connections."""
    (up, client), home, opened = server, tmp_path / "home", list[Runtime]()

    def open_(moments: list[str], **environment: str) -> Bench:
        home.mkdir()
        a_home(home, monkeypatch)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        forget()
        settings = load(project=str(PROJECT), home=str(home))
        migrate(settings)
        runtime = build(settings)
        opened.append(runtime)
        prepare(runtime)
        (home / "moments").write_text("\n".join(moments))
        office = PurchaseOffice(client, runtime.engine, home)
        named = {name: os.environ[name] for name in ("BATON_HOME", "BATON_PROJECT", "BATON_COMPANY_SEED")}
        workers.start(home, up.address, office.queue, named | environment)
        return Bench(office, runtime, home)

    yield open_
    (home / "stop").touch()
    await eventually((home / "ended").exists, "the end of the worker", 60)
    for runtime in opened:
        runtime.close()
    forget()


async def test_workers_killed_on_the_way_of_an_order_place_it_once(open_bench: Callable[..., Bench]) -> None:
    moments = steps("place")
    bench = open_bench(moments)
    assert (await bench.office.play(a_story("65")))["result"] == "paid"
    assert bench.lives == [str(-signal.SIGKILL)] * len(moments)
    bench.once("place_order", "send_order", "record_receipt", "register_bill", "pay_bill", "release_payment")
    orders = [one for one in await purchasing().orders_of("V-HAV") if one.case]
    assert [(one.state, one.sent) for one in orders] == [("open", True)]


async def test_workers_killed_on_the_way_of_a_payment_pay_once(open_bench: Callable[..., Bench]) -> None:
    moments = [*steps("pay", "release")[:6], "release, the file:after:1", *steps("release")[2:]]
    bench = open_bench(moments)
    case = await bench.office.receive(a_story("71"))
    assert (await bench.office.ended(case))["result"] == "paid"
    assert bench.lives == [str(-signal.SIGKILL)] * len(moments)
    await paid_once(bench)


async def test_connections_cut_on_the_way_of_a_payment_pay_once(
    open_bench: Callable[..., Bench], fresh_postgres: Callable[[], str]
) -> None:
    databases = {"BATON_DATABASE_URL": fresh_postgres(), "BATON_COMPANY_URL": fresh_postgres()}
    moments = steps("pay", "release")
    bench = open_bench(moments, CUT="1", **databases)
    case = await bench.office.receive(a_story("71"))
    assert (await bench.office.ended(case))["result"] == "paid"
    cuts = [int(line) for line in (bench.home / "cuts").read_text().split()]
    assert len(cuts) == 2 * len(moments)
    assert sum(cuts) >= len(moments)
    await paid_once(bench)


async def paid_once(bench: Bench) -> None:
    """One payment, one file for the bank, the amount of the bill."""
    bench.once("register_bill", "pay_bill", "release_payment")
    [payment] = [one for one in await purchasing().payments_of("V-HAV") if not one.reference.startswith("PY-BI")]
    assert (str(payment.amount), payment.released, payment.withdrawn) == ("1372.14", True, False)
    [file] = (bench.home / "bank").glob("*.xml")
    assert file.name == f"{payment.reference}.pain.001.xml"


async def test_a_case_goes_on_when_tryton_was_killed_under_it_and_orders_and_pays_there_once(
    open_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    with tryton_running(tmp_path / "tryton") as tryton:
        _prepare(tryton)
        assert tryton.process is not None
        named = {
            "BATON_PURCHASING": "tryton",
            "BATON_TRYTON_URL": tryton.url,
            "BATON_TRYTON_USER": "admin",
            "BATON_TRYTON_PASSWORD_FILE": str(tryton.password_file),
            "TRYTON": str(tryton.process.pid),
        }
        bench = open_bench(["pay, the verdict's row:after:1"], **named)
        told = a_story("65")  # in Tryton the supplier's account is of today, so people approve what is paid to it
        paying = [
            told.decisions[0].model_copy(update={"person": person, "on": on, "reason": "It agrees."})
            for person, on in (("gerrit", "purchasing.pay_bill"), ("tobiasz", "purchasing.release_payment"))
        ]
        told = told.model_copy(update={"decisions": (*told.decisions, *paying)})
        story = asyncio.create_task(bench.office.play(told))
        await asyncio.to_thread(tryton.process.wait, 300)
        assert tryton.process.returncode == -signal.SIGKILL
        await asyncio.to_thread(tryton.start)
        assert (await story)["result"] == "paid"
        bench.once("place_order", "send_order", "record_receipt", "register_bill", "pay_bill", "release_payment")
        [order] = await purchasing().orders_of("V-HAV")
        assert (order.order.number, order.sent, order.requester) == ("PUR-1001", True, "petra")
        [payment] = await purchasing().payments_of("V-HAV")
        assert (str(payment.amount), payment.released, payment.withdrawn) == ("353.32", True, False)
        [bill] = await purchasing().bills_of("V-HAV")
        assert bill.paid == bill.billed.total == payment.amount


def _prepare(tryton: TrytonServer) -> None:
    """The sample's supplier, which charges a tax."""
    told = client(tryton.url, tryton.password_file)
    [tax] = told.search("account.tax", [], ["id"])
    [rule] = told.create(
        "account.tax.rule",
        {"name": "21 %", "kind": "purchase", "company": told.company, "lines": [["create", [{"tax": tax["id"]}]]]},
    )
    [payable] = told.search("account.account", [["code", "=", "2.1.1"]], ["id"])
    address, account = "verkoop@havelaar-kantoor.example", "NL91ABNA0417164300"
    add_supplier(told, "V-HAV", "Havelaar Kantoor B.V.", address, payable["id"], (account,), rule)
