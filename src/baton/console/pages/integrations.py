"""Programs that use the API: their tokens, made and withdrawn, and the webhooks they hear by, with what was given up on."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.console.api.tokens import BadToken, Tokens
from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.console.webhooks import register
from baton.console.webhooks.events import KINDS
from baton.console.webhooks.targets import BadTarget

router = APIRouter()
ENTRY = Entry("plug", "Integrations", "/integrations", 90, action="baton:administer")


@router.get("/integrations")
def show(request: Request) -> Response:
    """Every token and webhook there is or was, for whoever keeps the accounts."""
    return _page(request)


@router.post("/integrations/tokens")
def make(
    request: Request,
    name: Annotated[str, Form(max_length=41)] = "",
    roles: Annotated[tuple[str, ...], Form()] = (),
    days: Annotated[int, Form()] = 365,
) -> Response:
    """Make a token; the page that answers shows it, this once."""
    visitor = visitor_of(request)
    visitor.need("baton:administer")
    try:
        made = Tokens(visitor.bench.engine).make(visitor.person, name.strip(), roles, days)
    except BadToken as problem:
        return _page(request, problem=str(problem), status=422)
    return _page(request, secret=made.secret)


@router.post("/integrations/tokens/{id}/withdraw")
def withdraw(request: Request, id: str) -> Response:
    """It opens nothing from now on."""
    visitor = visitor_of(request)
    Tokens(visitor.bench.engine).withdraw(visitor.person, id)
    return RedirectResponse("/integrations", 303)


@router.post("/integrations/webhooks")
def tell(
    request: Request,
    url: Annotated[str, Form(max_length=2000)] = "",
    owner: Annotated[str, Form(max_length=64)] = "",
    events: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    """Make a webhook; the page that answers shows its secret, this once."""
    try:
        made = register.make(visitor_of(request), url.strip(), events, owner)
    except (BadTarget, register.NoWebhook) as problem:
        return _page(request, problem=str(problem), status=422, url=url)
    return _page(request, signs=made.secret)


@router.post("/integrations/webhooks/{id}/end")
def end(request: Request, id: str) -> Response:
    """Tell it nothing more."""
    register.end(visitor_of(request), id)
    return RedirectResponse("/integrations", 303)


@router.post("/integrations/webhooks/{id}/again")
def again(request: Request, id: str) -> Response:
    """Send everything once more that was given up on."""
    visitor = visitor_of(request)
    for one in register.deliveries(visitor, id, "dead"):
        register.send_again(visitor, id, one.event)
    return RedirectResponse("/integrations", 303)


def _page(request: Request, problem: str = "", secret: str = "", status: int = 200, url: str = "", signs: str = "") -> Response:
    visitor = visitor_of(request)
    visitor.need("baton:administer")
    tokens = Tokens(visitor.bench.engine)
    shown: dict[str, Any] = {
        "tokens": tokens.all(visitor.person),
        "roles": sorted(tokens.roles()),
        "webhooks": register.listed(visitor),
        "kinds": KINDS,
    }
    return page(request, "integrations.html", status, **shown, problem=problem, secret=secret, url=url, signs=signs)
