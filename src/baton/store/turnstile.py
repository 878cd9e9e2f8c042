"""Where the writing processes of one SQLite file stand in line.

SQLite itself lets a process that finds the file taken sleep and look again, for up to 100 ms at a time (its busy handler): with
several processes that write, the file stands free while they sleep, and whoever comes back at once overtakes the others. This
only orders the line, with file locks that fall away with a process that is killed; SQLite's own lock keeps the file whole.
"""

import os
import sys
import time
from typing import IO, Final

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

PATIENCE: Final = 30.0
"""Seconds; whoever has waited so long asks SQLite itself, which says what is wrong."""
_LOOK_EVERY: Final = 0.001


class Turnstile:
    """Lets one process at a time begin a write transaction; used by one thread at a time.

    Whoever is at the head of the line holds `-next` until its turn comes, so that one that just left cannot come back before it.
    """

    def __init__(self, file: str, patience: float = PATIENCE) -> None:
        self._file = file if file and file != ":memory:" and sys.platform != "win32" else ""
        self._patience = patience
        self._turn: IO[str] | None = None
        self._next: IO[str] | None = None
        self._of = 0

    def enter(self) -> None:
        """Wait for the turn."""
        if not self._file:
            return
        # A lock belongs to the opened file: a forked process that kept its parent's would hold its parent's turn.
        if self._turn is None or self._next is None or self._of != os.getpid():
            self._turn, self._next, self._of = self._opened("turn"), self._opened("next"), os.getpid()
        until = time.monotonic() + self._patience
        _take(self._next, until)
        _take(self._turn, until)
        flock(self._next, LOCK_UN)

    def leave(self) -> None:
        """Let the next one in."""
        if self._turn is not None:
            flock(self._turn, LOCK_UN)

    def close(self) -> None:
        """Give the files back."""
        for one in (self._turn, self._next):
            if one is not None:
                one.close()
        self._turn = self._next = None

    def _opened(self, name: str) -> IO[str]:
        return open(f"{self._file}-{name}", "a")


def _take(lock: IO[str], until: float) -> None:
    """Have the lock, or go on without it when it is too late: nobody waits for ever for a process that hangs."""
    while True:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
            return
        except OSError:
            if time.monotonic() > until:
                return
            time.sleep(_LOOK_EVERY)
