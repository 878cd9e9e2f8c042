"""Tokens and money are limited for each case and each day, and calls under way count before they are answered."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from baton.llm.budget import Budget, Prices, Spend
from baton.llm.call import BudgetSpent
from baton.llm.calls import Calls
from baton.store import Database
from baton.types.ids import CaseId

ONE, OTHER = CaseId("WC-1"), CaseId("WC-2")
NO_LIMIT = Budget()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Callable[[], Calls]:
    """Opens the same table of calls again, as another process would."""
    url = f"sqlite:///{tmp_path / 'c.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")

    def calls() -> Calls:
        found = Calls(Database(url), clock)
        found.create()
        return found

    return calls


def _spend(tokens: int, money: str = "0") -> Spend:
    return Spend(tokens=tokens, micro=int(Decimal(money) * 1_000_000))


def test_a_call_costs_what_its_tokens_cost_rounded_up() -> None:
    prices = Prices(sent=Decimal("0.15"), received=Decimal("0.60"))
    assert prices.of(1000, 100) == Spend(tokens=1100, micro=210)
    assert prices.of(1, 0).micro == 1


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(tokens_per_case=1000), r"WC-1.*800 of 1000 tokens.*BATON_TOKENS_PER_CASE"),
        (Budget(tokens_per_day=1000), r"today used 800 of 1000 tokens.*BATON_TOKENS_PER_DAY"),
        (Budget(money_per_case=Decimal("0.10")), r"WC-1.*0\.08 of 0\.10 of money.*BATON_MONEY_PER_CASE"),
        (Budget(money_per_day=Decimal("0.10")), r"today used 0\.08.*BATON_MONEY_PER_DAY"),
    ],
)
def test_a_call_beyond_a_budget_is_not_made_and_says_what_to_raise(
    opened: Callable[[], Calls], budget: Budget, words: str
) -> None:
    calls = opened()
    assert calls.begin("a", ONE, _spend(800, "0.08"), budget, 60) == "ours"
    with pytest.raises(BudgetSpent, match=words):
        calls.begin("b", ONE, _spend(300, "0.03"), budget, 60)
    assert calls.begin("c", ONE, _spend(200, "0.02"), budget, 60) == "ours"


def test_a_budget_of_one_case_leaves_others_alone_and_a_day_counts_all(opened: Callable[[], Calls]) -> None:
    calls = opened()
    calls.begin("a", ONE, _spend(800), NO_LIMIT, 60)
    assert calls.begin("b", OTHER, _spend(800), Budget(tokens_per_case=1000), 60) == "ours"
    with pytest.raises(BudgetSpent):
        calls.begin("c", OTHER, _spend(10), Budget(tokens_per_day=1600), 60)


def test_what_was_really_used_counts_once_it_is_known(opened: Callable[[], Calls]) -> None:
    calls = opened()
    calls.begin("a", ONE, _spend(800), NO_LIMIT, 60)
    calls.answered("a", _spend(120, "0.01"))
    assert calls.spent(ONE) == _spend(120, "0.01")
    assert calls.begin("b", ONE, _spend(800), Budget(tokens_per_case=1000), 60) == "ours"


def test_a_day_ends_at_midnight_utc(opened: Callable[[], Calls], clock: Clock) -> None:
    calls = opened()
    calls.begin("a", ONE, _spend(900), NO_LIMIT, 60)
    clock.at = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert calls.begin("b", ONE, _spend(900), Budget(tokens_per_day=1000), 60) == "ours"
    assert (calls.spent_on("2026-03-01"), calls.spent_on("2026-03-02")) == (_spend(900), _spend(900))


def test_a_call_that_was_refused_cost_nothing_and_may_be_made_again(opened: Callable[[], Calls]) -> None:
    calls = opened()
    calls.begin("a", ONE, _spend(800), NO_LIMIT, 60)
    calls.refused("a")
    assert calls.spent(ONE) == Spend()
    assert calls.begin("a", ONE, _spend(800), NO_LIMIT, 60) == "ours"


def test_a_call_under_way_is_waited_for_and_one_whose_time_is_over_is_lost(opened: Callable[[], Calls], clock: Clock) -> None:
    opened().begin("a", ONE, _spend(800), NO_LIMIT, 30)
    assert opened().begin("a", ONE, _spend(800), NO_LIMIT, 30) == "wait"
    clock.at = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
    assert opened().begin("a", ONE, _spend(800), NO_LIMIT, 30) == "lost"
    assert opened().begin("a", ONE, _spend(800), NO_LIMIT, 30) == "lost"
    assert opened().spent(ONE) == _spend(800), "a lost call may have been paid"


def test_a_forgotten_case_still_counts_for_its_day(opened: Callable[[], Calls]) -> None:
    calls = opened()
    for place in ("a", "b"):
        calls.begin(place, ONE, _spend(100), NO_LIMIT, 60)
    calls.forget(ONE)
    assert calls.spent(ONE) == Spend()
    assert calls.spent_on("2026-03-01") == _spend(200)
    assert calls.begin("a", ONE, _spend(100), NO_LIMIT, 60) == "ours"
