"""The ledger as a whole: how it stands, its signed checkpoints, that one state continues another, and its verification."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from baton.console import onrecord
from baton.console.api.guarded import Guarded
from baton.console.api.problems import Told
from baton.console.decisionview import newest_note
from baton.console.ledgerhead import Head, head
from baton.console.security import visitor_of
from baton.ledger import Verification
from baton.types.frozen import Frozen

router = APIRouter(route_class=Guarded, tags=["ledger"])
_NOTE: dict[str, Any] = {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}


class Continues(Frozen):
    """That the ledger of `new` entries begins with the one of `old` (RFC 6962)."""

    old: int
    new: int
    old_root: str
    new_root: str
    path: tuple[str, ...]


@router.get("/ledger")
def stands(request: Request) -> Head:
    """Its size and root, the key that checks it, and the newest checkpoints."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    with visitor.reading() as connection:
        return head(visitor.bench, connection)


@router.get("/ledger/checkpoint", response_class=Response, responses={200: {"content": _NOTE}})
def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint: keep it where the operator cannot reach it."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    note = newest_note(visitor.bench) or visitor.bench.engine.ledger.checkpoint()
    onrecord.note(visitor, "exported", "checkpoint")
    return Response(note, media_type="text/plain; charset=utf-8")


@router.get("/ledger/consistency")
def consistency(
    request: Request, old: Annotated[int, Query(ge=1, le=2**53)], new: Annotated[int, Query(ge=1, le=2**53)]
) -> Continues:
    """The proof that nothing before was changed between two sizes."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    ledger = visitor.bench.engine.ledger
    size = ledger.size()
    if not old <= new <= size:
        raise Told(422, f"the ledger has {size} entries: ask for `old` <= `new` <= {size}")
    found = ledger.consistency(old, new)
    path = tuple(one.hex() for one in found.path)
    return Continues(old=old, new=new, old_root=found.old_root.hex(), new_root=found.new_root.hex(), path=path)


@router.post("/ledger/verify")
def verify(request: Request) -> Verification:
    """Recompute every hash from the rows, now; a million take about half a minute."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    return visitor.bench.engine.ledger.verify()
