"""The console as a part of `baton up`: a process of its own, which says where it can be reached."""

import asyncio
import os
import sys

from baton.runtime.children import last_lines, spawn
from baton.runtime.up import NotReady, Say, Up

_READY = "console ready on "
_PATIENCE = 300.0
"""Seconds to wait for it: the first start fetches fonts and icons."""


async def start_console(up: Up, say: Say) -> str:
    """Start it and return its address. Raises `NotReady` with its reason."""
    log = up.settings.logs / "console.log"
    before = log.stat().st_size if log.exists() else 0
    child = spawn(
        "console",
        [sys.executable, "-m", "baton.console.serve", "--parent", str(os.getpid())],
        log=log,
        environment={**up.settings.environment(), **up.environment, "PYTHONUNBUFFERED": "1"},
        folder=up.settings.project,
    )
    up.workers["console"] = child
    told = ""
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        said = log.read_bytes()[before:].decode(errors="replace").splitlines()
        if ready := next((line for line in said if line.startswith(_READY)), None):
            return ready.removeprefix(_READY)
        if not child.alive:
            raise NotReady(f"the {child.epitaph()}")
        if said and said[-1] != told:
            told = said[-1]
            say(f"console: {told[:120]}")
        await asyncio.sleep(0.2)
    raise NotReady(f"the console was not ready within {_PATIENCE:g} s: {last_lines(log)}")
