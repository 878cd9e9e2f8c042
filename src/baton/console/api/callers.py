"""Who calls the API: an integration by its token, or a person by a session; and what a person's browser must show to write."""

from fastapi import Request

from baton.console.api.problems import Told
from baton.console.api.tokens import PREFIX, Tokens
from baton.console.bench import Bench
from baton.console.signin.visitor import Visitor

HOW = "api"
READING = ("GET", "HEAD", "OPTIONS")


def arrived(request: Request) -> Visitor:
    """Whoever calls. Raises `Told` for nobody."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return _bearer(request, scheme, secret.strip())
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is None:
        raise Told(401, "say who calls: `Authorization: Bearer TOKEN`; `baton token make` makes one for an integration")
    if request.method not in READING:
        shown = request.headers.get("X-CSRF-Token", "")
        if not request.app.state.tokens.fits(visitor.session, shown):
            raise Told(403, "a browser's session writes with the `X-CSRF-Token` of its pages: use a token of your own instead")
    return visitor


def _bearer(request: Request, scheme: str, secret: str) -> Visitor:
    bench: Bench = request.app.state.bench
    if scheme.lower() == "bearer" and secret:
        if secret.startswith(PREFIX):
            if integration := Tokens(bench.engine).find(secret):
                return Visitor(person=integration, session="", token="", how=HOW, bench=bench)
        elif (found := request.app.state.sessions.find(secret)) is not None:
            return Visitor(person=found.person, session=found.id, token="", how=HOW, bench=bench)
    raise Told(401, "this token opens nothing: it was withdrawn, it has ended, or it never was one")
