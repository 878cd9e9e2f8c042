"""Every recorded verdict judged again, under the policies, tables and staff of then: the same, or named."""

from collections.abc import Callable

from baton.governance.engine import Engine
from baton.governance.policy import Policies, Verb
from baton.governance.policy.engine import policies_of
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId
from baton.types.people import Person
from baton.types.verdicts import Proposal


class Differs(Frozen):
    """A verdict that does not come out again."""

    decision: DecisionId
    words: str


class Replayed(Frozen):
    """What a replay found."""

    verdicts: int
    same: int
    unreadable: int
    """Verdicts whose facts were erased with the person they were about."""
    differs: tuple[Differs, ...]


def replay(engine: Engine, tick: Callable[[], None] = lambda: None) -> Replayed:
    """Judge every verdict of the ledger again; `tick` is called for each."""
    same = unreadable = total = 0
    differs: list[Differs] = []
    for row in engine.ledger.scan():
        if row.kind != "verdict":
            continue
        total += 1
        tick()
        if "proposal" not in row.private:
            unreadable += 1
        elif words := _difference(engine, row):
            differs.append(Differs(decision=row.id, words=words))
        else:
            same += 1
    return Replayed(verdicts=total, same=same, unreadable=unreadable, differs=tuple(differs))


def _difference(engine: Engine, row: Decision) -> str:
    """In which way a verdict comes out otherwise; empty when it is the same."""
    assert row.bundle is not None
    with engine.database.read() as connection:
        bundle = engine.bundle(connection, row.bundle)
        staff = engine.staff(connection, str(row.detail["staff"])) if "staff" in row.detail else ()
    if bundle is None:
        return f"the policies `{row.bundle}` of then are not stored"
    policies = policies_of(bundle.to_json())
    proposal = Proposal.model_validate(row.private["proposal"])
    if proposal.hash != row.proposal:
        return "the proposal does not hash to what the row says"
    verdict = policies.judge(proposal, staff)
    if verdict.failed != row.failed:
        return "other conditions failed then"
    if row.outcome == "approved":
        return _approval(policies, row, proposal)
    if verdict.rules != row.rules:
        return f"decided by {', '.join(row.rules)} then, by {', '.join(verdict.rules)} now"
    # An answer that did not stand sent its proposal back to people, whatever the agent may do alone by now.
    reopened = row.outcome == "needs_approval" and "objection" in row.detail
    return "" if reopened or row.outcome == verdict.outcome else f"`{row.outcome}` then, `{verdict.outcome}` now"


def _approval(policies: Policies, row: Decision, proposal: Proposal) -> str:
    person = Person.model_validate(row.private["person"])
    verb: Verb = "edit" if proposal.proposer.kind == "person" and proposal.proposer.id == person.id else "approve"
    permission = policies.may(person, verb, proposal)
    return "" if permission.allowed and permission.rules == row.rules else f"{person.id} may not {verb} it now, or by other rules"
