"""Trains the router anew from people's choices, a few at a time, and says on record whether it came into use."""

import asyncio
from pathlib import Path

from agents.graphs import routed
from agents.graphs.filed import home
from agents.learn import Learnt
from baton.governance.context import current
from baton.routing.shelf import Shelf
from baton.types.findings import Finding

EVERY = 5
"""New choices that are worth a training."""


async def run() -> Finding[Learnt]:
    """What came of the choices so far, as a finding under the step's own decision."""
    values = await asyncio.to_thread(_learn, Shelf(Path(home())))
    return Finding[Learnt](id=current().decision, values=values, fields=(), made_with={"by": "router"})


def _learn(shelf: Shelf) -> Learnt:
    with routed.alone(shelf.folder):
        chosen, seen = len(shelf.choices()), shelf.folder / "learnt-from"
        before = int(seen.read_text()) if seen.is_file() else 0
        if chosen - before < EVERY:
            return Learnt(trained=False, words=f"remembered; the next training comes after {EVERY - chosen + before} more")
        compared = shelf.retrain(routed.shipped(), by_meaning=False)
        seen.write_text(str(chosen))
    return Learnt(trained=True, replaced=compared.replaced, words=compared.reason)
