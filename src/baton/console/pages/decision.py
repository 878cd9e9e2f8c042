"""One decision: why it came out so, on what, by which rules of then, who approved, what was written, and its proof."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from baton.cases.clock import now
from baton.console import onrecord
from baton.console.decisionview import DecisionLook, look, seen_by
from baton.console.onepage import one_page
from baton.console.render import page
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.takeaway import as_table, single
from baton.ledger import Proven, UnknownDecision, check_proof
from baton.types.canonical import canonical
from baton.types.ids import DecisionId

router = APIRouter()


@router.get("/decisions/{id}")
async def show(request: Request, id: str) -> Response:
    """The decision, for auditors and for whoever may look at its case; who looked is on record."""
    return await _page(request, id, None)


@router.post("/decisions/{id}/check")
async def check(request: Request, id: str) -> Response:
    """Make the proof file and check it, with nothing but the public key, as anyone else would."""
    return await _page(request, id, await run_in_threadpool(_proven, visitor_of(request), id))


@router.get("/decisions/{id}/proof")
def proof(request: Request, id: str) -> Response:
    """The proof file, which checks without this console; it holds nothing personal that is not sealed."""
    visitor = visitor_of(request)
    case = _allowed(visitor, id)
    ledger = visitor.bench.engine.ledger
    text = ledger.proof(DecisionId(id))
    check_proof(text, str(ledger.keys.verifier))
    onrecord.note(visitor, "exported", "proof", decision=id, case=case)
    return _file(text.encode(), f"{id}.tlog-proof", "text/plain; charset=utf-8")


@router.get("/decisions/{id}/file")
def file(request: Request, id: str) -> Response:
    """The whole row as JSON, with what is personal; for whoever may export."""
    visitor = visitor_of(request)
    visitor.need("baton:export")
    _allowed(visitor, id)
    row = visitor.bench.engine.ledger.find(DecisionId(id))
    assert row is not None  # just looked at, and nothing is ever removed
    onrecord.note(visitor, "exported", "decision", decision=id, case=row.case, format="json")
    return _file(canonical(row.model_dump(mode="json")), f"{id}.json", "application/json")


@router.get("/decisions/{id}/explanation.pdf")
def printed(request: Request, id: str) -> Response:
    """The explanation on one page; whoever may look at the decision may print it, and that is on record."""
    visitor = visitor_of(request)
    looked = _looked(visitor, id)
    onrecord.note(visitor, "exported", "explanation", decision=id, case=looked.row.case, format="pdf")
    return _file(one_page(looked, visitor.person.name, now()), f"{id}.pdf", "application/pdf")


@router.get("/decisions/{id}/row.csv")
def table(request: Request, id: str) -> Response:
    """The row as a line of a table; what is personal stays sealed."""
    visitor = visitor_of(request)
    visitor.need("baton:export")
    case = _allowed(visitor, id)
    onrecord.note(visitor, "exported", "decision", decision=id, case=case, format="csv")
    return _file(as_table(single(visitor.bench, DecisionId(id))), f"{id}.csv", "text/csv; charset=utf-8")


async def _page(request: Request, id: str, checked: Proven | None) -> Response:
    visitor = visitor_of(request)
    database = visitor.bench.database
    drawn, looked = await database.run(_drawn, request, id, checked)
    await database.transact(onrecord.note, visitor, "read", "decision", decision=id, case=looked.row.case)
    return drawn


def _drawn(request: Request, id: str, checked: Proven | None) -> tuple[Response, DecisionLook]:
    visitor = visitor_of(request)
    with visitor.reading():
        looked = _looked(visitor, id)
        may_export = visitor.may("baton:export")
        return page(request, "decided.html", d=looked, checked=checked, may_export=may_export), looked


def _proven(visitor: Visitor, id: str) -> Proven:
    _allowed(visitor, id)
    ledger = visitor.bench.engine.ledger
    return check_proof(ledger.proof(DecisionId(id)), str(ledger.keys.verifier))


def _looked(visitor: Visitor, id: str) -> DecisionLook:
    try:
        return look(visitor, id)
    except UnknownDecision as error:
        raise HTTPException(404, str(error)) from error


def _allowed(visitor: Visitor, id: str) -> str | None:
    """The case of a decision that this person may see."""
    try:
        with visitor.bench.database.read() as connection:
            return seen_by(connection, visitor, id).case
    except UnknownDecision as error:
        raise HTTPException(404, str(error)) from error


def _file(data: bytes, name: str, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
