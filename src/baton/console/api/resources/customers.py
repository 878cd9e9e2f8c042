"""A customer: who they are, what they bought, were promised and got, what is under way, and what was said."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from baton.console.api.guarded import Guarded
from baton.console.customerview import CustomerLook, look
from baton.console.security import visitor_of

router = APIRouter(route_class=Guarded, tags=["customers"])


@router.get("/customers/{id}")
async def customer(request: Request, id: Annotated[str, Path(max_length=64, description="as in `C-1`")]) -> CustomerLook:
    """One customer, with every case of theirs that the caller may look at."""
    return await look(visitor_of(request), id)
