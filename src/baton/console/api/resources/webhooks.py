"""Webhooks, for whoever keeps the accounts: what happens to cases, tasks and decisions, told to another program."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from baton.console.api.guarded import Guarded
from baton.console.security import visitor_of
from baton.console.webhooks import register
from baton.console.webhooks.events import KINDS
from baton.console.webhooks.register import Delivery, MadeWebhook, Status, Webhook
from baton.types.frozen import Frozen

router = APIRouter(route_class=Guarded, tags=["webhooks"])
Name: TypeAlias = Annotated[str, Path(max_length=64, description="as in `wh_...`")]


class Wish(Frozen):
    """A webhook to make."""

    url: str = Field(max_length=2000, description="as in `https://shop.example/baton`; nothing inside, unless set so")
    events: tuple[str, ...] = Field(default=(), max_length=len(KINDS), description=f"some of {', '.join(KINDS)}; empty for all")
    integration: str = Field(
        default="", max_length=64, description="it hears of the cases that this integration may look at; empty: that you may"
    )


@router.get("/webhooks")
def webhooks(request: Request) -> tuple[Webhook, ...]:
    """Every webhook there is or was, with what waits and what was given up on."""
    return register.listed(visitor_of(request))


@router.post("/webhooks", status_code=201)
def make(request: Request, body: Wish) -> MadeWebhook:
    """Tell it what happens from now on. The secret that signs what it is sent is shown this once."""
    return register.make(visitor_of(request), body.url, body.events, body.integration)


@router.delete("/webhooks/{id}")
def end(request: Request, id: Name) -> Webhook:
    """Tell it nothing more."""
    return register.end(visitor_of(request), id)


@router.get("/webhooks/{id}/deliveries")
def deliveries(
    request: Request, id: Name, status: Status | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> tuple[Delivery, ...]:
    """What was sent or waits, the newest first; `dead` is what was given up on."""
    return register.deliveries(visitor_of(request), id, status or "", limit)


@router.post("/webhooks/{id}/deliveries/{event}/again")
def again(request: Request, id: Name, event: Annotated[str, Path(max_length=64)]) -> Delivery:
    """Send it once more."""
    return register.send_again(visitor_of(request), id, event)
