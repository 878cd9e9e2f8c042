"""Two versions compared, old verdicts judged again, rights listed, verdicts explained."""

from decimal import Decimal

import pytest

from baton.governance.policy import Policies, replayed, same
from baton.governance.policy.authority import authority
from baton.governance.policy.diff import Flip, diff
from baton.governance.policy.why import Recorded, why
from baton.types.verdicts import Proposal
from tests.policies.petty import AUTONOMY, BOSS, CLERK, EFFECTS, LIMITS, REFUNDS, STAFF, bundle, policies, refund


def flips(new: Policies, past: tuple[Proposal, ...] = ()) -> list[Flip]:
    return list(diff(policies(), new, STAFF, past).flips)


def test_the_same_policies_flip_nothing() -> None:
    difference = diff(policies(), policies(), STAFF, [refund()])
    assert difference.flips == ()
    assert difference.past == 1
    assert difference.grid > 50
    assert difference.missed == 0


def test_a_grid_too_small_for_every_boundary_says_so() -> None:
    difference = diff(policies(), policies(), size=5)
    assert difference.missed > 20
    assert difference.grid <= 10


def test_a_raised_limit_flips_exactly_the_amounts_between() -> None:
    (flip,) = flips(policies(autonomy_csv=AUTONOMY.replace("EUR,20.00", "EUR,30.00")))
    assert (flip.source, flip.before, flip.after) == ("grid", "approval by boss, clerk", "alone")
    assert (flip.lowest, flip.highest, flip.currency) == (Decimal("20.01"), Decimal("30.00"), "EUR")
    assert flip.example.startswith("the amount is above 0 and at most ")


def test_past_decisions_say_how_much_money() -> None:
    past = tuple(refund(amount, case=f"RE-{amount}") for amount in ("19.00", "25.00", "30.00", "31.00"))
    found = flips(policies(autonomy_csv=AUTONOMY.replace("EUR,20.00", "EUR,30.00")), past)
    (flip,) = [flip for flip in found if flip.source == "past"]
    assert (flip.before, flip.after, flip.count) == ("approval by cleo, bo", "alone", 2)
    assert (flip.total, flip.currency, flip.example) == (Decimal("55.00"), "EUR", "RE-25.00")


def test_a_lowered_limit_for_people_is_seen() -> None:
    (flip,) = flips(policies(limits_csv=LIMITS.replace("EUR,100.00", "EUR,80.00")))
    assert (flip.before, flip.after) == ("approval by boss, clerk", "approval by boss")
    assert (flip.lowest, flip.highest) == (Decimal("80.01"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("resource.facts.times < 2", "resource.facts.times < 3", "it was refunded fewer than 2 times"),
        ("resource.action.amount == resource.facts.paid", "resource.facts.known", "the amount is exactly what was paid"),
        (" && resource.facts.known", "", "the order is known"),
    ],
)
def test_a_loosened_condition_is_seen(old: str, new: str, words: str) -> None:
    found = flips(policies(refunds_cedar=REFUNDS.replace(old, new)))
    assert found
    assert all(flip.after == "alone" for flip in found)
    assert any(words in flip.example for flip in found)


def test_a_rule_taken_away_is_seen() -> None:
    found = flips(policies(refunds_cedar=REFUNDS.partition('@id("note')[0]))
    assert [(flip.action, flip.before, flip.after) for flip in found] == [("post.note", "alone", "forbidden")]


def test_an_old_verdict_comes_out_the_same_under_its_own_bundle() -> None:
    then = policies()
    stored = type(then.bundle).from_json(then.bundle.to_json())
    assert stored.hash == then.hash
    for proposal in (refund(), refund("30.00"), refund("5000.00"), refund(facts={"known": False})):
        assert same(then.judge(proposal, STAFF), proposal, stored, STAFF)
    now = policies(autonomy_csv=AUTONOMY.replace("EUR,20.00", "EUR,30.00"))
    assert not same(now.judge(refund("30.00"), STAFF), refund("30.00"), stored, STAFF)
    assert replayed(refund("30.00"), stored, STAFF).outcome == "needs_approval"


def test_a_verdict_tampered_with_does_not_come_out_the_same() -> None:
    then = policies()
    verdict = then.judge(refund("30.00"), STAFF).model_copy(update={"outcome": "autonomous"})
    assert not same(verdict, refund("30.00"), then.bundle, STAFF)


def test_a_verdict_while_stopped_comes_out_the_same_while_stopped() -> None:
    then = policies()
    assert same(then.judge(refund(), STAFF, stopped=True), refund(), then.bundle, STAFF, stopped=True)
    assert not same(then.judge(refund(), STAFF, stopped=True), refund(), then.bundle, STAFF)


def test_authority_lists_who_may_do_what_up_to_which_limit() -> None:
    away = CLERK.model_copy(update={"active": False})
    rights = {(right.action, right.verb, right.rule): right for right in authority(policies(), (away, BOSS))}
    boss = rights["shop.refund", "approve", "refund.boss"]
    assert (boss.role, boss.people, boss.limit) == ("boss", ("bo",), "1,000.00 EUR")
    assert rights["shop.refund", "approve", "refund.clerk"].people == ()
    assert rights["shop.refund", "alone", "refund.alone.eur"].limit == "20.00 EUR"


def test_why_tells_the_rules_of_then_and_what_would_have_changed_it() -> None:
    told = why(Recorded(proposal=refund("30.00"), bundle=policies().bundle, people=STAFF))
    assert (told.outcome, told.approvers) == ("needs_approval", ("cleo", "bo"))
    assert [(said.rule, said.place) for said in told.rules] == [
        ("refund.clerk", "tables/limits.csv:2"),
        ("refund.boss", "tables/limits.csv:3"),
    ]
    assert [str(need) for change in told.changes for need in change.needs] == ["action.amount.amount at most 20.00 (now 30.00)"]


def test_the_bundle_of_today_is_not_the_bundle_as_loaded() -> None:
    assert Policies(bundle(), EFFECTS).bundle.texts.keys() - bundle().texts.keys() == {"shapes.json"}
