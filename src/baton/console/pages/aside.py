"""Mail that was put aside: looked through many at a time, and brought back where it was meant for people."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from baton.aside import KEPT_IN_SIGHT, NotAside, bring_back, put_aside
from baton.cases.clock import written
from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.intake import DOOR
from baton.types.ids import CaseId

router = APIRouter()
ENTRY = Entry("archive", "Put aside", "/aside", 20, key="p", action="baton:submit")
PAGE = 50
MOST = 100
"""Messages that are brought back at a time."""


@router.get("/aside")
def show(request: Request, before: datetime | None = None, back: Annotated[str, Query(max_length=9)] = "") -> Response:
    """What was put aside lately, newest first."""
    visitor = visitor_of(request)
    visitor.need("baton:submit", process=DOOR)
    with visitor.bench.database.read() as connection:
        found = put_aside(connection, visitor.bench.documents, PAGE + 1, written(before.astimezone()) if before else "")
    more = found[PAGE - 1].at if len(found) > PAGE else None
    return page(request, "aside.html", mails=found[:PAGE], more=more, days=KEPT_IN_SIGHT.days, back=back)


@router.post("/aside/back")
async def bring(request: Request, cases: Annotated[list[str] | None, Form()] = None) -> Response:
    """Bring some back: each becomes a question to people, under the name of whoever brought it."""
    visitor = visitor_of(request)
    visitor.need("baton:submit", process=DOOR)
    bench, done = visitor.bench, 0
    client = await bench.connect()
    for case in list(dict.fromkeys(cases or ()))[:MOST]:
        try:
            await bring_back(bench.engine, client, visitor.person, CaseId(case), bench.workflows.get(DOOR, ""), bench.queue)
            done += 1
        except NotAside:  # somebody else's page was older
            continue
    return RedirectResponse(f"/aside?back={done}", 303)
