"""The inbox: what waits for me, for my team and for others, with the most urgent task open beside it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from baton.console.bulk import approve_alike
from baton.console.filters import filters
from baton.console.giving import give
from baton.console.listed import asked_for, beside
from baton.console.questions import Asked
from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.console.signin.visitor import NotAllowed
from baton.console.taskview import Look, see, seen_by
from baton.types.ids import TaskId

router = APIRouter()
ENTRY = Entry("inbox", "Inbox", "/inbox", 10, key="i")


@router.get("/")
def home() -> Response:
    """Work comes first."""
    return RedirectResponse("/inbox", 303)


@router.get("/inbox")
async def inbox(
    request: Request,
    view: str = "mine",
    q: Annotated[str, Query(max_length=100)] = "",
    process: str = "",
    reason: str = "",
    after: str = "",
    rows: bool = False,
    narrow: bool = False,
) -> Response:
    """The list with its first task; only its next rows, or only what it can be narrowed to, where the list itself asked."""
    visitor = visitor_of(request)
    database, asked = visitor.bench.database, asked_for(view, q, process, reason)
    drawn, looked = await database.run(_drawn, request, asked, after, rows, narrow)
    if looked and looked.is_new:
        await database.transact(seen_by, visitor, looked)
    return drawn


@router.post("/inbox/approve")
def approve_many(
    request: Request, tasks: Annotated[list[str], Form()], sole: Annotated[str, Form()], seconds: Annotated[float, Form()] = 0
) -> Response:
    """Approve those whose only reason is the named one; the others are counted out."""
    done = approve_alike(visitor_of(request), request.app.state.outbox, tasks, sole, seconds)
    return RedirectResponse(f"/inbox?approved={len(done.approved)}&left={len(done.left)}", 303)


@router.post("/inbox/assign")
def assign_many(request: Request, tasks: Annotated[list[str] | None, Form()] = None, to: Annotated[str, Form()] = "") -> Response:
    """Give several tasks to one person; those that this person may not decide are counted out."""
    given, left = 0, 0
    for id in dict.fromkeys((tasks or [])[:100]):
        try:
            give(visitor_of(request), TaskId(id), to)
            given += 1
        except NotAllowed:
            left += 1
    return RedirectResponse(f"/inbox?given={given}&left={left}", 303)


def _drawn(request: Request, asked: Asked, after: str, rows: bool, narrow: bool) -> tuple[Response, Look | None]:
    """The page, and the task on it."""
    visitor = visitor_of(request)
    with visitor.reading() as connection:
        shown = beside(visitor, asked, after)
        if rows:
            return page(request, "rows.html", **shown, current=""), None
        if narrow:
            shown["choices"] = filters(connection, visitor.person, shown["asked"])
            if request.headers.get("HX-Request") == "true":
                return page(request, "filters.html", **shown), None
        first = next((line.id for line in shown["listing"].lines if line.id and line.kind != "case"), "")
        looked = see(visitor, TaskId(first)) if first else None
        shown |= {"current": first, "t": looked, "alone": False, "problem": "", "field": ""}
        return page(request, "inbox.html", **shown), looked
