"""Mail that the door put aside, and bringing it back."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from baton.aside import Aside, bring_back, put_aside
from baton.cases.clock import written
from baton.console.api.guarded import Guarded
from baton.console.api.paging import Cursor, Limit, Page, mark, place
from baton.console.api.problems import documented
from baton.console.security import visitor_of
from baton.intake import DOOR
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

router = APIRouter(route_class=Guarded, tags=["cases"])


class BroughtBack(Frozen):
    """A message that waits for people now."""

    case: CaseId
    again: CaseId
    """The case in which somebody is asked what it is about."""


@router.get("/aside")
def aside(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[Aside]:
    """What was put aside as junk or as empty in the last thirty days and not brought back, the newest first."""
    visitor = visitor_of(request)
    visitor.need("baton:submit", process=DOOR)
    (before,) = place(cursor, str) or ("",)
    with visitor.bench.database.read() as connection:
        found = put_aside(connection, visitor.bench.documents, limit + 1, before)
    more = mark(written(found[limit - 1].at)) if len(found) > limit else None
    return Page(items=tuple(found[:limit]), next=more)


@router.post("/aside/{case}/back", status_code=202, responses=documented(404, 409))
async def back(request: Request, case: Annotated[str, Path(max_length=64, description="as in `IE-1042`")]) -> BroughtBack:
    """Bring a message back: people are asked what it is about. The same message twice is one."""
    visitor = visitor_of(request)
    visitor.need("baton:submit", process=DOOR)
    bench = visitor.bench
    client = await bench.connect()
    again = await bring_back(bench.engine, client, visitor.person, CaseId(case), bench.workflows.get(DOOR, ""), bench.queue)
    return BroughtBack(case=CaseId(case), again=again)
