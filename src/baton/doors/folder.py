"""A folder that messages are put into: each is taken in, then moved to `taken/` beside it."""

import asyncio
import logging
import os
import time
from pathlib import Path
from typing import Final

from baton.doors.taking import Taking

ENDINGS: Final = (".eml", ".msg")
SETTLED: Final = 1.0
"""Seconds that a file must have stayed as it is: whoever writes it may not be done."""
_log = logging.getLogger("baton.doors")


async def watch(folder: Path, taking: Taking, every: float = 1.0) -> None:
    """Take in what lies there, until cancelled."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        await take_all(folder, taking)
        await asyncio.sleep(every)


async def take_all(folder: Path, taking: Taking, settled: float = SETTLED) -> int:
    """Take in what lies in the folder now; how many. What cannot be taken stays, and is tried again."""
    count = 0
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in ENDINGS or not file.is_file() or time.time() - file.stat().st_mtime < settled:
            continue
        try:
            await taking.take(await asyncio.to_thread(file.read_bytes), "folder")
            _put_away(file)
            count += 1
        except Exception:
            _log.exception("folder:not taken %s", file.name)
    return count


def _put_away(file: Path) -> None:
    taken = file.parent / "taken"
    taken.mkdir(exist_ok=True)
    place = taken / file.name
    if place.exists():
        place = taken / f"{file.stem}-{time.time_ns()}{file.suffix}"
    os.replace(file, place)
