"""What a worker does on the side: ledger upkeep, and cases whose code fails."""

import asyncio
import logging
import time

from baton.cases.bookkeeping import mark_stuck
from baton.cases.requests import CaseStuck
from baton.governance import alarm
from baton.governance.engine import Engine
from baton.telemetry import names, span

_log = logging.getLogger("baton.caretaker")
LOOK = 0.5
"""Seconds between two rounds."""
CHECKPOINT = 60.0
"""Seconds between two signed checkpoints, when something was appended."""


async def take_care(engine: Engine) -> None:
    """Rounds, until cancelled. A round that fails is logged and tried again."""
    signed_at, signed_size = time.monotonic(), -1
    while True:
        await asyncio.sleep(LOOK)
        try:
            await asyncio.to_thread(_round, engine)
            if time.monotonic() - signed_at > CHECKPOINT:
                signed_at, signed_size = time.monotonic(), await asyncio.to_thread(_sign, engine, signed_size)
        except Exception:
            _log.exception("caretaker:failed")


def close_books(engine: Engine) -> None:
    """The last round, when a worker stops: nothing waits, and what was appended last cannot be cut off unseen."""
    _round(engine)
    engine.ledger.checkpoint()


def _round(engine: Engine) -> None:
    """Take waiting decisions into the tree, and show cases whose code fails."""
    engine.ledger.drain()
    for note in alarm.pick_up():
        _log.error("case:stuck %s: %s", note.case, note.trouble)
        with span(f"{names.STEP} stuck", case=note.case), engine.database.write() as connection:
            mark_stuck(engine, connection, CaseStuck(case=note.case, trouble=note.trouble))


def _sign(engine: Engine, before: int) -> int:
    """Sign the tree's head when it has grown."""
    size = engine.ledger.size()
    if size != before:
        engine.ledger.checkpoint()
    return size
