"""A customer as the cases tell it: who they are, and what they asked for before."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy import select

from baton.cases import store
from baton.cases.store import NoCase
from baton.cases.tables import case as table
from baton.console.access import may_view
from baton.console.api.guarded import Guarded
from baton.console.security import visitor_of
from baton.types.cases import Case
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

router = APIRouter(route_class=Guarded, tags=["customers"])
_MOST = 100


class Customer(Frozen):
    """A customer, and every case of theirs that the caller may look at, the newest first."""

    id: str
    tier: str
    addresses: tuple[str, ...]
    """Where they wrote from."""
    cases: tuple[Case, ...]


@router.get("/customers/{id}")
def customer(request: Request, id: Annotated[str, Path(max_length=64, description="as in `C-1`")]) -> Customer:
    """One customer."""
    visitor = visitor_of(request)
    query = select(table.c.id, table.c.sender).where(table.c.customer == id).order_by(table.c.opened.desc()).limit(_MOST)
    with visitor.bench.database.read() as connection:
        rows = connection.execute(query).all()
        found = [(row.sender, store.case(connection, CaseId(row.id))) for row in rows]
        mine = [(sender, one) for sender, one in found if may_view(connection, visitor, one)]
    if not mine:
        raise NoCase(f"no case that you may look at is about a customer `{id}`")
    senders = tuple(dict.fromkeys(sender for sender, _ in mine))
    return Customer(id=id, tier=mine[0][1].tier, addresses=senders, cases=tuple(one for _, one in mine))
