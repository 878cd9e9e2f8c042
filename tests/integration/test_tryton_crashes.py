"""Tryton or whoever writes in it dies on the way: the same effect is found again, finished, and stands once."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from threading import Timer
from typing import Any

import httpx
import pytest

from activities.purchasing.errors import AlreadyPaid, TooMuch
from activities.purchasing.models import PayBill
from activities.purchasing.tryton.rpc import Client
from activities.purchasing.tryton.system import Tryton
from baton.types.actions import Done
from tests.integration.purchasing_systems import EFFECTS, Bench, a_bill, a_receipt, euros, permit
from tests.integration.tryton_company import client
from tests.integration.tryton_server import TrytonServer, running

pytestmark = pytest.mark.long

READING = (".search_read", ".read", ".login", ".get_preferences")
DOCUMENTS = {
    "purchase.purchase": "reference",
    "stock.shipment.in": "reference",
    "account.invoice": "description",
    "account.payment": "reference",
}
MAKES_ONE = ("place_order", "record_receipt", "register_bill", "pay_bill")


class Line(httpx.HTTPTransport):
    """The way to Tryton. It breaks after each kind of writing call once, so that Tryton did it and nobody heard."""

    def __init__(self, breaking: bool = True) -> None:
        super().__init__()
        self.breaking = breaking
        self.broke_at: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        method = json.loads(request.content)["method"]
        answer = super().handle_request(request)
        if self.breaking and not method.endswith(READING) and method not in self.broke_at:
            answer.read()
            self.broke_at.append(method)
            raise httpx.ReadError("the answer never came", request=request)
        return answer


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """A real Tryton, once for all tests; some kill it and start it again."""
    with running(tmp_path_factory.mktemp("tryton")) as server:
        yield server


@pytest.fixture
def bench(tryton: TrytonServer) -> Bench:
    """One supplier; each test makes its own orders."""
    return Bench(tryton.adapter(), "V-1")


def papers_of(told: Client, key: str) -> list[str]:
    """Every document in Tryton that carries our reference."""
    return [
        f"{model} {row['state']}"
        for model, field in DOCUMENTS.items()
        for row in told.search(model, [[field, "=", key]], ["state"])
    ]


def entries_of(told: Client, key: str) -> int:
    return len(told.search("party.category", [["name", "=", key]], ["id"], hidden=True))


@pytest.mark.parametrize("name", [*MAKES_ONE, "release_payment"])
async def test_a_write_whose_answer_is_lost_at_every_call_stands_once(tryton: TrytonServer, bench: Bench, name: str) -> None:
    action, write = await EFFECTS[name](bench)
    leave, line = permit(action, key=f"d-lost-{name}"), Line()
    done: Done | None = None
    for _ in range(20):
        try:
            done = await write(Tryton(tryton.settings, httpx.Client(transport=line, timeout=60)), action, leave)
            break
        except httpx.ReadError:
            if "model.party.category.write" not in line.broke_at:
                assert await bench.system.look_up(leave.key) is None  # half written is not written
    assert done is not None, f"it never ended: {line.broke_at}"
    assert {"model.party.category.create", "model.party.category.write"} <= set(line.broke_at)
    assert await bench.system.look_up(leave.key) == done
    told = client(tryton.url, tryton.password_file)
    assert entries_of(told, leave.key) == 1
    assert len(papers_of(told, leave.key)) == (1 if name in MAKES_ONE else 0)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("place_order", "model.purchase.purchase.create"),
        ("register_bill", "model.account.invoice.validate_invoice"),
        ("release_payment", "wizard.account.payment.process.execute"),
    ],
)
async def test_tryton_killed_in_mid_write_is_asked_again_and_the_write_stands_once(
    tryton: TrytonServer, bench: Bench, name: str, method: str
) -> None:
    class Killing(Line):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if json.loads(request.content)["method"] == method:
                Timer(0.03, tryton.kill).start()  # while Tryton is at it
            return super().handle_request(request)

    action, write = await EFFECTS[name](bench)
    leave = permit(action, key=f"d-killed-{name}")
    dying = Tryton(tryton.settings, httpx.Client(transport=Killing(breaking=False), timeout=60))
    with suppress(httpx.TransportError):  # or Tryton was quicker than its death
        await write(dying, action, leave)
    assert tryton.process is not None
    assert tryton.process.wait() == -signal.SIGKILL
    tryton.start()
    done = await write(bench.system, action, leave)
    assert await bench.system.look_up(leave.key) == done
    assert await write(bench.system, action, leave) == done
    told = client(tryton.url, tryton.password_file)
    assert entries_of(told, leave.key) == 1
    assert len(papers_of(told, leave.key)) == (1 if name in MAKES_ONE else 0)


@pytest.mark.parametrize("attempt", range(4))  # one that never locks fails about every second time
async def test_several_at_once_under_one_decision_write_once(tryton: TrytonServer, bench: Bench, attempt: int) -> None:
    action, write = await EFFECTS["record_receipt"](bench)
    leave = permit(action, key=f"d-several-{attempt}")
    done = await asyncio.gather(*(write(tryton.adapter(), action, leave) for _ in range(3)))
    assert done[0] == done[1] == done[2]
    told = client(tryton.url, tryton.password_file)
    assert papers_of(told, leave.key) == ["stock.shipment.in done"]


async def test_two_at_once_never_receive_or_pay_more_than_there_is(tryton: TrytonServer, bench: Bench) -> None:
    order = await bench.placed()
    came = [a_receipt(order, 6), a_receipt(order, 5)]
    counted = await asyncio.gather(*(tryton.adapter().record_receipt(one, permit(one)) for one in came), return_exceptions=True)
    assert sorted(type(one) for one in counted if isinstance(one, Exception)) == [TooMuch]
    bill = await bench.billed()
    wanted = [PayBill(bill=bill, amount=euros("150.00")), PayBill(bill=bill, amount=euros("120.00"))]
    paid = await asyncio.gather(*(tryton.adapter().pay_bill(one, permit(one), "") for one in wanted), return_exceptions=True)
    assert [type(one) for one in paid if isinstance(one, Exception)] == [AlreadyPaid]


async def test_what_others_enter_in_tryton_counts_too(tryton: TrytonServer, bench: Bench) -> None:
    told = client(tryton.url, tryton.password_file)
    order = await bench.received()
    bill = a_bill(order, 10, "TR-55")
    done = await bench.system.register_bill(bill, permit(bill))
    _forgotten(told, bill.number)
    assert done.bill in {one.reference for one in await bench.system.bills_of("V-1")}
    found = await bench.system.bill(done.bill)
    assert found is not None
    assert (found.billed.number, found.billed.total, found.order, found.case) == ("TR-55", 200, order, "")
    ordered = await bench.system.order(order.lower().replace("-", " "))
    assert ordered is not None
    assert ordered.order.number == order


def _forgotten(told: Client, number: str) -> None:
    """As if somebody had entered this bill by hand: the register knows nothing of it."""
    [invoice] = told.search("account.invoice", [["reference", "=", number]], ["id"])
    [mark] = told.search("party.category", [["name", "=", f"about account.invoice,{invoice['id']}"]], ["id"], hidden=True)
    told.write("party.category", [mark["id"]], {"active": True})
    changed: dict[str, Any] = {"name": "about nothing"}
    told.write("party.category", [mark["id"]], changed)
