"""Effects of purchasing that write in two places: a worker that dies in between leaves one letter, one file, one entry."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from activities import purchasing
from activities.purchasing.bill_facts import payment_facts
from activities.purchasing.errors import SamePerson
from activities.purchasing.models import (
    BillDisputed,
    DisputeBill,
    OrderSent,
    PayBill,
    PaymentReleased,
    ReleasePayment,
    SendOrder,
)
from activities.purchasing.sandbox import Sandbox
from activities.systems import use
from baton.governance.declare import About, Permit
from tests.integration.purchasing_systems import Bench, a_bill, a_receipt, euros, permit
from tests.integration.small_company import about, at_work
from tests.integration.test_purchasing_contract import VENDORS


class Died(Exception):
    """The worker is gone."""


class Dying(Sandbox):
    """A system before whose second write the worker dies, once."""

    dies = False

    def _die(self) -> None:
        if self.dies:
            self.dies = False
            raise Died

    async def send_order(self, sending: SendOrder, permit: Permit) -> OrderSent:
        self._die()
        return await super().send_order(sending, permit)

    async def release_payment(self, release: ReleasePayment, permit: Permit, by: str) -> PaymentReleased:
        self._die()
        return await super().release_payment(release, permit, by)

    async def dispute_bill(self, dispute: DisputeBill, permit: Permit) -> BillDisputed:
        self._die()
        return await super().dispute_bill(dispute, permit)


@pytest_asyncio.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    (tmp_path / "seed").mkdir()
    for name, content in VENDORS.items():
        (tmp_path / "seed" / name).write_text(content, "utf-8")
    with at_work(f"sqlite:///{tmp_path / 'company.db'}", tmp_path) as company:
        system = Dying(company.database)
        with use(purchasing=system):
            yield Bench(system, "V-1")


def the_case(**more: object) -> About:
    return about(None, case="PO-1", process="purchase_order", **more)


def letters(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in (folder / "home" / "outbox").glob("*.eml")]


async def test_an_order_is_sent_once_with_both_papers(bench: Bench, tmp_path: Path) -> None:
    action = SendOrder(order=await bench.placed())
    leave = permit(action)
    bench.system.dies = True  # type: ignore[attr-defined]
    with pytest.raises(Died):
        await purchasing.send_order(action, leave, the_case())
    assert await bench.system.look_up(leave.key) is None
    await purchasing.send_order(action, leave, the_case())
    [letter] = letters(tmp_path)
    assert letter.count(b"Content-Disposition: attachment") == 2
    ordered = await bench.system.order(action.order)
    assert ordered is not None
    assert ordered.sent


async def test_a_payment_is_handed_to_the_bank_once(bench: Bench, tmp_path: Path) -> None:
    action = ReleasePayment(payment=await bench.prepared(), amount=euros("200.00"))
    leave = permit(action)
    bench.system.dies = True  # type: ignore[attr-defined]
    with pytest.raises(Died):
        await purchasing.release_payment(action, leave, the_case(approved_by="tobiasz"))
    await purchasing.release_payment(action, leave, the_case(approved_by="tobiasz"))
    [file] = (tmp_path / "home" / "bank").glob("*.xml")
    assert file.name == f"{action.payment}.pain.001.xml"
    assert b">200.00<" in file.read_bytes()


async def test_whoever_prepared_a_payment_makes_no_file(bench: Bench, tmp_path: Path) -> None:
    action = ReleasePayment(payment=await bench.prepared(), amount=euros("200.00"))
    with pytest.raises(SamePerson):
        await purchasing.release_payment(action, permit(action), the_case(approved_by="gerrit"))
    assert not (tmp_path / "home" / "bank").exists()


async def test_a_supplier_is_told_once_what_is_wrong(bench: Bench, tmp_path: Path) -> None:
    too_much = a_bill(await bench.received(), 12, "R-99")
    bill = (await bench.system.register_bill(too_much, permit(too_much))).bill
    action = DisputeBill(bill=bill)
    leave = permit(action)
    bench.system.dies = True  # type: ignore[attr-defined]
    with pytest.raises(Died):
        await purchasing.dispute_bill(action, leave, the_case())
    await purchasing.dispute_bill(action, leave, the_case())
    [letter] = letters(tmp_path)
    assert b"12 are billed, 10 were ordered" in letter
    found = await bench.system.bill(bill)
    assert found is not None
    assert found.disputed


async def test_a_credit_note_makes_a_held_bill_due(bench: Bench) -> None:
    order = await bench.placed()
    came = a_receipt(order, 10, 3)
    await bench.system.record_receipt(came, permit(came))
    action = a_bill(order, 10, "R-7")
    bill = (await bench.system.register_bill(action, permit(action))).bill
    pay = PayBill(bill=bill, amount=euros("200.00"))
    facts = await payment_facts(pay, the_case())
    assert (facts.clean, facts.faults, facts.due) == (False, ("credit_missing",), euros("140.00"))
    note = a_bill(order, 3, "C-7", kind="credit_note", corrects="R-7")
    await bench.system.register_bill(note, permit(note))
    facts = await payment_facts(pay, the_case())
    assert (facts.clean, facts.due) == (True, euros("200.00"))
    assert Decimal(0) < facts.supplier_today.amount
