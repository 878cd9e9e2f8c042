"""The doors as a part of `baton up`: started when a mailbox, an SMTP drop or a folder is set."""

import asyncio
import os
import sys

from baton.runtime.children import spawn
from baton.runtime.up import NotReady, Say, Up

_READY = "doors ready"


async def start_doors(up: Up, say: Say) -> None:
    """Open the doors that the settings name; none where they name none. Raises `NotReady` with the reason."""
    named = {"mailbox": up.settings.imap_url, "SMTP drop": up.settings.smtp_drop, "folder": up.settings.drop_folder}
    open_ = [name for name, setting in named.items() if setting]
    if not open_:
        return
    say(f"doors: {', '.join(open_)}")
    log = up.settings.logs / "doors.log"
    before = log.stat().st_size if log.exists() else 0
    child = spawn(
        "doors",
        [sys.executable, "-m", "baton.doors.serve", "--parent", str(os.getpid())],
        log=log,
        environment={**up.settings.environment(), **up.environment, "PYTHONUNBUFFERED": "1"},
        folder=up.settings.project,
    )
    up.workers["doors"] = child
    deadline = asyncio.get_running_loop().time() + up.settings.start_seconds
    while asyncio.get_running_loop().time() < deadline:
        if _READY in log.read_bytes()[before:].decode(errors="replace").splitlines():
            return
        if not child.alive:
            raise NotReady(f"the {child.epitaph()}")
        await asyncio.sleep(0.1)
    raise NotReady(f"the doors were not open within {up.settings.start_seconds:g} s: see `{log}`")
