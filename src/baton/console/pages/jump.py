"""Ctrl K: straight to a case, a task, a decision, or to whoever wrote."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection, Select, or_, select

from baton.cases import store
from baton.cases.tables import case, task
from baton.console.access import may_view
from baton.console.callers import called
from baton.console.render import page
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.tables import caller
from baton.ledger.tables import decision_index
from baton.types.cases import Case
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

router = APIRouter()
_MOST = 8


class Found(Frozen):
    """One place to go to."""

    href: str
    name: str
    words: str


@router.get("/jump")
def jump(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """What fits, the exact first; only what this person may look at."""
    visitor, wanted = visitor_of(request), q.strip()
    with visitor.bench.database.read() as connection:
        found = places(connection, visitor, wanted) if wanted else []
    return page(request, "jump.html", found=found, q=wanted)


def places(connection: Connection, visitor: Visitor, wanted: str) -> list[Found]:
    """Where this person may go under these words, the exact first."""
    if wanted.startswith("t-"):
        query = select(task.c.case).where(task.c.id == wanted)
        return [Found(href=f"/tasks/{wanted}", name=wanted, words=one) for one in _open_to(connection, visitor, query)]
    if wanted.startswith("d-"):
        known_as = select(decision_index.c.case_id).where(decision_index.c.id == wanted)
        return [Found(href=f"/decisions/{wanted}", name=wanted, words=one) for one in _open_to(connection, visitor, known_as)]
    theirs = _cases_of(connection, wanted)
    ids = [*_cases_called(connection, wanted.upper()), *theirs]
    known = (store.case(connection, CaseId(id)) for id in dict.fromkeys(ids))
    mine = [one for one in known if may_view(connection, visitor, one)]
    cases = [Found(href=f"/cases/{one.id}", name=one.id, words=one.subject) for one in mine[:_MOST]]
    return [*_customers(connection, [one for one in mine if one.id in theirs]), *cases]


def _customers(connection: Connection, cases: list[Case]) -> Iterator[Found]:
    """Whoever wrote so or is called so, once each, by the name in the first of their cases."""
    for id, one in {one.customer: one for one in reversed(cases) if one.customer}.items():
        yield Found(href=f"/customers/{quote(id, safe='')}", name=id, words=called(connection, one.id) or "")


def _open_to(connection: Connection, visitor: Visitor, query: Select[Any]) -> list[str]:
    """The case that is asked for, when this person may look at it."""
    found = [id for id in connection.execute(query).scalars() if id]
    return [id for id in found if may_view(connection, visitor, store.case(connection, CaseId(id)))]


def _cases_called(connection: Connection, wanted: str) -> list[str]:
    """Cases whose id begins so: a range of the primary key, however many there are."""
    query = select(case.c.id).where(case.c.id >= wanted, case.c.id < wanted + "\uffff").order_by(case.c.id).limit(_MOST)
    return list(connection.execute(query).scalars())


def _cases_of(connection: Connection, wanted: str) -> list[str]:
    """Cases of whoever is called so, or writes from this address; names from their beginning."""
    if len(wanted) < 3:
        return []
    names = select(caller.c.case).where(caller.c.name.ilike(wanted.replace("%", "").replace("_", "") + "%")).limit(_MOST)
    whose = or_(case.c.sender == wanted.lower(), case.c.customer.in_((wanted, wanted.upper())))
    sent = select(case.c.id).where(whose).limit(_MOST)
    return [*connection.execute(names).scalars(), *connection.execute(sent).scalars()]
