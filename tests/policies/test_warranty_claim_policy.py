"""What the company's policies allow in a warranty claim: the staff's own table, and what must never happen."""

from decimal import Decimal
from typing import Any

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.governance.policy.encode import attributes_of, entity, person_entity, uid
from baton.governance.policy.expected import Result, run_tables
from baton.governance.policy.lint import check
from baton.governance.policy.rules import policy_set
from baton.governance.policy.schema import cedar_schema
from baton.types.findings import Trust
from tests.policies.claims import FACTS, FOLDER, HANDLER, MANAGER, POLICIES, STAFF, SURE, effects, gift_card

TABLE = run_tables(POLICIES, FOLDER / "tests")


@pytest.mark.parametrize("line", TABLE, ids=[result.it for result in TABLE])
def test_the_staff_table_holds(line: Result) -> None:
    assert line.passed, f"{line.file}:{line.line}: expected {line.expected}, got {line.got}"


def test_the_policies_are_in_order_and_the_schema_is_fresh() -> None:
    assert [str(problem) for problem in check(FOLDER, effects())] == []


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [("0.01", "autonomous"), ("250.00", "autonomous"), ("250.0001", "needs_approval"), ("250.01", "needs_approval"),
     ("0.00", "needs_approval"), ("-5.00", "needs_approval")],
)  # fmt: skip
def test_the_boundary_of_acting_alone(amount: str, outcome: str) -> None:
    assert POLICIES.judge(gift_card(amount), STAFF).outcome == outcome


def test_nobody_may_approve_nothing_or_less() -> None:
    for amount in ("0.00", "-5.00"):
        verdict = POLICIES.judge(gift_card(amount), STAFF)
        assert (verdict.outcome, verdict.approvers, verdict.rules) == ("needs_approval", (), ())


def test_a_gift_card_over_the_handlers_limit_waits_for_a_manager() -> None:
    verdict = POLICIES.judge(gift_card("640.00", in_warranty=False), STAFF)
    assert verdict.approvers == ("claims-manager", "finance-director")
    assert [clause.words for clause in verdict.failed] == [
        "the product is within its warranty",
        "the amount is above 0 and at most 250.00 EUR",
    ]
    assert verdict.failed[0].cites == ("facts.in_warranty",)


@pytest.mark.parametrize("amount", ["389.00", "640.00", "2000.00"])
def test_what_is_known_to_have_failed_wants_the_same_as_when_it_is_judged_anew(amount: str) -> None:
    unsure = SURE.model_copy(update={"disputed": True})
    for proposal in (gift_card(amount), gift_card(amount, in_warranty=False), gift_card(amount, trust=unsure)):
        anew = POLICIES.would_change(proposal, STAFF)
        known = POLICIES.judge(proposal, STAFF).failed
        assert anew
        assert set(map(str, POLICIES.wanted_by(proposal, known))) == set(map(str, anew))
    assert POLICIES.wanted_by(gift_card(amount), ()) == ()


def test_what_would_have_changed_it_names_the_boundary() -> None:
    unsure = SURE.model_copy(update={"confidence": 0.71})
    changes = POLICIES.would_change(gift_card("640.00", in_warranty=False, trust=unsure), STAFF)
    assert [str(need) for change in changes for need in change.needs] == [
        "facts.in_warranty = yes (now no)",
        "trust.confidence at least 0.80 (now 0.71)",
        "action.amount.amount at most 250.00 (now 640.00)",
    ]


_MONEY = st.decimals(min_value="-50", max_value="3000", places=2).map(lambda value: f"{value:.2f}")
_FACTS = st.fixed_dictionaries(
    {},
    optional={name: st.booleans() if isinstance(value, bool) else st.integers(-1, 3) for name, value in FACTS.items()
              if isinstance(value, bool | int)},
)  # fmt: skip
_TRUST = st.builds(
    Trust, grounded=st.booleans(), disputed=st.booleans(), confidence=st.floats(0, 1), instruction_like_text=st.booleans()
)


@settings(max_examples=200, deadline=None)
@given(amount=_MONEY, paid=_MONEY, currency=st.sampled_from(["EUR", "MYR", "USD"]), facts=_FACTS, trust=_TRUST)
def test_no_proposal_errs_and_none_goes_alone_that_a_plain_reading_forbids(
    amount: str, paid: str, currency: str, facts: dict[str, Any], trust: Trust
) -> None:
    proposal = gift_card(amount, paid=paid, currency=currency, trust=trust, **facts)
    verdict = POLICIES.judge(proposal, STAFF)
    assert verdict.errors == ()
    assert (verdict.outcome == "autonomous") == _plainly_allowed(amount, paid, currency, FACTS | facts, trust)
    for person in STAFF:
        allowed = POLICIES.may(person, "approve", proposal).allowed
        assert not allowed or Decimal(0) < Decimal(amount) <= Decimal(paid)


def _plainly_allowed(amount: str, paid: str, currency: str, facts: dict[str, Any], trust: Trust) -> bool:
    """The rule for acting alone as the business says it, written without the policies."""
    limit = {"EUR": 250, "MYR": 1250, "USD": 0}[currency]
    must = ("order_known", "order_is_customers", "customer_active", "in_warranty", "receipt_on_file", "price_matches",
            "date_matches", "seller_matches", "serial_matches")  # fmt: skip
    must_not = ("remedies_before", "other_open_claims", "photo_used_before", "remedy_given")
    return (
        Decimal(amount) == Decimal(paid)
        and 0 < Decimal(amount) <= limit
        and all(facts[name] for name in must)
        and not any(facts[name] for name in must_not)
        and trust.grounded
        and not trust.disputed
        and not trust.instruction_like_text
        and trust.confidence >= 0.8
    )


@settings(max_examples=30, deadline=None)
@given(amount=_MONEY, facts=_FACTS, trust=_TRUST, stopped=st.booleans(), proposed=st.booleans())
def test_looking_at_fewer_rules_and_attributes_changes_no_answer(
    amount: str, facts: dict[str, Any], trust: Trust, stopped: bool, proposed: bool
) -> None:
    """The engine shows Cedar what the rules about one action read; here Cedar sees everything."""
    answerable = (HANDLER.id,) if proposed else ()
    proposal = gift_card(amount, trust=trust, **facts).model_copy(update={"answerable": answerable})
    effect = POLICIES.shapes.of("erp.issue_gift_card")
    assert effect is not None
    schema = cedarpy.Schema.from_str(cedar_schema(POLICIES.shapes))
    it = entity(uid("GiftCard", "it"), attributes_of(proposal, effect, stopped))
    everything = [it, *map(person_entity, (HANDLER, MANAGER))]
    for person in (HANDLER, MANAGER):
        whole = cedarpy.is_authorized(
            {"principal": uid("Person", person.id), "action": uid("Action", "erp.issue_gift_card:approve"),
             "resource": uid("GiftCard", "it"), "context": {}},
            policy_set(rule.template for rule in POLICIES.rules), everything, schema,
        )  # fmt: skip
        ours = POLICIES.may(person, "approve", proposal, stopped)
        assert (ours.allowed, set(ours.rules)) == (whole.allowed, set(whole.diagnostics.reasons))
