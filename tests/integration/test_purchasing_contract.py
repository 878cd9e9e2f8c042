"""What every purchasing system keeps: an effect stands once, is found again, reads back, and is undone as declared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.company.opening import open_company
from activities.company.settings import CompanySettings
from activities.purchasing.errors import AlreadyPaid, AlreadyRegistered, SamePerson, TooLate, TooMuch
from activities.purchasing.models import PayBill, ReleasePayment
from activities.purchasing.sandbox import Sandbox
from baton.governance.declare import NoPermit
from tests.integration.purchasing_systems import EFFECTS, UNDOABLE, Bench, a_bill, a_receipt, an_order, euros, permit
from tests.integration.small_company import write_files
from tests.integration.tryton_server import TrytonServer, running

VENDORS = {
    "vendors.csv": "id,name,email,active,country,currency,tax_rate,contact,insured_until\n"
    "V-1,Lumen,orders@lumen.example,true,DE,EUR,0,\"Anna, +49 40 5550\",\n",
    "vendor_accounts.csv": "supplier,number,bank,since\nV-1,DE89370400440532013000,COBADEFFXXX,today-900\n",
}  # fmt: skip


def _sandbox(url: str, folder: Path) -> Bench:
    seed = write_files(folder / "seed")
    for name, content in VENDORS.items():
        (seed / name).write_text(content, "utf-8")
    return Bench(Sandbox(open_company(CompanySettings(url=url, seed=seed))), "V-1")


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """A real Tryton, once for all tests."""
    with running(tmp_path_factory.mktemp("tryton")) as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql", pytest.param("tryton", marks=pytest.mark.long)])
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One company for all tests: each makes its own orders."""
    folder = tmp_path_factory.mktemp("company")
    if request.param == "tryton":
        return Bench(request.getfixturevalue("tryton").adapter(), "V-1")
    url = f"sqlite:///{folder / 'company.db'}" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres")()
    return _sandbox(url, folder)


@pytest.mark.parametrize("name", EFFECTS)
async def test_an_effect_stands_once_and_reads_back(bench: Bench, name: str) -> None:
    action, write = await EFFECTS[name](bench)
    leave = permit(action)
    assert await bench.system.look_up(leave.key) is None
    done = await write(bench.system, action, leave)
    assert await write(bench.system, action, leave) == done
    assert await bench.system.look_up(leave.key) == done
    assert done.reference
    assert done.wrote


@pytest.mark.parametrize("name", EFFECTS)
async def test_a_permit_for_other_arguments_writes_nothing(bench: Bench, name: str) -> None:
    action, write = await EFFECTS[name](bench)
    leave = permit(an_order(bench.supplier, 99))
    with pytest.raises(NoPermit):
        await write(bench.system, action, leave)
    assert await bench.system.look_up(leave.key) is None


@pytest.mark.parametrize("name", UNDOABLE)
async def test_an_undo_takes_back_once(bench: Bench, name: str) -> None:
    action, write = await EFFECTS[name](bench)
    done = await write(bench.system, action, permit(action))
    leave = permit(action)
    back = await bench.system.take_back(done, leave)
    assert await bench.system.take_back(done, leave) == back
    assert back.wrote


async def test_an_order_reads_back_with_its_lines_receipts_and_bills(bench: Bench) -> None:
    bill = await bench.billed()
    found = await bench.system.bill(bill)
    assert found is not None
    ordered = await bench.system.order(found.order)
    assert ordered is not None
    assert [(line.item, line.quantity, line.price) for line in ordered.order.lines] == [("KT-17", 10, 20)]
    assert (ordered.requester, ordered.approved_by, ordered.state, ordered.sent) == ("petra", "bram", "open", False)
    (receipt,) = await bench.system.receipts_of(found.order)
    assert [(line.line, line.received, line.rejected) for line in receipt.lines] == [(1, 10, 0)]
    assert [(line.quantity, line.net) for line in found.billed.lines] == [(10, 200)]
    assert (found.billed.supplier, found.billed.total, found.paid) == (bench.supplier, 200, 0)


async def test_what_was_undone_stands_no_more(bench: Bench) -> None:
    order = await bench.placed()
    action = a_receipt(order, 6, 1)
    done = await bench.system.record_receipt(action, permit(action))
    assert len(await bench.system.receipts_of(order)) == 1
    await bench.system.take_back(done, permit(action))
    assert await bench.system.receipts_of(order) == ()


async def test_more_than_was_ordered_never_comes(bench: Bench) -> None:
    order = await bench.received()
    action = a_receipt(order, 1)
    with pytest.raises(TooMuch, match="line 1"):
        await bench.system.record_receipt(action, permit(action))


async def test_a_number_is_billed_once_however_it_is_spelled(bench: Bench) -> None:
    order = await bench.received()
    first, again = a_bill(order, 4, "RX-0071"), a_bill(order, 4, "rx 71")
    await bench.system.register_bill(first, permit(first))
    with pytest.raises(AlreadyRegistered):
        await bench.system.register_bill(again, permit(again))


async def test_a_bill_is_never_paid_more_than_it_says(bench: Bench) -> None:
    bill = await bench.billed()
    part, rest = PayBill(bill=bill, amount=euros("150.00")), PayBill(bill=bill, amount=euros("50.01"))
    await bench.system.pay_bill(part, permit(part), "gerrit")
    with pytest.raises(AlreadyPaid):
        await bench.system.pay_bill(rest, permit(rest), "gerrit")
    found = await bench.system.bill(bill)
    assert found is not None
    assert found.paid == 150


async def test_whoever_prepared_a_payment_does_not_release_it(bench: Bench) -> None:
    action = ReleasePayment(payment=await bench.prepared(), amount=euros("200.00"))
    with pytest.raises(SamePerson):
        await bench.system.release_payment(action, permit(action), "gerrit")
    await bench.system.release_payment(action, permit(action), "tobiasz")
    payment = await bench.system.payment(action.payment)
    assert payment is not None
    assert payment.released


async def test_what_something_stands_upon_is_not_taken_back(bench: Bench) -> None:
    action = a_bill(await bench.received(), number="RX-9001")
    done = await bench.system.register_bill(action, permit(action))
    pay = PayBill(bill=done.bill, amount=euros("200.00"))
    paid = await bench.system.pay_bill(pay, permit(pay), "")
    with pytest.raises(TooLate):
        await bench.system.take_back(done, permit(action))
    await bench.system.take_back(paid, permit(pay))
    await bench.system.take_back(done, permit(action))
    assert await bench.system.bill(done.bill) is None
