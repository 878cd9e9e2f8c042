"""Replay: a recorded proposal judged again under the very policies of then."""

from collections.abc import Sequence

from baton.governance.policy.bundle import Bundle
from baton.governance.policy.engine import policies_of
from baton.types.people import Person
from baton.types.verdicts import Proposal, Verdict


def replayed(proposal: Proposal, bundle: Bundle, people: Sequence[Person], stopped: bool = False) -> Verdict:
    """The verdict that this stored bundle gives; `people` are the staff as they were then."""
    return policies_of(bundle.to_json()).judge(proposal, people, stopped)


def same(verdict: Verdict, proposal: Proposal, bundle: Bundle, people: Sequence[Person], stopped: bool = False) -> bool:
    """Whether the recorded verdict comes out again, to the last failed condition and approver."""
    return replayed(proposal, bundle, people, stopped) == verdict
