"""Child processes that never outlive their parent: the server and the workers."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

_PR_SET_PDEATHSIG = 1


class Process(Protocol):
    """What is used here of a `subprocess.Popen`."""

    returncode: int | Any
    """Its exit code, or minus the signal that ended it; None while it was not seen to have ended."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Look whether it has ended, and tell its exit code."""

    def send_signal(self, sig: int, /) -> None:
        """Signal it."""

    def kill(self) -> None:
        """End it at once."""


@dataclass
class Child:
    """A process that was started here."""

    name: str
    process: Process
    log: Path
    stop_signal: signal.Signals

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    async def stop(self, seconds: float = 15) -> None:
        """Ask it to stop, and end it when it does not."""
        if self.alive:
            self.process.send_signal(self.stop_signal)
        if not await self.gone(seconds):
            self.process.kill()
            await self.gone(5)

    async def gone(self, seconds: float) -> bool:
        """Wait until it has ended; False when it still runs after so many seconds."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.alive:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.02)
        return True

    def epitaph(self) -> str:
        """How it ended, and the last it had to say."""
        code = self.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with exit code {code}"
        return f"{self.name} (pid {self.pid}) {how}; the end of `{self.log}`: {last_lines(self.log)}"


def spawn(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
    stop: signal.Signals = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
) -> Child:
    """Start a program whose output goes to `log`. It ends when this process ends, however that ends.

    It gets a session of its own: Ctrl-C reaches only us, and we stop everything in order.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **environment},
            start_new_session=True,
            preexec_fn=dies_with(os.getpid(), stop),
        )
    return Child(name, process, log, stop)


def last_lines(log: Path, count: int = 3) -> str:
    """The last lines of a log, on one line."""
    with suppress(OSError):
        lines = log.read_text(errors="replace").strip().splitlines()[-count:]
        return " | ".join(line.strip()[:300] for line in lines) or "(empty)"
    return "(no log)"


def dies_with(parent: int, stop: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel ends the child; elsewhere workers watch their parent, and `baton up` ends a left-over server."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare
