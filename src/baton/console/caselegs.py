"""The stages of a case's way: who held it, how long, and how much of that was waiting for people and for the customer."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeAlias

from baton.cases.clock import moment, now
from baton.types.cases import Case, Task
from baton.types.decisions import Decision
from baton.types.documents import Message
from baton.types.frozen import Frozen

Span: TypeAlias = tuple[datetime, datetime]


class Leg(Frozen):
    """One stage of the way: who held it, how long, and for whom it waited."""

    stage: str
    holder: str
    entered: datetime
    left: datetime | None
    due: datetime | None
    returned: str
    seconds: float
    waiting: float
    """Of them, with a task open for a person."""
    asked: float = 0.0
    """Of them, with the customer to write next."""
    start: float
    """Where it begins on the case's time line, in thousandths."""
    share: float

    @property
    def working(self) -> float:
        """What is left: nobody was waited for."""
        return max(self.seconds - self.waiting - self.asked, 0.0)

    @property
    def late(self) -> bool:
        """Whether its clock ran out."""
        return self.due is not None and (self.left or now()) > self.due


def legs_of(
    case: Case, handoffs: Sequence[dict[str, Any]], tasks: Sequence[Task], silences: Sequence[Span], names: dict[str, str]
) -> Iterator[Leg]:
    """Each stage, in the order in which the case came there."""
    ends = case.closed or now()
    total = max((ends - case.opened).total_seconds(), 0.001)
    for row in handoffs:
        entered, left = moment(row["entered"]), moment(row["left"]) if row["left"] else None
        until = left or ends
        waits = [(max(task.opened, entered), min(task.decided or ends, until)) for task in tasks if task.stage == row["stage"]]
        yield Leg(
            stage=row["stage"],
            holder=names.get(row["holder"] or "", ""),
            entered=entered,
            left=left or case.closed,
            due=moment(row["due"]) if row["due"] else None,
            returned=row["returned"] or "",
            seconds=(until - entered).total_seconds(),
            waiting=together(waits),
            asked=together([(max(start, entered), min(end, until)) for start, end in silences]),
            start=1000 * max((entered - case.opened).total_seconds(), 0) / total,
            share=1000 * max((until - entered).total_seconds(), 0) / total,
        )


def silences_of(case: Case, rows: Sequence[Decision], tasks: Sequence[Task], messages: Sequence[Message]) -> list[Span]:
    """When nothing was left to do but for the customer to write: from what was last done until they wrote, or until now."""
    done = [row.at for row in rows]
    wrote = [message.received for message in messages if message.received > case.opened]
    gaps = [(start, min(end, at)) for start, end in pairwise(done) for at in wrote if start < at <= end]
    if case.status == "waiting" and done:
        gaps.append((max(done), now()))
    return [gap for gap in gaps if not any(task.opened < gap[1] and (task.decided or now()) > gap[0] for task in tasks)]


def together(spans: Iterable[Span]) -> float:
    """How long at least one of these was running, in seconds."""
    total, reached = 0.0, None
    for start, end in sorted(spans):
        begin = start if reached is None or start > reached else reached
        if end > begin:
            total += (end - begin).total_seconds()
            reached = end
    return total
