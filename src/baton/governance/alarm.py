"""Tells the worker that a case's process code fails. Temporal would try it again in silence; a person has to see it.

The workflow cannot write to a database, so it drops a note here and the worker picks it up. A note is no part of the
case's history: it may be dropped again on every retry, and is kept once.
"""

import queue

from baton.types.frozen import Frozen
from baton.types.ids import CaseId

_notes: queue.SimpleQueue["Note"] = queue.SimpleQueue()


class Note(Frozen):
    """A case whose process raised what it should not."""

    case: CaseId
    trouble: str


def drop(case: CaseId, error: Exception) -> None:
    """Say that this case's process failed."""
    _notes.put(Note(case=case, trouble=f"{type(error).__name__} in the process's code: {error}"))


def pick_up() -> list[Note]:
    """Everything dropped since the last time."""
    found: list[Note] = []
    while True:
        try:
            found.append(_notes.get_nowait())
        except queue.Empty:
            return found
