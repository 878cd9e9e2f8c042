"""What the company's policies allow in a purchase: the staff's own table, and what must never happen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.purchasing import actions as purchasing
from baton.governance.declare import Declaration
from baton.governance.policy import Bundle, Policies
from baton.governance.policy.expected import Result, Usual, _proposal, run_tables
from baton.governance.policy.tables import Row
from baton.types.people import Person
from samples.records import rows
from tests.policies.claims import FOLDER

EFFECTS = [
    declared
    for item in vars(purchasing).values()
    if isinstance(declared := getattr(item, "__baton__", None), Declaration) and declared.kind == "effect"
]
TEXTS = {
    name: text
    for name, text in Bundle.load(FOLDER).texts.items()
    if name in ("shared.cedar", "purchase_order.cedar") or name.startswith("tables/purchase_order/")
}
POLICIES = Policies(Bundle(texts=TEXTS), EFFECTS)
USUAL = Usual.read(FOLDER / "tests" / "purchase_order.toml")
PEOPLE = list(USUAL.people.values())


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("tests")
    for name in ("purchase_order.csv", "purchase_order.toml"):
        (folder / name).write_text((FOLDER / "tests" / name).read_text("utf-8"), "utf-8")
    return {result.it: result for result in run_tables(POLICIES, folder)}


def test_the_staff_table_holds(table: dict[str, Result]) -> None:
    assert [f"{one.line}: {one.it}: {one.expected}; got {one.got}" for one in table.values() if not one.passed] == []
    assert len(table) > 50


def judged(action: str, **given: Any) -> Any:
    effect = POLICIES.shapes.of(action)
    assert effect is not None
    row = Row("test", 1, {})
    proposal = _proposal(effect, {name: str(value) for name, value in given.items()}, USUAL, row)
    return proposal, POLICIES.judge(proposal, PEOPLE, False)


_FLAGS = st.sampled_from(["yes", "no"])
_SUMS = st.decimals("-10", "20000", places=2)


_SAID = ("clean", "duplicate", "account_unchanged", "sanctioned", "paid_before", "buyer_matches", "period_matches")
_READ = ("disputed", "grounded")


@settings(max_examples=40)
@given(
    amount=_SUMS,
    due=_SUMS,
    days=st.integers(0, 60),
    today=_SUMS,
    month=st.decimals("0", "90000", places=2),
    flags=st.fixed_dictionaries(dict.fromkeys((*_SAID, *_READ), _FLAGS)),
)
def test_nothing_is_paid_alone_that_a_plain_reading_forbids(
    amount: Decimal, due: Decimal, days: int, today: Decimal, month: Decimal, flags: dict[str, str]
) -> None:
    money = {"amount": amount, "due": due, "supplier_today": today, "supplier_month": month}
    given = {name: f"{value} EUR" for name, value in money.items()} | flags | {"account_settled_days": days}
    _, verdict = judged("purchasing.pay_bill", **given)
    assert verdict.errors == ()
    plainly = (
        0 < amount <= 5000 and amount == due and days >= 30 and today <= 15000 and month <= 50000
        and all(flags[name] == "yes" for name in ("clean", "account_unchanged", "buyer_matches", "period_matches", "grounded"))
        and all(flags[name] == "no" for name in ("duplicate", "sanctioned", "paid_before", "disputed"))
    )  # fmt: skip
    assert (verdict.outcome == "autonomous") == plainly


@settings(max_examples=20)
@given(
    amount=_SUMS,
    due=_SUMS,
    flags=st.fixed_dictionaries({name: _FLAGS for name in ("duplicate", "account_unchanged", "sanctioned")}),
)
def test_nobody_pays_a_duplicate_a_changed_account_or_more_than_is_due(
    amount: Decimal, due: Decimal, flags: dict[str, str]
) -> None:
    proposal, _ = judged("purchasing.pay_bill", amount=f"{amount} EUR", due=f"{due} EUR", **flags)
    never = flags["duplicate"] == "yes" or flags["account_unchanged"] == "no" or flags["sanctioned"] == "yes" or amount > due
    for person in PEOPLE:
        allowed = POLICIES.may(person, "approve", proposal).allowed
        assert not (allowed and never)


def test_nobody_on_the_staff_may_both_prepare_and_release_or_confirm_and_pay() -> None:
    staff = [
        Person.model_validate({**row, "roles": row["roles"].split("|"), "active": True, "delegate": None})
        for row in rows("staff", date(2031, 3, 3))
    ]
    usual = {name: judged(f"purchasing.{name}")[0] for name in ("pay_bill", "release_payment", "confirm_account")}
    for person in staff:
        may = {name for name, proposal in usual.items() if POLICIES.may(person, "approve", proposal).allowed}
        assert len(may) <= 1, f"{person.id} may do {', '.join(sorted(may))}"
