"""What is told: thin events made from the ledger's own rows, with names and no contents. No I/O."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from baton.types.canonical import canonical
from baton.types.frozen import Frozen

_OF_CASE: Final = ("opened", "handed over", "unassigned", "returned", "closed")
_OF_TASK: Final = ("assigned", "escalated")
KINDS: Final = (
    *(f"case.{name.replace(' ', '_')}" for name in _OF_CASE),
    "task.opened", "task.decided", *(f"task.{name}" for name in _OF_TASK),
    *(f"decision.{kind}" for kind in ("finding", "verdict", "answer", "effect", "undo", "handoff", "stop")),
)  # fmt: skip


class Event(Frozen):
    """One thing that happened. Whoever hears of it asks the API for more, with their own rights."""

    id: str
    """The same whenever it is sent: a second one with this id is no second event."""
    type: str
    """As in `case.opened`, `task.decided`, `decision.effect`."""
    at: str
    process: str = ""
    case: str = ""
    task: str = ""
    decision: str = ""
    outcome: str = ""

    def body(self) -> str:
        """The bytes that are signed and sent."""
        return canonical(self).decode()


def events_of(said: dict[str, Any]) -> Iterator[Event]:
    """What one row of the ledger tells: itself, and what it means for its case and its task."""
    case, task = said["case"] or "", str(said["links"].get("task") or said["detail"].get("task") or "")
    if not case and said["kind"] != "stop":
        return  # who searched for what is nobody else's business
    about = {"at": said["at"], "process": said["process"], "case": case, "task": task, "outcome": said["outcome"]}
    kinds = [f"decision.{said['kind']}"]
    if said["kind"] == "handoff" and said["outcome"] in _OF_CASE:
        kinds.append(f"case.{said['outcome'].replace(' ', '_')}")
    if said["kind"] == "handoff" and said["outcome"] in _OF_TASK:
        kinds.append(f"task.{said['outcome']}")
    if said["kind"] == "answer" and said["outcome"] != "refused":
        kinds.append("task.decided")
    for kind in kinds:
        yield Event(id=_id(kind, said["id"]), type=kind, decision=said["id"], **about)


def opened(task: str, case: str, process: str, at: str) -> Event:
    """A task that waits for somebody now."""
    return Event(id=_id("task.opened", task), type="task.opened", at=at, process=process, case=case, task=task)


def _id(kind: str, about: str) -> str:
    return "evt_" + hashlib.sha256(f"{kind}\0{about}".encode()).hexdigest()[:32]
