"""One Baton a home: the first `baton up` holds the lock and says in `run.json` where it listens."""

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import AwareDatetime, Field, ValidationError

from baton.types.frozen import Frozen


class Running(Frozen):
    """What a running `baton up` says about itself."""

    pid: int
    address: str
    namespace: str
    server: int | None = None
    """Process id of the embedded server; None on a cluster."""
    workers: dict[str, int] = Field(default_factory=dict)
    started: AwareDatetime
    ready: bool = False


class Lock:
    """Held from `take` to `release`, and gone with the process that held it."""

    def __init__(self, home: Path) -> None:
        self._file = home / "up.lock"
        self._run = home / "run.json"
        self._held: IO[str] | None = None

    def take(self) -> bool:
        """Become the one that runs here; False when another is."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        opened = self._file.open("a")
        # Another process that only looks holds it for a moment.
        for _ in range(5):
            with suppress(OSError):
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._held = opened
                return True
            time.sleep(0.01)
        opened.close()
        return False

    def held_elsewhere(self) -> bool:
        """Whether another process runs here at this moment."""
        if not self._file.exists():
            return False
        with self._file.open("a") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def write(self, running: Running) -> None:
        """Say where we listen, in one move, so that nobody reads half of it."""
        fresh = self._run.with_suffix(f".{os.getpid()}")
        fresh.write_text(running.model_dump_json(indent=1))
        fresh.replace(self._run)

    def read(self) -> Running | None:
        """What the last one said, whether or not it still runs."""
        with suppress(OSError, ValidationError):
            return Running.model_validate_json(self._run.read_text())
        return None

    def release(self) -> None:
        """Let another run here."""
        self._run.unlink(missing_ok=True)
        if self._held is not None:
            self._held.close()
            self._held = None


def running_at(home: Path) -> Running | None:
    """The `baton up` that runs on this home at this moment, or None."""
    lock = Lock(home)
    return lock.read() if lock.held_elsewhere() else None


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)
