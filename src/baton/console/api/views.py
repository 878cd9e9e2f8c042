"""What the API leaves out of the console's view models: signatures, and what only an export may take along."""

from typing import Literal, TypeAlias, cast

from pydantic import AwareDatetime

from baton.cases.clock import moment
from baton.console.decisionview import DecisionLook, Record
from baton.console.outbox import Said
from baton.console.taskview import Look
from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.decisions import Decision
from baton.types.frozen import Frozen

Status: TypeAlias = Literal["held", "pending", "accepted", "refused", "withdrawn"]


class AnswerLook(Frozen):
    """An answer and how it stands."""

    id: str
    task: str
    case: str
    by: str
    says: Says
    changes: dict[str, Json]
    reason: str
    code: str
    status: Status
    held_for: float
    """Seconds in which it can still be withdrawn."""
    due: AwareDatetime
    tries: int
    decision: str
    """Its row in the ledger, once accepted."""
    words: str
    """Why it waits, or why it was refused."""


class TaskLook(Look):
    """A task as the caller may see it."""

    said: AnswerLook | None  # type: ignore[assignment]  # without the signature


class Stands(Frozen):
    """Where a decision stands in the ledger, recomputed just now (RFC 6962); hashes in hexadecimal."""

    position: int
    size: int
    leaf: str
    path: tuple[str, ...]
    root: str
    holds: bool
    signed: int
    """How many entries the newest signed checkpoint covers."""
    key: str


class DecisionView(DecisionLook):
    """A decision with everything that belongs to its step; what is personal in its rows is left to an export."""

    record: Stands | None = None  # type: ignore[assignment]  # the same, as JSON says it


def answer_look(said: Said) -> AnswerLook:
    """The answer without its signature."""
    answer, status = said.answer, cast(Status, said.status)
    return AnswerLook(
        id=answer.id, task=answer.task, case=said.case, by=answer.person, says=answer.says, changes=answer.changes,
        reason=answer.reason, code=answer.code, status=status, held_for=said.held_for, due=moment(said.due),
        tries=said.tries, decision=said.decision, words=said.words,
    )  # fmt: skip


def task_look(looked: Look) -> TaskLook:
    """The task without the signature of what was said to it."""
    said = answer_look(looked.said) if looked.said else None
    return TaskLook.model_construct(**dict(looked) | {"said": said})


def decision_view(looked: DecisionLook) -> DecisionView:
    """The decision without the sealed parts of its rows."""
    verdict = _open(looked.verdict) if looked.verdict else None
    record = _stands(looked.record) if looked.record else None
    return DecisionView.model_construct(**dict(looked) | {"row": _open(looked.row), "verdict": verdict, "record": record})


def _stands(record: Record) -> Stands:
    found = record.inclusion
    hashes = {"leaf": found.leaf.hex(), "path": tuple(one.hex() for one in found.path), "root": found.root.hex()}
    place = {"position": found.position, "size": found.size, "holds": found.holds}
    return Stands.model_validate({**hashes, **place, "signed": record.signed, "key": record.key})


def _open(row: Decision) -> Decision:
    return row.model_copy(update={"private": {}})
