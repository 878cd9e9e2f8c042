"""The pieces of a decision's page, and how rows of the ledger become them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baton.console.wording import said, words
from baton.types.decisions import Decision
from baton.types.frozen import Frozen


class Fact(Frozen):
    """One fact that was weighed."""

    label: str
    value: str
    meaning: str
    failed: str
    """The condition that did not hold because of it."""


class Place(Frozen):
    """Where in a document something stands."""

    document: str
    name: str
    page: int
    quote: str


class Read(Frozen):
    """One field that was read, with its source."""

    label: str
    value: str
    trust: str
    disputed: bool
    place: Place | None
    readers: tuple[str, ...]
    finding: str


class Approver(Frozen):
    """Somebody who might have approved it."""

    id: str
    name: str
    roles: tuple[str, ...]


class Answered(Frozen):
    """What one person said."""

    id: str
    at: datetime
    name: str
    roles: tuple[str, ...]
    says: str
    outcome: str
    reason: str
    code: str
    refusal: str
    seconds: float
    shown: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


class Did(Frozen):
    """What was written, or taken back."""

    id: str
    kind: str
    at: datetime
    name: str
    outcome: str
    reference: str
    wrote: tuple[tuple[str, str], ...]
    read_back: bool
    found_again: bool
    undo: str
    undone: bool
    words: str
    key: str


def told_answer(row: Decision, names: dict[str, str]) -> Answered:
    """An answer's row."""
    private: dict[str, Any] = row.private
    changes: dict[str, Any] = private.get("changes") or {}
    return Answered(
        id=row.id,
        at=row.at,
        name=names.get(row.by.id, row.by.id),
        roles=row.by.roles,
        says=str(row.detail.get("says", row.outcome)),
        outcome=row.outcome,
        reason=str(private.get("reason") or ""),
        code=str(row.detail.get("code") or ""),
        refusal=str(row.detail.get("refusal") or ""),
        seconds=float(str(row.detail.get("seconds") or 0)),
        shown=tuple(str(one) for one in _list(row.detail.get("shown"))),
        changes=tuple((words(name), said(value)) for name, value in changes.items()),
    )


def told_effect(row: Decision, step: Sequence[Decision], names: dict[str, str]) -> Did:
    """The row of an effect or of its undo."""
    private: dict[str, Any] = row.private
    done: dict[str, Any] = private.get("done") or {}
    undone = any(one.kind == "undo" and one.outcome == "undone" and one.links.get("undoes") == row.id for one in step)
    return Did(
        id=row.id,
        kind=row.kind,
        at=row.at,
        name=names.get(row.by.id, row.by.id),
        outcome=row.outcome,
        reference=str(done.get("reference") or ""),
        wrote=tuple((words(what), str(value)) for what, value in (done.get("wrote") or {}).items()),
        read_back=bool(row.detail.get("read_back")),
        found_again=bool(row.detail.get("found_again")),
        undo=str(row.detail.get("undo") or row.detail.get("how") or ""),
        undone=undone,
        words=str(row.detail.get("error") or row.detail.get("refusal") or private.get("reason") or ""),
        key=row.links.get("key", ""),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
