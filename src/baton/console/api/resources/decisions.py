"""The record: find decisions, read one with its rules of then, prove it, take it along, take its effect back."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from baton.console import onrecord
from baton.console.api.guarded import Guarded
from baton.console.api.paging import Cursor, Limit, Page, mark, place
from baton.console.api.views import DecisionView, decision_view
from baton.console.auditview import Line, search
from baton.console.auditwords import READING, wanted
from baton.console.decisionview import look, seen_by
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.takeaway import as_json, as_table, taken
from baton.explaining import Explanation, explain
from baton.governance.undoing import Undone
from baton.ledger import Proven, UnknownDecision, check_proof
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId
from baton.undo import ask_for_undo

router = APIRouter(route_class=Guarded, tags=["decisions"])
DecisionName: TypeAlias = Annotated[str, Path(max_length=64, description="as in `d-...`")]
Kind: TypeAlias = Literal["verdict", "answer", "effect", "undo", "finding", "handoff", "stop", "reading"]
Text: TypeAlias = Annotated[str, Query(max_length=200, description="ids, amounts, days, people, rules, documents, in any order")]
_FILE: dict[str, Any] = {"schema": {"type": "string"}}
assert READING in Kind.__args__  # type: ignore[attr-defined]  # what a search may be narrowed to


class Why(Frozen):
    """The reason of an undo."""

    reason: str = Field(min_length=1, max_length=2000, pattern=r"\S")


class Wish(Frozen):
    """Which decisions to take along."""

    q: str = Field(default="", max_length=200)
    kind: Kind | None = None
    since: date | None = None
    until: date | None = None
    format: Literal["json", "csv"] = "json"


@router.get("/decisions")
def decisions(
    request: Request, q: Text = "", kind: Kind | None = None, since: date | None = None, until: date | None = None,
    limit: Limit = 50, cursor: Cursor = "",
) -> Page[Line]:  # fmt: skip
    """What fits, the newest first; who searched for what is on record."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    before = (place(cursor, int) or (None,))[0]
    asked = wanted(q, _day(since), _day(until))
    if asked.decision:
        asked = asked.model_copy(update={"tokens": (*asked.tokens, asked.decision)})
    found = search(visitor.bench, asked, kind or "", before, most=limit)
    onrecord.note(visitor, "read", "search" if q else "newest decisions", asked=q, rows=len(found.lines), kind=kind or "")
    return Page(items=found.lines, next=None if found.before is None else mark(found.before))


@router.get("/decisions/{id}")
def decision(request: Request, id: DecisionName) -> DecisionView:
    """One decision: why, on which facts, by which rules of then, who approved, what came of it; who looked is on record."""
    visitor = visitor_of(request)
    looked = look(visitor, id)
    onrecord.note(visitor, "read", "decision", decision=id, case=looked.row.case)
    return decision_view(looked)


@router.get("/decisions/{id}/explanation")
def explanation(request: Request, id: DecisionName) -> Explanation:
    """The one-page explanation, made from the record alone."""
    visitor = visitor_of(request)
    row = _seen(visitor, id)
    if row.case is None:
        raise UnknownDecision(f"decision `{id}` belongs to no case: `/decisions/{id}` shows it")
    onrecord.note(visitor, "read", "explanation", decision=id, case=row.case)
    return explain(visitor.bench.engine, id)


@router.get("/decisions/{id}/proof", response_class=Response, responses={200: {"content": {"text/plain; charset=utf-8": _FILE}}})
def proof(request: Request, id: DecisionName) -> Response:
    """The proof file, which checks without Baton; it holds nothing personal that is not sealed."""
    visitor = visitor_of(request)
    row = _seen(visitor, id)
    text = visitor.bench.engine.ledger.proof(DecisionId(id))
    onrecord.note(visitor, "exported", "proof", decision=id, case=row.case)
    return Response(text, media_type="text/plain; charset=utf-8", headers=_named(f"{row.id}.tlog-proof"))


@router.post("/decisions/{id}/check")
def check(request: Request, id: DecisionName) -> Proven:
    """Make the proof file and check it, with nothing but the public key."""
    _seen(visitor_of(request), id)
    ledger = visitor_of(request).bench.engine.ledger
    return check_proof(ledger.proof(DecisionId(id)), str(ledger.keys.verifier))


@router.get("/decisions/{id}/record")
def record(request: Request, id: DecisionName) -> Decision:
    """The whole row, with what is personal; for whoever may export."""
    visitor = visitor_of(request)
    visitor.need("baton:export")
    row = _seen(visitor, id)
    onrecord.note(visitor, "exported", "decision", decision=id, case=row.case, format="json")
    return row


@router.post("/decisions/{id}/undo")
async def undo(request: Request, id: DecisionName, body: Why) -> Undone:
    """Take an effect back, as its action declares; the policies say who may."""
    visitor = visitor_of(request)
    bench = visitor.bench
    await bench.database.run(_seen, visitor, id)
    client = await bench.connect()
    return await ask_for_undo(client, bench.sign_in, DecisionId(id), visitor.person.id, body.reason, bench.queue)


@router.post(
    "/exports", response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}, "text/csv; charset=utf-8": _FILE}}},
)  # fmt: skip
def export(request: Request, body: Wish) -> Response:
    """The rows that fit, to take along; who took what is on record before they have it."""
    visitor = visitor_of(request)
    visitor.need("baton:export")
    rows = taken(visitor.bench, wanted(body.q, _day(body.since), _day(body.until)), body.kind or "")
    onrecord.note(visitor, "exported", "search", asked=body.q, rows=len(rows), kind=body.kind or "", format=body.format)
    origin = visitor.bench.engine.ledger.keys.verifier.name
    if body.format == "json":
        return Response(as_json(rows, origin), media_type="application/json", headers=_named("decisions.json"))
    return Response(as_table(rows), media_type="text/csv; charset=utf-8", headers=_named("decisions.csv"))


def _seen(visitor: Visitor, id: str) -> Decision:
    with visitor.bench.database.read() as connection:
        return seen_by(connection, visitor, id)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
