"""The record: find any decision, see how the ledger stands, take rows along, follow a case's trace."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from baton.console import onrecord
from baton.console.access import viewable
from baton.console.auditview import search
from baton.console.auditwords import READING, wanted
from baton.console.decisionview import newest_note
from baton.console.ledgerhead import head
from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.console.takeaway import as_json, as_table, taken
from baton.console.waterfalls import drawn
from baton.ledger import Verification
from baton.types.ids import CaseId

router = APIRouter()
ENTRY = Entry("scroll-text", "Record", "/audit", 60, key="r", action="baton:audit")
KINDS = ("verdict", "answer", "effect", "undo", "finding", "handoff", "stop", READING)
Text = Annotated[str, Query(max_length=200)]


@router.get("/audit")
async def show(
    request: Request,
    q: Text = "",
    kind: str = "",
    since: str = "",
    until: str = "",
    before: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """What fits, the newest first; a decision's own id leads straight to it."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    asked, kind = wanted(q, since, until), kind if kind in KINDS else ""
    if asked.decision:
        return RedirectResponse(f"/decisions/{asked.decision}", 303)
    database = visitor.bench.database
    found = await run_in_threadpool(search, visitor.bench, asked, kind, before)  # it may read far
    what = "search" if q else "newest decisions"
    await database.transact(onrecord.note, visitor, "read", what, asked=q, rows=len(found.lines), kind=kind)
    shown = {"found": found, "q": q, "kind": kind, "since": since, "until": until, "before": before}
    return await database.run(_page, request, None, **shown)


@router.post("/audit/verify")
def verify(request: Request) -> Response:
    """Recompute every hash of the ledger from its rows, now."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    checked = visitor.bench.engine.ledger.verify()
    onrecord.note(visitor, "read", "verification", holds=checked.ok)
    return _page(request, verified=checked, found=search(visitor.bench, wanted("")))


@router.post("/audit/export")
def export(
    request: Request,
    form: Annotated[Literal["json", "csv"], Form()],
    q: Annotated[str, Form(max_length=200)] = "",
    kind: Annotated[str, Form()] = "",
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
) -> Response:
    """The rows that fit, to take along; who took what is on record before they have it."""
    visitor = visitor_of(request)
    visitor.need("baton:export")
    rows = taken(visitor.bench, wanted(q, since, until), kind if kind in KINDS else "")
    onrecord.note(visitor, "exported", "search", asked=q, rows=len(rows), kind=kind, format=form)
    origin = visitor.bench.engine.ledger.keys.verifier.name
    data, kept = (as_json(rows, origin), "application/json") if form == "json" else (as_table(rows), "text/csv; charset=utf-8")
    return Response(data, media_type=kept, headers={"Content-Disposition": f'attachment; filename="decisions.{form}"'})


@router.get("/audit/checkpoint")
def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint, and the key that checks it: keep both where the operator cannot reach them."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    note = newest_note(visitor.bench) or visitor.bench.engine.ledger.checkpoint()
    onrecord.note(visitor, "exported", "checkpoint")
    headers = {"Content-Disposition": 'attachment; filename="latest.checkpoint"'}
    return Response(note, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/audit/traces/{case}")
def trace(request: Request, case: str) -> Response:
    """Everything that ran in a case, as bars; for whoever may look at the case."""
    visitor = visitor_of(request)
    with visitor.bench.database.read() as connection:
        found = viewable(connection, visitor, case)
    onrecord.opened(visitor, "trace", case)
    return page(request, "trace.html", case=found, w=drawn(visitor.bench.home, CaseId(case)))


def _page(request: Request, verified: Verification | None = None, **shown: object) -> Response:
    visitor = visitor_of(request)
    asked: dict[str, Any] = {"q": "", "kind": "", "since": "", "until": "", "before": None} | shown
    more = {name: value for name in ("q", "kind", "since", "until") if (value := asked[name])}
    values: dict[str, Any] = {"kinds": KINDS, "verified": verified, "more": urlencode(more)}
    with visitor.reading() as connection:
        values["head"] = head(visitor.bench, connection)
        return page(request, "audit.html", **values, **asked, may_export=visitor.may("baton:export"))
