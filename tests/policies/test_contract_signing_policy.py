"""Who may sign, as the authority matrix and its rule say it, and what must never happen.

The staff's own table, `policies/tests/contract_signing.csv`, runs with all others.
"""

from decimal import Decimal
from typing import Any

import pytest
from contract_office import effects, policies
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.governance.policy import Bundle, Policies
from baton.governance.policy.problems import PolicyProblem
from baton.types.findings import Trust
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal

POLICIES = policies()
STAFF = tuple(
    Person(id=role, name=role, department="x", roles=frozenset({role}), email="x@example.com")
    for role in ("sales-agent", "sales-director", "managing-director", "board-member", "legal-counsel", "general-counsel")
)
FACTS: dict[str, Any] = {
    "deal_known": True, "deal_open": True, "customer_active": True, "term_months": 24, "liability": "capped",
    "entity": "Wrenfield & Oake Services B.V.", "paper_ready": True, "deviations": 0, "billing_agreed": True, "signed": False,
}  # fmt: skip
SURE = Trust(grounded=True, disputed=False, confidence=0.95, instruction_like_text=False)


def sign(value: str, *, deal: str | None = None, trust: Trust = SURE, **facts: Any) -> Proposal:
    """Our signature for what was agreed, unless something is said otherwise."""
    return Proposal(
        case="CS-1", process="contract_signing", stage="signatories", step="CS-1/1/0", action="signing.sign", resource="Sign",
        arguments={"deal": "D-1", "document": "aa", "value": {"amount": value, "currency": "EUR"}},
        facts=FACTS | {"value": {"amount": deal or value, "currency": "EUR"}} | facts,
        trust=trust, spent={"customer_year": value, "process_day": value}, proposer=Actor(kind="agent", id="signing"),
    )  # fmt: skip


_FACTS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name, value in FACTS.items() if isinstance(value, bool)},
        "term_months": st.sampled_from([1, 24, 25, 60, 61, 120, 121]),
        "liability": st.sampled_from(["capped", "silent", "unlimited"]),
        "deviations": st.integers(0, 2),
    },
)
_VALUES = st.sampled_from(["-5.00", "0.00", "0.01", "5000.00", "5000.01", "25000.00", "25000.01", "250000.00", "5000000.01"])


@settings(max_examples=150)
@given(value=_VALUES, deal=_VALUES, facts=_FACTS, trust=st.builds(
    Trust, grounded=st.booleans(), disputed=st.booleans(), confidence=st.just(0.9), instruction_like_text=st.booleans()
))  # fmt: skip
def test_nobody_signs_what_was_not_agreed_and_the_seal_only_what_is_small_and_plain(
    value: str, deal: str, facts: dict[str, Any], trust: Trust
) -> None:
    verdict = POLICIES.judge(sign(value, deal=deal, trust=trust, **facts), STAFF)
    every = FACTS | facts
    settled = value == deal and not every["signed"] and all(every[name] for name in _SETTLED)
    assert verdict.errors == ()
    assert settled or (verdict.outcome != "autonomous" and verdict.approvers == ())
    small = Decimal(0) < Decimal(value) <= 5000 and every["term_months"] <= 24 and every["liability"] == "capped"
    plain = every["deviations"] == 0 and every["customer_active"] and not trust.instruction_like_text
    assert (verdict.outcome == "autonomous") == (settled and small and plain)
    if every["liability"] == "unlimited" or every["term_months"] > 60:
        assert set(verdict.approvers) <= {"board-member"}


_SETTLED = ("deal_known", "deal_open", "paper_ready", "billing_agreed")


def test_a_row_of_the_matrix_bounds_only_facts_that_there_are() -> None:
    table = "tables/contract_signing/limits.csv"
    bundle = POLICIES.bundle
    broken = bundle.including(table, bundle.texts[table].replace("facts.entity", "facts.mood"))
    with pytest.raises(PolicyProblem, match="mood"):
        Policies(Bundle(texts=broken.texts), effects())
