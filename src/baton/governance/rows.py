"""How decisions become rows: one place that knows which part is personal and which span is running."""

from typing import Any

from baton.cases.clock import now
from baton.governance.declare import About
from baton.governance.desk import StepHeader
from baton.governance.proposing import customer_label
from baton.telemetry import current_ids
from baton.types.canonical import Json, plain
from baton.types.decisions import Decision, DecisionKind
from baton.types.ids import CaseId, DecisionId, decision_id
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal, Verdict


def actor(person: Person) -> Actor:
    """A person or integration as the ledger keeps them: with the roles held at this moment."""
    return Actor(kind=person.kind, id=person.id, roles=tuple(sorted(person.roles)))


def row(kind: DecisionKind, id: DecisionId, by: Actor, outcome: str, **rest: Any) -> Decision:
    """A row stamped with the present time and the running span."""
    trace, span = current_ids()
    return Decision(id=id, kind=kind, at=now(), by=by, outcome=outcome, trace=trace, span=span, **rest)


def of_step(header: StepHeader, about: About | None, action: str) -> dict[str, Any]:
    """Where in which case a decision was taken."""
    place = {"case": header.case, "process": header.process, "stage": header.stage, "step": header.key, "action": action}
    return place | ({"subject": customer_label(header.case, about)} if about else {})


def verdict_row(
    id: DecisionId, by: Actor, proposal: Proposal, verdict: Verdict, outcome: str, about: About, **rest: Any
) -> Decision:
    """A verdict as it is kept: rules and failed conditions open, arguments and facts sealed."""
    private: dict[str, Json] = {"proposal": plain(proposal)} | rest.pop("private", {})
    return row(
        "verdict",
        id,
        by,
        outcome,
        case=proposal.case,
        process=proposal.process,
        stage=proposal.stage,
        step=proposal.step,
        action=proposal.action,
        proposal=proposal.hash,
        rules=verdict.rules,
        failed=verdict.failed,
        bundle=verdict.bundle,
        subject=customer_label(proposal.case, about),
        private=private,
        **rest,
    )


def plain_row(kind: DecisionKind, case: CaseId, what: str, by: Actor, outcome: str, **rest: Any) -> Decision:
    """A row about a case that belongs to no step: a handoff, a refusal, an alert."""
    return row(kind, decision_id(f"{case}/{what}", kind), by, outcome, case=case, **rest)  # type: ignore[arg-type]  # not a step
