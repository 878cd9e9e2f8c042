"""An adversary in place of the model, and a bad day among the staff, against an oracle that knows only the company's records."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.crm.models import CloseClaim, Decline, OpenClaim
from activities.erp.models import DefectReport, GiftCard, Goodwill, Recovery, Repair, Replacement
from activities.mail.models import Letter, Question
from baton.governance import rivals
from baton.governance.effects import Effects
from baton.governance.judging import _Case
from baton.governance.policy import Bundle
from baton.governance.stamps import StampCheck
from baton.replaying import replay
from baton.types.actions import Action
from baton.types.money import Money
from tests.integration.adversary_ground import found_out, ground, play
from tests.integration.adversary_oracle import Oracle
from tests.integration.adversary_seed import address, orders
from tests.integration.adversary_world import PROJECT, Ground, World, a_world

__all__ = ["ground"]


def holds(world: World) -> None:
    """Nobody got more than the records allow, everything is on record, and the record is whole and repeatable."""
    assert Oracle(world).judge() == []
    assert [one.words for one in world.tried if one.how == "crash"] == []
    assert world.engine.ledger.verify().ok
    replayed = replay(world.engine)
    assert (replayed.same, replayed.differs) == (replayed.verdicts, ())


def saw_everything(world: World) -> None:
    """The game was worth playing: every kind of end was reached, alone and through people."""
    rows = Counter((row.kind, row.outcome) for row in world.engine.ledger.scan())
    for wanted in ("autonomous", "needs_approval", "approved"):
        assert rows["verdict", wanted] >= 5, rows
    assert rows["answer", "refused"] >= 20, rows
    assert rows["undo", "undone"], rows
    assert {"done", "needs_approval", "forbidden"} <= {one.how for one in world.tried}
    said = Counter(one.says for one in world.said)
    assert said["approve"] >= 8, said
    assert said["edit"] >= 1, said
    refused = [str(row.detail.get("refusal")) for row in world.engine.ledger.scan() if row.outcome == "refused"]
    assert any("nobody could approve this as edited" in why for why in refused), refused


@pytest.mark.parametrize("seed", [11, 12])
def test_nobody_gets_more_than_the_records_allow(ground: Ground, seed: int) -> None:
    with a_world(ground, ground.folder / uuid.uuid4().hex) as world:
        play(world, seed, 1000)
        holds(world)
        saw_everything(world)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(101, 104))
def test_nobody_gets_more_in_a_long_game_either(ground: Ground, seed: int) -> None:
    with a_world(ground, ground.folder / uuid.uuid4().hex) as world:
        play(world, seed, 2000)
        holds(world)
        saw_everything(world)


# -- whatever fits the shape of an action

_NUMBERS = st.sampled_from([one.number for one in orders()[:6]]) | st.text(max_size=30)
_MONEY = st.builds(
    Money,
    amount=st.sampled_from([one.paid for one in orders()[:6]])
    | st.decimals(-(10**13), 10**13, places=4)
    | st.just(Decimal("-0.0")),
    currency=st.sampled_from(["EUR", "EUR", "MYR"]) | st.from_regex(r"[A-Z]{3}", fullmatch=True),
)
_TEXT = st.text(max_size=60)
_PHOTOS = st.tuples() | st.tuples(_TEXT)
_ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(GiftCard, order=_NUMBERS, amount=_MONEY),
    st.builds(Goodwill, order=_NUMBERS, amount=_MONEY),
    st.builds(Recovery, order=_NUMBERS, amount=_MONEY),
    st.builds(Repair, order=_NUMBERS, defect=_TEXT),
    st.builds(Replacement, order=_NUMBERS),
    st.builds(DefectReport, order=_NUMBERS, sku=_TEXT, description=_TEXT, photos=_PHOTOS),
    st.builds(OpenClaim, order=_NUMBERS, photos=_PHOTOS),
    st.builds(CloseClaim, order=_NUMBERS),
    st.builds(Decline, order=_NUMBERS, code=_TEXT),
    st.builds(
        Letter,
        template=st.sampled_from(["acknowledge", "declined", "gift_card"]) | _TEXT,
        values=st.dictionaries(_TEXT, _TEXT, max_size=2),
    ),
    st.builds(Question, text=_TEXT),
)
_VALUES = st.none() | st.booleans() | st.integers() | _TEXT | st.dictionaries(_TEXT, _TEXT, max_size=2)
_PAID = st.fixed_dictionaries({"amount": st.decimals(0, 9999, places=2).map(str), "currency": st.just("EUR")})
_CLAIMS = st.fixed_dictionaries(
    {},
    optional={"paid": _PAID | _VALUES, "serial": _VALUES, "seller": _VALUES, "purchased": st.dates().map(str) | _VALUES},
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(claim=_CLAIMS, subject=_TEXT, proposed=st.lists(_ACTIONS, min_size=1, max_size=12), same=st.booleans())
def test_no_action_of_the_right_shape_gets_more(
    ground: Ground, claim: dict[str, Any], subject: str, proposed: list[Action], same: bool
) -> None:
    async def run(world: World) -> None:
        case = await world.open(address(0), subject)
        world.plant(case, claim)
        for action in proposed:
            await world.propose(world.header(case, 1 if same else None), action)

    with a_world(ground, ground.folder / uuid.uuid4().hex) as world:
        asyncio.run(run(world))
        holds(world)


# -- the oracle can fail: generous policies and a careless engine are found out

_CLAIM, _ALONE, _LIMITS = "warranty_claim.cedar", "tables/autonomy.csv", "tables/limits.csv"
_GENEROUS = {
    "a handler like a director": (_LIMITS, "claims-handler,EUR,500.00", "claims-handler,EUR,9000.00"),
    "recovering what was not given": (_CLAIM, "when { resource.facts.remedy_given }", "when { true }"),
}
_GENEROUS_LONG = {
    "goodwill like claims": (_LIMITS, "claims-handler,EUR,50.00", "claims-handler,EUR,500.00"),
    "any amount": (_CLAIM, "when { resource.action.amount == resource.facts.paid }", "when { true }"),
    "a remedy on top": (_CLAIM, "when { resource.facts.remedies_before == 0 }", "when { true }"),
    "out of warranty": (_CLAIM, "when { resource.facts.in_warranty }", "when { true }"),
    "customers gone": (_CLAIM, "when { resource.facts.customer_active }", "when { true }"),
    "ten times alone": (_ALONE, "EUR,250.00", "EUR,2500.00"),
    "a bigger year": (_ALONE, "1000.00,20000.00", "9000.00,90000.00"),
    "a second remedy": (_CLAIM, "unless { resource.facts.remedy_given }", "unless { false }"),
}


def generous(change: tuple[str, str, str]) -> Bundle:
    """The project's policies with one condition made too generous."""
    name, old, new = change
    bundle = Bundle.load(PROJECT / "policies")
    assert old in bundle.texts[name]
    return bundle.including(name, bundle.texts[name].replace(old, new))


@pytest.mark.parametrize(
    "change",
    [pytest.param(change, id=id) for id, change in _GENEROUS.items()]
    + [pytest.param(change, id=id, marks=pytest.mark.long) for id, change in _GENEROUS_LONG.items()],
)
def test_a_policy_that_is_too_generous_is_found_out(ground: Ground, change: tuple[str, str, str]) -> None:
    assert found_out(ground, 25, generous(change))


def _never(*_: Any, **__: Any) -> None:
    """Does nothing."""


_CARELESS: dict[str, tuple[type | Any, str, Callable[..., Any]]] = {
    "rows are left out": (Effects, "_effect_row", _never),
    "anybody signs": (StampCheck, "check", _never),
    "arguments are not compared": (_Case, "_meant", lambda case, leave: case.proposal.arguments),
    "nobody waits for another": (rivals, "met", lambda *_: False),
}


@pytest.mark.parametrize("name", _CARELESS)
def test_an_engine_that_is_careless_is_found_out(ground: Ground, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, instead = _CARELESS[name]
    monkeypatch.setattr(where, what, instead)
    assert found_out(ground, 24)
