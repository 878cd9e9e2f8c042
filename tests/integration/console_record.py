"""Decisions on record for the console's tests: a gift card that a manager approved, written and read back."""

from typing import Any

from baton.cases import store
from baton.cases.tables import reservation
from baton.governance import rows
from baton.governance.declare import About
from baton.intake import filed
from baton.types.cases import Outcome, Task
from baton.types.decisions import Decision
from baton.types.ids import CaseId, StepKey, decision_id
from baton.types.people import Actor
from tests.integration.console_house import STAFF, House
from tests.policies.claims import POLICIES

AGENT = Actor(kind="agent", id="warranty_claim-agent", version="1")


def about(case: CaseId) -> About:
    return About(
        case=case, process="warranty_claim", stage="claims", customer="C-1", tier="standard",  # type: ignore[arg-type]
        sender="ilse@example.org", findings={}, documents=(),
    )  # fmt: skip


def put(house: House, *decisions: Decision) -> None:
    with house.database.write() as connection:
        for one in decisions:
            assert house.engine.ledger.append(connection, one)


def judged(house: House, task: Task) -> Decision:
    """The verdict that put the task before people, as governance records it."""
    assert task.proposal is not None
    house.engine.keep_bundle()
    verdict = POLICIES.judge(task.proposal, STAFF)
    with house.database.write() as connection:
        staff = house.engine.keep_staff(connection, {one.id: one for one in STAFF})
    id = decision_id(task.step, "verdict")
    made = rows.verdict_row(id, AGENT, task.proposal, verdict, verdict.outcome, about(task.case), detail={"staff": staff})
    put(house, made)
    return made


def answered(house: House, task: Task, verdict: Decision, who: str = "marta", says: str = "approve", **detail: Any) -> Decision:
    """What somebody said to it, with how long they looked."""
    person = next(one for one in STAFF if one.id == who)
    said = {"says": says, "seconds": "42.0", "shown": ["proposal", "receipt.png"], "code": "", "edited": []} | detail
    made = rows.row(
        "answer", decision_id(StepKey(f"{task.id}/{who}"), "answer"), rows.actor(person), says, detail=said,
        private={"reason": "the receipt fits"}, links={"task": task.id, "verdict": verdict.id},
        **_place(task), bundle=verdict.bundle, proposal=verdict.proposal,
    )  # fmt: skip
    put(house, made)
    return made


def written(house: House, task: Task, verdict: Decision, amount: str = "389.00") -> Decision:
    """The effect, read back from the system."""
    done = {"reference": "GC-1007", "wrote": {"gift card": f"GC-1007 over {amount} EUR"}}
    made = rows.row(
        "effect", decision_id(task.step, "effect"), AGENT, "written", links={"verdict": verdict.id, "key": verdict.id},
        detail={"read_back": True, "found_again": False, "undo": "exact"}, private={"done": done}, **_place(task),
    )  # fmt: skip
    put(house, made)
    with house.database.write() as connection:
        values = {"customer": "C-1", "process": "warranty_claim", "amount": int(float(amount) * 10_000), "currency": "EUR"}
        connection.execute(reservation.insert().values(step=task.step, at=made.at.isoformat(), released=False, **values))
    return made


def taken_back(house: House, task: Task, effect: Decision) -> Decision:
    """The undo of an effect, done by the manager."""
    made = rows.row(
        "undo", decision_id(task.step, "undo"), rows.actor(STAFF[2]), "undone",
        links={"undoes": effect.id}, detail={"how": "exact"}, **_place(task),
    )  # fmt: skip
    put(house, made)
    return made


def _place(task: Task) -> dict[str, Any]:
    place = {name: getattr(task, name) for name in ("case", "process", "stage", "step")}
    return place | {"action": "erp.issue_gift_card", "subject": "C-1"}


def put_aside(house: House, words: str, result: str = "spam", subject: str = "You have won") -> CaseId:
    """A message at the door, and what became of it."""
    mail = f"From: luck@lottery.example\nMessage-ID: <{words[:8]}@lottery.example>\nSubject: {subject}\n\n{words}".encode()
    with house.database.write() as connection:
        case, _ = store.register(connection, "intake", "IN", filed(mail, house.documents))
        store.close(connection, case, Outcome(result=result, words=result, aside=result in ("spam", "empty")))
    return case
