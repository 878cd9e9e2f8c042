"""Live updates: a stream of what changed, told in words that a page can act on; rows are never moved by it."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from baton.console.live import Change, Live
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor

router = APIRouter()
_SIGN_OF_LIFE = 20


@router.get("/live")
async def live(request: Request, task: str = "") -> EventSourceResponse:
    """What happens from now on: new tasks of mine and my team's, and everything about the task on the screen."""
    return EventSourceResponse(_events(request.app.state.live, visitor_of(request), task[:64]), ping=_SIGN_OF_LIFE)


async def _events(live: Live, visitor: Visitor, watched: str) -> AsyncIterator[ServerSentEvent]:
    async with live.listening(watched) as changes:
        while True:
            change = await changes.get()
            if change.kind != "opened" or _concerns(change, visitor):
                yield ServerSentEvent(change.model_dump_json(), event=change.kind)
            await asyncio.sleep(0)


def _concerns(change: Change, visitor: Visitor) -> bool:
    return change.assignee == visitor.person.id or change.department == visitor.person.department
