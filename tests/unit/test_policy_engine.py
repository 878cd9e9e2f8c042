"""Judging: what is permitted, by whom, and what happens when something is wrong."""

import pytest

from baton.governance.policy import Policies
from baton.types.people import Actor
from tests.policies.petty import AGENT, BOSS, CLERK, EFFECTS, REFUNDS, STAFF, bundle, money, policies, refund

OVERFLOWING = """
@id("odd")
@class("hard")
@reason("counts too far")
@when1("the count is odd")
forbid (principal, action, resource is Refund)
when { resource.facts.times + 9223372036854775807 > 3 };
"""


def test_a_small_refund_is_done_alone() -> None:
    verdict = policies().judge(refund(), STAFF)
    assert (verdict.outcome, verdict.rules, verdict.failed) == ("autonomous", ("refund.alone.eur",), ())


def test_only_the_rule_for_the_currency_at_hand_explains_itself() -> None:
    verdict = policies().judge(refund("30.00"), STAFF)
    assert [(clause.policy, clause.words) for clause in verdict.failed] == [
        ("refund.alone.eur", "the amount is above 0 and at most 20.00 EUR")
    ]
    assert verdict.approvers == ("cleo", "bo")


def test_a_currency_nobody_wrote_a_row_for_is_explained_by_every_row() -> None:
    verdict = policies().judge(refund(currency="GBP"), STAFF)
    assert {clause.words for clause in verdict.failed} == {"the amount is in EUR", "the amount is in USD"}
    assert (verdict.outcome, verdict.approvers) == ("needs_approval", ())


def test_a_full_year_stops_acting_alone() -> None:
    told = {"customer_year": "50.01", "process_day": "50.01"}
    verdict = policies().judge(refund(spent=told), STAFF)
    assert [clause.cites for clause in verdict.failed] == [("spent.customer_year",)]


def test_running_totals_that_nobody_loaded_deny() -> None:
    verdict = policies().judge(refund(spent={}), STAFF)
    assert verdict.outcome == "forbidden"
    assert "`spent.customer_year` is not known" in verdict.errors[0]


def test_without_a_rule_for_people_nothing_can_be_approved() -> None:
    assert policies(limits_csv="").judge(refund("30.00"), STAFF).outcome == "forbidden"


def test_nobody_available_still_needs_approval() -> None:
    away = [person.model_copy(update={"active": False}) for person in STAFF]
    verdict = policies().judge(refund("30.00"), away)
    assert (verdict.outcome, verdict.approvers) == ("needs_approval", ())


def test_a_hard_rule_forbids_whatever_else_permits() -> None:
    verdict = policies().judge(refund(), STAFF, stopped=True)
    assert (verdict.outcome, verdict.rules) == ("forbidden", ("stop",))


def test_an_error_in_any_rule_denies_even_where_another_permits() -> None:
    judged = policies(shared_cedar=OVERFLOWING).judge(refund(facts={"times": 1}), STAFF)
    assert judged.outcome == "forbidden"
    assert "integer overflow" in judged.errors[0]
    permission = policies(shared_cedar=OVERFLOWING).may(CLERK, "approve", refund(facts={"times": 1}))
    assert not permission.allowed
    assert "integer overflow" in permission.words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"action": "shop.unknown"}, "`shop.unknown` is not a declared effect"),
        ({"resource": "Note"}, "acts on `Refund`, not on `Note`"),
        ({"arguments": {"order": "O-1"}}, "`action.amount` is missing"),
        ({"arguments": {"order": "O-1", "amount": money("20.00"), "payee": "me"}}, "`action` has `payee`, which no policy knows"),
        ({"arguments": {"order": "O-1", "amount": money("20.00001")}}, "four decimal places"),
        ({"arguments": {"order": "O-1", "amount": money("1" * 16 + ".00")}}, "14 digits"),
        ({"arguments": {"order": "O-1", "amount": money("NaN")}}, "`action.amount.amount` is `NaN`"),
        ({"arguments": {"order": 7, "amount": money("20.00")}}, "`action.order` is `7`, not text"),
        ({"facts": {"known": 1, "paid": money("20.00"), "times": 0}}, "`facts.known` is `1`, not yes or no"),
        ({"facts": {"known": True, "paid": money("20.00"), "times": True}}, "`facts.times` is `True`, not a whole number"),
        ({"facts": {"known": True, "paid": money("20.00"), "times": 2**63}}, "too large to compare"),
        ({"facts": {"known": True, "paid": "20.00 EUR", "times": 0}}, "`facts.paid` is not an amount"),
    ],
)
def test_a_proposal_of_another_shape_is_forbidden_with_the_reason(wrong: dict[str, object], words: str) -> None:
    verdict = policies().judge(refund().model_copy(update=wrong), STAFF)
    assert verdict.outcome == "forbidden"
    assert words in verdict.errors[0]


def test_the_proposer_never_approves() -> None:
    proposal = refund("30.00", answerable=("cleo",))
    assert policies().judge(proposal, STAFF).approvers == ("bo",)
    refused = policies().may(CLERK, "approve", proposal)
    assert (refused.allowed, refused.rules) == (False, ("proposer",))


def test_an_editor_acts_alone_only_within_their_own_limit() -> None:
    cleo = Actor(kind="person", id="cleo", roles=("clerk",))
    within = refund("100.00", proposer=cleo, answerable=("cleo",))
    beyond = refund("100.01", proposer=cleo, answerable=("cleo",))
    assert policies().judge(within, STAFF).outcome == "autonomous"
    verdict = policies().judge(beyond, STAFF)
    assert (verdict.outcome, verdict.approvers) == ("needs_approval", ("bo",))
    assert "at most 100.00 EUR" in verdict.failed[0].words
    assert policies().may(CLERK, "edit", within).allowed
    assert not policies().may(CLERK, "edit", beyond).allowed


def test_who_proposed_it_cannot_make_it_their_own_by_editing() -> None:
    assert not policies().may(CLERK, "edit", refund("30.00", answerable=("cleo",))).allowed


def test_an_editor_who_is_not_on_the_staff_is_refused() -> None:
    verdict = policies().judge(refund(proposer=Actor(kind="person", id="mallory", roles=("boss",))), STAFF)
    assert verdict.outcome == "forbidden"
    assert "`mallory` proposed this and is not on the staff" in verdict.errors


def test_roles_come_from_the_staff_and_never_from_the_proposal() -> None:
    claimed = Actor(kind="person", id="cleo", roles=("boss",))
    assert policies().judge(refund("900.00", proposer=claimed), STAFF).outcome == "needs_approval"


def test_what_cannot_be_undone_has_no_undo() -> None:
    letter = refund(
        action="post.note", resource="Note", arguments={"template": "x", "values": {}},
        facts={"recipient_known": True, "values_fit": True}, spent={},
    )  # fmt: skip
    letter = letter.model_copy(update={"facts": {"recipient_known": True, "values_fit": True}})
    assert policies().judge(letter, STAFF).outcome == "autonomous"
    assert policies().may(BOSS, "undo", letter).words == "`post.note` cannot be undone"


def test_the_engine_takes_orders_only_from_whom_a_rule_names() -> None:
    rule = '@id("s") @reason("r") permit(principal is Person in Role::"boss", action == Action::"baton:stop", resource);'
    made = policies(engine_cedar=rule)
    assert made.may_do(BOSS, "baton:stop", {"process": "refunds"}).allowed
    assert not made.may_do(CLERK, "baton:stop").allowed
    assert not made.may_do(BOSS, "baton:resume").allowed
    assert "not something to do" in made.may_do(BOSS, "baton:erase").words
    assert "`shoe` is not known" in made.may_do(BOSS, "baton:stop", {"shoe": "9"}).words


def test_an_absent_value_is_known_to_be_absent() -> None:
    rule = """@id("n") @reason("r") @when1("a note is given")
    permit(principal is Person in Role::"clerk", action == Action::"shop.refund:approve", resource)
    when { resource.action.note_known && resource.action.note != "" };"""
    made = policies(limits_csv="", engine_cedar=rule)
    assert not made.may(CLERK, "approve", refund()).allowed
    told = {"order": "O-1", "amount": money("20.00"), "note": "broken"}
    assert made.may(CLERK, "approve", refund(arguments=told)).allowed


def test_confidence_is_never_rounded_up() -> None:
    rule = REFUNDS.replace("resource.facts.times < 2", 'resource.trust.confidence.greaterThanOrEqual(decimal("0.8"))')
    unsure = refund().trust.model_copy(update={"confidence": 0.79999999})
    assert policies(refunds_cedar=rule).judge(refund(trust=unsure), STAFF).outcome == "needs_approval"


def test_the_stored_bundle_judges_without_any_declaration() -> None:
    now = policies()
    then = Policies(now.bundle)
    assert then.hash == now.hash
    for proposal in (refund(), refund("30.00"), refund("2000.00"), refund(proposer=AGENT, spent={})):
        assert then.judge(proposal, STAFF) == now.judge(proposal, STAFF)


def test_the_hash_moves_with_every_text_and_with_the_shapes() -> None:
    assert policies().hash == Policies(bundle(), EFFECTS).hash
    assert policies().hash != policies(refunds_cedar=REFUNDS + "\n").hash
    assert policies().hash != policies(shared_cedar="").hash
