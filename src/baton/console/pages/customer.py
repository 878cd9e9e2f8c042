"""One customer: who they are, what they bought, were promised and got, what is under way, and what was said."""

from fastapi import APIRouter, Request, Response

from baton.console import onrecord
from baton.console.customerview import look
from baton.console.render import page
from baton.console.security import visitor_of

router = APIRouter()


@router.get("/customers/{id}")
async def show(request: Request, id: str) -> Response:
    """The customer, for whoever may look at a case of theirs."""
    visitor = visitor_of(request)
    database = visitor.bench.database
    looked = await look(visitor, id)
    if onrecord.counts(visitor):
        await database.transact(onrecord.opened, visitor, "customer", "", customer=id)
    return await database.run(page, request, "customer.html", c=looked, css="case")
