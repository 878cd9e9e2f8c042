"""Live updates: a stream of what changed, told in words that a page can act on; rows are never moved by it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from fastapi import APIRouter, Request
from pydantic import AwareDatetime
from sse_starlette import EventSourceResponse, ServerSentEvent

from baton.cases.clock import now, written
from baton.console.absences import away, stands_for
from baton.console.live import Change, Drawn, Live
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor

router = APIRouter()
_SIGN_OF_LIFE = 20
_OLDEST = timedelta(hours=1)
"""A page that was drawn longer ago is told only of the last hour."""


@router.get("/live")
async def live(
    request: Request, task: str = "", standing: str = "", at: AwareDatetime | None = None, stops: str | None = None
) -> EventSourceResponse:
    """What happens since the page was drawn: new tasks of mine and my team's, and everything about the task on the screen."""
    drawn = Drawn(
        at=written(max(at, now() - _OLDEST) if at else now()),
        task=task[:64],
        standing=standing[:16],
        stops=None if stops is None else tuple(sorted(filter(None, stops[:4000].split(",")))),
    )
    return EventSourceResponse(_events(request.app.state.live, visitor_of(request), drawn), ping=_SIGN_OF_LIFE)


async def _events(live: Live, visitor: Visitor, drawn: Drawn) -> AsyncIterator[ServerSentEvent]:
    async with live.listening(drawn) as changes:
        while True:
            change = await changes.get()
            if change.kind != "opened" or await concerns(change, visitor):
                yield ServerSentEvent(change.model_dump_json(), event=change.kind)
            await asyncio.sleep(0)


async def concerns(change: Change, visitor: Visitor) -> bool:
    """Whether a new task is theirs, their team's, or of somebody for whom they stand in."""
    if change.assignee == visitor.person.id or change.department == visitor.person.department:
        return True
    return bool(change.assignee) and await visitor.bench.database.run(_stands_in, change.assignee, visitor)


def _stands_in(assignee: str, visitor: Visitor) -> bool:
    with visitor.bench.database.read() as connection:
        return assignee in stands_for(visitor.person.id, away(connection, now()))
