"""The decisions of one made-up case, as governance records them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from baton.types.canonical import plain
from baton.types.decisions import Decision
from baton.types.documents import Document
from baton.types.findings import Evidence, FieldFinding, Keyed
from baton.types.ids import StepKey, decision_id
from baton.types.people import Actor
from baton.types.verdicts import Proposal, Verdict

ROWS: Final = 10
AGENT: Final = Actor(kind="agent", id="warranty_claim-agent", version="1")
ENGINE: Final = Actor(kind="engine", id="baton", version="1")
BODY: Final = (
    "Dear all,\n\nmy espresso machine leaks since last week. The serial number is CE10-004711, printed on the bottom.\n"
    "I would like my money back as a gift card.\n\nKind regards\n"
)
BOX: Final = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.13), (0.1, 0.13))
FACTS: Final[dict[str, Any]] = {
    "order_known": True, "order_is_customers": True, "customer_active": True, "days_since_purchase": 30, "warranty_days": 730,
    "in_warranty": True, "receipt_on_file": True, "price_matches": True, "date_matches": True, "seller_matches": True,
    "serial_matches": True, "remedies_before": 0, "other_open_claims": 0, "photo_used_before": False, "remedy_given": False,
    "repairable": False, "in_stock": 0, "repair_centre": "", "supplier": "SUP-1", "supplier_recovers": True,
}  # fmt: skip


def finding_of(receipt: Document, body: Document) -> dict[str, Any]:
    """What was read: one field in dispute, some agreed."""
    printed = Evidence(document=receipt.id, page=1, text="word3", polygons=(BOX,))
    at = BODY.index("CE10-004711")
    said = Evidence(document=body.id, page=1, text="CE10-004711", span=(at, at + 11))
    readings = (
        Keyed(value="CE10-004711", reader="rules/1", confidence=0.9, evidence=said),
        Keyed(value="CE10-004717", reader="crf/1", confidence=0.8, evidence=printed),
    )
    fields = [
        FieldFinding(
            name="serial",
            value="CE10-004711",
            agreement="disputed",
            grounded=True,
            confidence=0.6,
            evidence=said,
            readings=readings,
        ),
        *(
            FieldFinding(name=name, value=value, agreement="agreed", grounded=True, confidence=0.97, evidence=printed)
            for name, value in (("seller", "Harbour Kitchen B.V."), ("purchased", "2026-02-03"), ("receipt_number", "R-1"))
        ),
    ]
    return {"values": {}, "fields": [plain(one) for one in fields], "notes": [], "instruction_like_text": False, "made_with": {}}


def rows_of(
    proposal: Proposal, verdict: Verdict, finding: dict[str, Any], opened: datetime, waits: bool, about: dict[str, Any]
) -> Iterator[Decision]:
    """Ten rows: read, judged, and where the case is over, approved and written."""
    case = proposal.case
    place = {"case": case, "process": proposal.process, "subject": about["customer"]}

    def row(number: int, kind: Any, by: Actor, outcome: str, **more: Any) -> Decision:
        step = StepKey(f"{case}/{more.pop('step', number)}/0")
        said = {"stage": "claims", "step": None if kind == "handoff" else step} | place | more
        at = opened + timedelta(minutes=15 * number)
        return Decision.model_validate(
            {"id": decision_id(step, kind), "kind": kind, "at": at, "by": by, "outcome": outcome, **said}
        )

    judged = {"proposal": proposal.hash, "rules": verdict.rules, "bundle": about["bundle"], "action": proposal.action, "step": 7}
    sealed = {"proposal": plain(proposal)}
    yield row(1, "handoff", ENGINE, "opened", detail={"owner": "lena"})
    yield row(2, "finding", AGENT, "found", action="rekey.key_form", private={"finding": finding})
    yield row(3, "handoff", ENGINE, "handed over", detail={"from": "intake", "to": "customer-service", "holder": "lena"})
    for number in (4, 5):
        yield row(number, "finding", AGENT, "found", action="classify.classify_message", detail={"label": "warranty_claim"})
    yield row(6, "handoff", ENGINE, "handed over", detail={"from": "customer-service", "to": "claims", "holder": "marta"})
    staff = {"staff": about["staff"]}
    yield row(7, "verdict", AGENT, "needs_approval", failed=verdict.failed, private=sealed, detail=staff, **judged)
    if waits:
        for number in (8, 9, 10):
            yield row(number, "finding", AGENT, "found", action="classify.classify_message", detail={"label": "photo"})
        return
    marta = Actor(kind="person", id="marta", roles=("claims-handler",))
    asked, step = decision_id(StepKey(f"{case}/7/0"), "verdict"), {"step": 7, "action": proposal.action}
    said = {"says": "approve", "seconds": "21.0", "shown": ["console task page"], "code": "", "edited": []}
    links = {"task": "t-" + decision_id(proposal.step, "task")[2:], "verdict": asked}
    yield row(8, "answer", marta, "approve", detail=said, private={"reason": "", "changes": {}}, links=links, **step)
    done = {"reference": f"GC-{case[3:]}", "wrote": {"gift card": f"GC-{case[3:]}"}}
    wrote = {"read_back": True, "found_again": False, "undo": "exact"}
    yield row(9, "effect", AGENT, "written", detail=wrote, private={"done": done}, links={"verdict": asked, "key": asked}, **step)
    yield row(10, "handoff", ENGINE, "closed", detail={"result": "gift card"})


def own_step(made: Decision) -> tuple[str, str]:
    """The step and kind that a row's id was made of."""
    for step in range(1, ROWS + 1):
        if made.id == decision_id(StepKey(f"{made.case}/{step}/0"), made.kind):
            return str(step), made.kind
    raise ValueError(made.id)
