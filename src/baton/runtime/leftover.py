"""A server whose `baton up` was killed is ended before another opens its file."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from baton.runtime.lock import Running
from baton.runtime.settings import Settings


async def end_leftover(last: Running | None, settings: Settings, say: Callable[[str], None]) -> None:
    """End the server that the last run left behind; only one that runs on this very home's file is touched."""
    if last is None or last.server is None or str(settings.home / "temporal.db") not in _command(last.server):
        return
    say(f"ending the server that was left over (pid {last.server})")
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(last.server, number)
        for _ in range(100):
            if not _command(last.server):
                return
            await asyncio.sleep(0.05)


def _command(pid: int) -> str:
    """The command line of a process, empty when there is none."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    told = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip()
