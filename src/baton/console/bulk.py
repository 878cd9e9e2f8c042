"""Many tasks at once, where one reason holds them all; what needs a look of its own is counted out."""

from collections.abc import Sequence
from typing import Final

from baton.cases import store
from baton.console.outbox import Outbox
from baton.console.screen import seen
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.types.cases import Task
from baton.types.frozen import Frozen
from baton.types.ids import TaskId

MOST: Final = 100
"""Tasks at a time."""


class Alike(Frozen):
    """What became of tasks that were to be approved together."""

    approved: tuple[TaskId, ...]
    left: tuple[TaskId, ...]
    """Those that wait as before: held by something else too, in dispute, not this person's to approve, or answered already."""


def approve_alike(visitor: Visitor, outbox: Outbox, tasks: Sequence[str], sole: str, seconds: float = 0) -> Alike:
    """Approve those whose only reason is `sole`, a rule and the place of its condition; each is an answer of its own."""
    done, left = list[TaskId](), list[TaskId]()
    for id in map(TaskId, dict.fromkeys(tasks[:MOST])):
        with visitor.bench.database.read() as connection:
            found = store.task(connection, id)
        if _may_go_along(visitor, found, sole) and outbox.on_task(id) is None:
            looked = seen(visitor.bench.database, found, visitor.person, seconds)
            shown = (*looked.shown, f"list of {len(tasks)}", f"sole reason {sole}")
            outbox.keep(visitor.person, found, "approve", seconds=looked.seconds, shown=shown)
            done.append(id)
        else:
            left.append(id)
    return Alike(approved=tuple(done), left=tuple(left))


def _may_go_along(visitor: Visitor, found: Task, sole: str) -> bool:
    """Whether this task's only reason is the named one, and this person may approve it."""
    if found.status != "open" or found.proposal is None or len(found.failed) != 1 or found.proposal.trust.disputed:
        return False
    if f"{found.failed[0].policy}/{found.failed[0].position}" != sole:
        return False
    try:
        return visitor.may_approve(found.proposal).allowed
    except NotAllowed:
        return False
