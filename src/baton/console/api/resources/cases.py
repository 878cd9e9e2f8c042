"""Cases: all that the caller may look at, one with everything about it, a message handed in, notes, an effect taken back."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection, or_, select

from baton.cases import store
from baton.cases.store import NoCase
from baton.cases.tables import case as table
from baton.console.access import may_view, viewable
from baton.console.api.guarded import Guarded
from baton.console.api.notes import Noted, Words, note
from baton.console.api.paging import Cursor, Limit, Page, mark, place
from baton.console.api.submitting import MOST, hand_in
from baton.console.caseview import CaseLook, look
from baton.console.pages.jump import Found, places
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.waterfalls import Waterfall, drawn
from baton.intake import Submitted
from baton.types.cases import Case, CaseStatus
from baton.types.ids import CaseId

router = APIRouter(route_class=Guarded, tags=["cases"])
CaseName: TypeAlias = Annotated[str, Path(max_length=64, description="as in `WC-1042`")]
Text: TypeAlias = Annotated[str, Query(max_length=100)]
_LOOKED_AT = 400
"""Cases that the caller may not look at are passed over, this many a page."""
_MEDIA: dict[str, dict[str, object]] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("message/rfc822", "application/vnd.ms-outlook")
}


@router.get("/cases")
def cases(
    request: Request,
    status: CaseStatus | None = None,
    process: Text = "",
    owner: Text = "",
    customer: Annotated[str, Query(max_length=320, description="an id or the address they write from")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[Case]:
    """Cases, the newest first."""
    visitor = visitor_of(request)
    query = select(table.c.id, table.c.opened).order_by(table.c.opened.desc(), table.c.id.desc())
    for column, asked in ((table.c.status, status), (table.c.process, process), (table.c.owner, owner)):
        query = query.where(column == asked) if asked else query
    if customer:
        query = query.where(or_(table.c.customer == customer, table.c.sender == customer.lower()))
    if before := place(cursor, str, str):
        opened, id = before
        query = query.where(or_(table.c.opened < opened, (table.c.opened == opened) & (table.c.id < id)))
    with visitor.bench.database.read() as connection:
        return _page(connection, visitor, connection.execute(query.limit(_LOOKED_AT)).all(), limit)


def _page(connection: Connection, visitor: Visitor, rows: Sequence[Any], limit: int) -> Page[Case]:
    found: list[Case] = []
    last: tuple[str, str] | None = None
    looked = 0
    for row in rows:
        if len(found) == limit:
            return Page(items=tuple(found), next=mark(*last) if last else None)
        looked, last = looked + 1, (row.opened, row.id)
        one = _case(connection, row.id)
        if one is not None and may_view(connection, visitor, one):
            found.append(one)
    return Page(items=tuple(found), next=mark(*last) if last and looked == _LOOKED_AT else None)


def _case(connection: Connection, id: str) -> Case | None:
    try:
        return store.case(connection, CaseId(id))
    except NoCase:
        return None


@router.get("/cases/{id}")
def case(request: Request, id: CaseName) -> CaseLook:
    """One case: its way through the departments, everything decided and written, messages, documents, open tasks."""
    return look(visitor_of(request), id)


@router.post(
    "/cases", status_code=202, openapi_extra={"requestBody": {"required": True, "content": _MEDIA}, "x-most-bytes": MOST}
)
async def submit(
    request: Request,
    process: Annotated[str, Query(max_length=64, description="empty: the door chooses")] = "",
) -> Submitted:
    """Hand in a message (RFC 5322, or Outlook's `.msg`) as the request's body; the same message twice is one case."""
    return await hand_in(visitor_of(request), await request.body(), process)


@router.post("/cases/{id}/comments", status_code=201)
def comment(request: Request, id: CaseName, body: Words) -> Noted:
    """Note something for colleagues; it stands among the case's events."""
    visitor = visitor_of(request)
    with visitor.bench.database.write() as connection:
        found = viewable(connection, visitor, id)
        return Noted(id=note(connection, visitor, found.id, body.words))


@router.get("/cases/{id}/trace")
def trace(request: Request, id: CaseName) -> Waterfall:
    """Everything that ran in the case, with the time each took."""
    visitor = visitor_of(request)
    with visitor.bench.database.read() as connection:
        found = viewable(connection, visitor, id)
    return drawn(visitor.bench.home, found.id)


@router.get("/search")
def search(request: Request, q: Annotated[str, Query(min_length=1, max_length=100)]) -> tuple[Found, ...]:
    """Straight to a case, a task, a decision, or the cases of whoever is called so; the exact first."""
    visitor = visitor_of(request)
    with visitor.bench.database.read() as connection:
        return tuple(places(connection, visitor, q.strip()))
