"""The company's records: every effect stands once, is found again, and is undone as declared; on both databases."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from activities import crm, erp
from activities.company.journal import AlreadyUndone, NothingToUndo
from activities.crm.models import CloseClaim, Decline, OpenClaim, WhoWrites
from activities.crm.sandbox import NoOpenClaim
from activities.erp.models import DefectReport, GiftCard, Goodwill, OrderQuery, Recovery, Repair, Replacement
from activities.erp.sandbox import NoRepairCentre, OutOfStock, UnknownOrder
from baton.governance.declare import Declaration, NoPermit, Permit, declaration_of
from baton.types.actions import Action, Done
from tests.integration.small_company import SmallCompany, about, at_work, emptied, euros, permit, write_files

GIVEN: list[tuple[Callable[..., Awaitable[Any]], Action, Action]] = [
    (erp.issue_gift_card, GiftCard(order="SO-1", amount=euros("59.90")), GiftCard(order="SO-1", amount=euros("5000"))),
    (erp.give_goodwill, Goodwill(order="SO-2", amount=euros("50")), Goodwill(order="SO-2", amount=euros("50.01"))),
    (erp.book_repair, Repair(order="SO-2", defect="leaks"), Repair(order="SO-3", defect="leaks")),
    (erp.send_replacement, Replacement(order="SO-1"), Replacement(order="SO-5")),
    (erp.recover_from_supplier, Recovery(order="SO-1", amount=euros("29.95")), Recovery(order="SO-1", amount=euros("59.90"))),
    (
        erp.record_defect,
        DefectReport(order="SO-1", sku="K-1", description="lid"),
        DefectReport(order="SO-1", sku="K-1", description="base"),
    ),
    (crm.open_claim, OpenClaim(order="SO-1"), OpenClaim(order="SO-2")),
    (crm.decline_claim, Decline(order="SO-1", code="misuse"), Decline(order="SO-1", code="duplicate")),
]
KINDS = ("gift_card", "goodwill", "repair", "replacement", "recovery", "defect", "claim", "decline")
NAMES = [declaration_of(function).name for function, _, _ in GIVEN]
effects = pytest.mark.parametrize(("function", "action", "other"), GIVEN, ids=NAMES)


@pytest.fixture(scope="module")
def shared_url(fresh_postgres: Callable[[], str]) -> str:
    return fresh_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCompany]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    embedded = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'company.db'}" if embedded else emptied(request.getfixturevalue("shared_url"))
    with at_work(url, tmp_path) as opened:
        yield opened


def entries(company: SmallCompany) -> int:
    return sum(company.entries(kind) for kind in KINDS)


async def act(function: Callable[..., Awaitable[Done]], action: Action, leave: Permit) -> Done:
    """Call an effect as governance does."""
    wants_about = declaration_of(function).wants_about
    return await (function(action, leave, about()) if wants_about else function(action, leave))


async def undo(declared: Declaration, done: Done, action: Action, **more: str) -> Done:
    assert declared.undo.by is not None
    return await declared.undo.by(done, permit(action, **more))


@effects
async def test_an_effect_stands_once_under_its_key(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    before = entries(company)
    first = await act(function, action, permit(action, key="d-once"))
    again = await act(function, action, permit(action, key="d-once"))
    assert first == again
    assert entries(company) == before + 1


@effects
async def test_an_effect_reads_back_as_it_was_written(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    declared = declaration_of(function)
    assert declared.look_up is not None
    assert await declared.look_up("d-read") is None
    done = await act(function, action, permit(action, key="d-read"))
    assert await declared.look_up("d-read") == done
    assert isinstance(done, declared.result)
    assert done.reference
    assert done.wrote


@effects
async def test_a_permit_for_other_arguments_writes_nothing(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    before = entries(company)
    with pytest.raises(NoPermit):
        await act(function, action, permit(other))
    assert entries(company) == before


@effects
async def test_an_undo_takes_back_once_and_is_the_same_when_repeated(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    declared = declaration_of(function)
    before = entries(company)
    done = await act(function, action, permit(action))
    undone = await undo(declared, done, action, key="d-undo")
    assert entries(company) == before
    assert await undo(declared, done, action, key="d-undo") == undone
    with pytest.raises(AlreadyUndone, match=r"d-undo"):
        await undo(declared, done, action)


@effects
async def test_an_undo_needs_a_permit_of_its_own_for_the_same_case_and_arguments(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    declared = declaration_of(function)
    done = await act(function, action, permit(action, key="d-forward"))
    for wrong in ({"key": "d-forward"}, {"case": "WC-2"}):
        with pytest.raises(NoPermit):
            await undo(declared, done, action, **wrong)
    with pytest.raises(NoPermit):
        await undo(declared, done, other)
    assert entries(company) == 3  # the two of the CSV files and this one
    with pytest.raises(NothingToUndo):
        await undo(declared, Done(reference="GC-9999"), action)


@effects
def test_two_at_once_under_one_key_write_once(
    company: SmallCompany, function: Callable[..., Awaitable[Done]], action: Action, other: Action
) -> None:
    before = entries(company)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: asyncio.run(act(function, action, permit(action, key="d-race"))), range(4)))
    assert len({done.reference for done in found}) == 1
    assert entries(company) == before + 1


def test_how_each_effect_is_undone_is_declared() -> None:
    how = {declaration_of(function).name: declaration_of(function).undo.how for function, _, _ in GIVEN}
    assert how.pop("erp.send_replacement") == "compensating"
    assert set(how.values()) == {"exact"}


async def test_a_recalled_shipment_stays_visible_and_its_product_returns(company: SmallCompany) -> None:
    action = Replacement(order="SO-1")
    sent = await erp.send_replacement(action, permit(action))
    assert company.in_stock("K-1") == 4
    recalled = await undo(declaration_of(erp.send_replacement), sent, action)
    assert company.in_stock("K-1") == 5
    assert recalled.reference != sent.reference
    assert company.entries("recall") == 1


def test_stock_never_falls_below_zero_when_many_ship_at_once(company: SmallCompany) -> None:
    def ship(number: int) -> Done | None:
        action = Replacement(order="SO-1")
        try:
            return asyncio.run(erp.send_replacement(action, permit(action, case=f"WC-{number}")))
        except OutOfStock:
            return None

    with ThreadPoolExecutor(8) as pool:
        sent = [done for done in pool.map(ship, range(12)) if done]
    assert len(sent) == 5
    assert len({done.reference for done in sent}) == 5
    assert company.in_stock("K-1") == 0
    assert company.entries("replacement") == 5


async def test_what_is_not_in_stock_is_not_shipped(company: SmallCompany) -> None:
    action = Replacement(order="SO-4")  # no stock row at all
    with pytest.raises(OutOfStock, match="W-2"):
        await erp.send_replacement(action, permit(action))
    assert company.entries("replacement") == 0


async def test_a_product_without_a_repair_centre_is_not_repaired(company: SmallCompany) -> None:
    action = Repair(order="SO-1", defect="lid")
    with pytest.raises(NoRepairCentre):
        await erp.book_repair(action, permit(action))


async def test_nothing_is_given_for_an_order_that_does_not_exist(company: SmallCompany) -> None:
    action = GiftCard(order="SO-99", amount=euros("1"))
    with pytest.raises(UnknownOrder):
        await erp.issue_gift_card(action, permit(action))


async def test_new_numbers_follow_the_earlier_ones(company: SmallCompany) -> None:
    action = GiftCard(order="SO-1", amount=euros("59.90"))
    assert (await erp.issue_gift_card(action, permit(action))).card == "GC-1204"


async def test_closing_a_claim_that_is_not_open_is_an_error_and_reopening_opens_it(company: SmallCompany) -> None:
    opening, closing = OpenClaim(order="SO-1"), CloseClaim(order="SO-1")
    with pytest.raises(NoOpenClaim):
        await crm.close_claim(closing, permit(closing))
    await crm.open_claim(opening, permit(opening), about())
    closed = await crm.close_claim(closing, permit(closing, key="d-close"))
    assert await crm.close_claim(closing, permit(closing, key="d-close")) == closed
    assert not (await company.crm.claims("SO-1", "WC-1")).own_open
    await undo(declaration_of(crm.close_claim), closed, closing)
    assert (await company.crm.claims("SO-1", "WC-1")).own_open


async def test_a_strangers_order_is_never_found(company: SmallCompany) -> None:
    exact = OrderQuery(serial="WM80-0003", receipt_number="R-3", product="Tide Washing Machine", paid=euros("579.00"))
    assert not (await erp.find_order(exact, about("C-1"))).known
    assert not (await erp.find_order(exact, about(None))).known
    found = await erp.find_order(exact, about("C-2"))
    assert (found.known, found.order, found.in_stock, found.repairable) == (True, "SO-3", 1, True)


async def test_the_supplier_owes_its_share_until_it_was_charged(company: SmallCompany) -> None:
    query = OrderQuery(serial="KT17-0001")
    assert (await erp.find_order(query, about())).recoverable == euros("29.95")
    action = Recovery(order="SO-1", amount=euros("29.95"))
    await erp.recover_from_supplier(action, permit(action))
    assert (await erp.find_order(query, about())).recoverable == euros("0")


async def test_the_sender_names_the_customer_whatever_the_capitals(company: SmallCompany) -> None:
    found = await crm.find_customer(WhoWrites(), about(None, sender="ADA.Winter@Mail.example"))
    assert (found.known, found.customer, found.tier) == (True, "C-1", "standard")
    assert not (await crm.find_customer(WhoWrites(), about(None, sender="ada@winter.example"))).known


OPENER = """
import sys
from pathlib import Path
from activities.company import staff
from activities.company.opening import open_company
from activities.company.settings import CompanySettings
print("ready", flush=True)
for url in sys.stdin.readline().split():
    print(len(staff(open_company(CompanySettings(url=url, seed=Path(sys.argv[1]))))))
"""


def test_two_processes_that_start_together_seed_once(tmp_path: Path, fresh_postgres: Callable[[], str]) -> None:
    seed, postgres = write_files(tmp_path / "seed"), fresh_postgres()
    command = [sys.executable, "-c", OPENER, str(seed)]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write(f"sqlite:///{tmp_path / 'company.db'} {postgres}\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0].split() for process in started] == [["2", "2"], ["2", "2"]]
