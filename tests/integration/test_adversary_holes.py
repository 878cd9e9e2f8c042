"""Tricks that once worked, or nearly: each one by itself, told in steps."""

import asyncio
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from activities.crm.models import Decline, OpenClaim
from activities.erp.models import GiftCard, Goodwill, Recovery, Repair
from activities.mail.models import Letter
from baton.cases import store
from baton.governance.policy import Bundle
from baton.types.actions import Action
from baton.types.answers import Answer
from baton.types.ids import CaseId
from baton.types.money import Money
from tests.integration.adversary_ground import ground
from tests.integration.adversary_oracle import Oracle
from tests.integration.adversary_seed import Bought, address
from tests.integration.adversary_world import PROJECT, Ground, Tried, World, a_world

__all__ = ["ground"]


@pytest.fixture
def world(ground: Ground) -> Iterator[World]:
    with a_world(ground, ground.folder / uuid.uuid4().hex) as world:
        yield world


def order(world: World, number: str) -> Bought:
    return next(one for one in world.ground.bought if one.number == number)


async def case_about(world: World, number: str) -> CaseId:
    """A case of the customer who bought it, with a finding that agrees with the records in everything."""
    case = await world.open(address(order(world, number).customer))
    read_about(world, case, number)
    return case


def read_about(world: World, case: CaseId, number: str) -> None:
    bought = order(world, number)
    paid = {"amount": str(bought.paid), "currency": bought.currency}
    read = {"serial": bought.serial or "SN-1", "seller": bought.seller, "purchased": bought.purchased.isoformat(), "paid": paid}
    world.plant(case, read)


def card(world: World, number: str, amount: str | None = None) -> GiftCard:
    bought = order(world, number)
    return GiftCard(order=number, amount=Money(amount=Decimal(amount) if amount else bought.paid, currency=bought.currency))


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


async def proposed(world: World, number: str, action: Action) -> Tried:
    """A first step in a new case of its own; it waits for a person."""
    case = await case_about(world, number)
    tried = await world.propose(world.header(case), action)
    assert tried.how == "needs_approval", tried
    return tried


def said(world: World, tried: Tried, person: str, says: str, **changes: Any) -> tuple[Answer, str]:
    task = world.task(tried.task)  # type: ignore[arg-type]  # a task's id
    answer = world.sign(task, person, says, changes=changes)
    return answer, world.say(answer)


def rightful(world: World) -> None:
    assert Oracle(world).judge() == []


async def test_an_approval_counts_at_its_own_step_only(world: World) -> None:
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    answer, row = said(world, tried, "emeka", "approve")
    header, action = world.after(world.task(answer.task), row, answer)

    elsewhere = await world.propose(world.header(header.case, answer=row, task=answer.task), action)
    assert (elsewhere.how, "another step" in elsewhere.words) == ("forbidden", True)
    assert (await world.propose(header, action)).how == "done"
    rightful(world)


async def test_an_edit_counts_for_what_was_edited_only(world: World) -> None:
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    answer, row = said(world, tried, "emeka", "edit", amount=euros("100.00"))
    header, action = world.after(world.task(answer.task), row, answer)

    assert (await world.propose(header, card(world, "SO-004", "1999.00"))).how == "needs_approval"
    assert (await world.propose(header, action)).how == "done"
    rightful(world)


async def test_an_approval_of_goodwill_is_none_of_a_gift_card(world: World) -> None:
    asked = Goodwill(order="SO-002", amount=Money(amount=Decimal(50), currency="EUR"))
    tried = await proposed(world, "SO-002", asked)
    answer, row = said(world, tried, "marta", "approve")
    header, _ = world.after(world.task(answer.task), row, answer)

    assert (await world.propose(header, card(world, "SO-002", "50"))).how == "needs_approval"
    assert world.engine.ledger.last(kind="effect") is None


async def test_an_answer_that_comes_again_says_what_it_said_the_first_time(world: World) -> None:
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    answer, row = said(world, tried, "emeka", "reject")
    case = world.task(answer.task).case

    twisted = answer.model_copy(update={"says": "edit", "person": "marta", "changes": {"amount": euros("499.00")}})
    judged = world.answers.judge(twisted, case)
    assert (judged.answer, judged.says, judged.by, judged.changes) == (row, "reject", "emeka", {})


@pytest.mark.parametrize("cases", [1, 2, 3])
async def test_steps_that_race_for_one_order_give_one_remedy(world: World, cases: int) -> None:
    opened = [await case_about(world, "SO-003") for _ in range(cases)]
    steps = [world.header(opened[number % cases]) for number in range(3)]
    tried = await asyncio.gather(*(world.propose(step, card(world, "SO-003")) for step in steps))

    assert sorted(one.how for one in tried) == ["done", "needs_approval", "needs_approval"]
    rightful(world)


async def test_a_gift_card_that_races_with_a_repair_is_one_too_many(world: World) -> None:
    cases = [await case_about(world, "SO-000") for _ in range(2)]
    actions: list[Action] = [card(world, "SO-000"), Repair(order="SO-000", defect="broke")]
    tried = await asyncio.gather(
        *(world.propose(world.header(case), action) for case, action in zip(cases, actions, strict=True))
    )

    assert sorted(one.how for one in tried) == ["done", "needs_approval"]
    rightful(world)


async def test_a_supplier_pays_only_for_what_was_given_on_its_own_order(world: World) -> None:
    case = await case_about(world, "SO-010")
    assert (await world.propose(world.header(case), card(world, "SO-010"))).how == "done"
    other = Recovery(order="SO-000", amount=Money(amount=Decimal("39.96"), currency="EUR"))
    assert (await world.propose(world.header(case), other)).how == "needs_approval"
    rightful(world)


async def test_the_agent_writes_no_refusal_that_nobody_decided(world: World) -> None:
    case = await case_about(world, "SO-002")
    letter = Letter(template="declined", values={"reason": "out of warranty"})
    assert (await world.propose(world.header(case), letter)).how == "needs_approval"

    tried = await world.propose(world.header(case), Decline(order="SO-002", code="out_of_warranty"))
    answer, row = said(world, tried, "marta", "approve")
    assert (await world.propose(*world.after(world.task(answer.task), row, answer))).how == "done"
    assert (await world.propose(world.header(case), letter)).how == "done"
    rightful(world)


async def test_a_step_that_did_one_thing_does_no_other(world: World) -> None:
    case = await case_about(world, "SO-003")
    step = world.header(case)
    assert (await world.propose(step, OpenClaim(order="SO-003"))).how == "done"
    assert (await world.propose(step, Letter(template="acknowledge"))).how == "forbidden"


@pytest.mark.parametrize(("person", "boss"), [("jonas", "emeka"), ("marta", "jonas"), ("kwame", "marta")])
async def test_who_stands_in_for_somebody_decides_within_their_own_limit(world: World, person: str, boss: str) -> None:
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    assert said(world, tried, person, "approve")[1] == ""
    assert person not in world.task(tried.task).approvers  # type: ignore[arg-type]  # a task's id


async def test_who_left_after_approving_approved_nothing(world: World) -> None:
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    answer, row = said(world, tried, "emeka", "approve")
    with world.engine.database.write() as connection:
        emeka = next(person for person in store.people(connection) if person.id == "emeka")
        store.keep_people(connection, [emeka.model_copy(update={"active": False})])

    assert (await world.propose(*world.after(world.task(answer.task), row, answer))).how == "needs_approval"


async def edited_by_two(world: World) -> Tried:
    """A handler edits beyond her limit; a colleague without any limit edits down to what she could have approved."""
    tried = await proposed(world, "SO-004", card(world, "SO-004"))
    for person, amount in (("marta", "600.00"), ("kwame", "400.00")):
        answer, row = said(world, tried, person, "edit", amount=euros(amount))
        tried = await world.propose(*world.after(world.task(answer.task), row, answer))
        assert tried.how == "needs_approval", person
    return tried


async def test_who_edited_may_not_approve_what_became_of_it(world: World) -> None:
    tried = await edited_by_two(world)
    assert [said(world, tried, person, "approve")[1] for person in ("marta", "kwame")] == ["", ""]

    answer, row = said(world, tried, "jonas", "approve")
    assert (await world.propose(*world.after(world.task(answer.task), row, answer))).how == "done"
    rightful(world)


async def test_the_oracle_sees_who_approves_what_they_edited(ground: Ground) -> None:
    bundle = Bundle.load(PROJECT / "policies")
    shared = bundle.texts["shared.cedar"].replace("resource.proposers.contains(principal)", "false")
    with a_world(ground, ground.folder / uuid.uuid4().hex, bundle.including("shared.cedar", shared)) as world:
        answer, row = said(world, await edited_by_two(world), "marta", "approve")
        assert (await world.propose(*world.after(world.task(answer.task), row, answer))).how == "done"
        assert any("approved by who proposed it" in words for words in Oracle(world).judge())
