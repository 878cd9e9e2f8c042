"""A message handed in through the API: it goes the way of every other one."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from baton.console.api.problems import Told
from baton.console.signin.visitor import Visitor
from baton.documents.message import MOST_A_MESSAGE
from baton.intake import DOOR, Submitted, receive, submit

MOST: Final = MOST_A_MESSAGE * 3 // 2
"""Bytes: what may be in a message, as e-mail spells it."""


async def hand_in(visitor: Visitor, raw: bytes, process: str) -> Submitted:
    """Open a case, or join the one it belongs to. Raises `NotAllowed`, or `Told` for a process there is not."""
    bench = visitor.bench
    visitor.need("baton:submit", process=process)
    if not raw.strip():
        raise Told(422, "there is no message in the body: send an e-mail as it came (`--data-binary @mail.eml`)")
    known = bench.workflows
    chosen = process or (DOOR if DOOR in known else next(iter(known)) if len(known) == 1 else "")
    if chosen not in known:
        raise Told(422, f"there is no process `{process}`: name one of {', '.join(f'`{one}`' for one in sorted(known))}")
    client = await bench.connect()
    if chosen == DOOR:
        return await receive(bench.database, bench.documents, client, raw, known[DOOR], bench.queue, "api")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message.eml"
        await asyncio.to_thread(path.write_bytes, raw)
        return await submit(bench.engine, bench.documents, client, path, chosen, known[chosen], bench.queue)
