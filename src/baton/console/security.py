"""What every answer carries so that a browser runs nothing but our own files, and what every form must carry."""

from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baton.console.signin.visitor import NotAllowed, Visitor
from baton.errors import BatonError

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_READING: Final = ("GET", "HEAD", "OPTIONS")


class SignInFirst(BatonError):
    """Nobody has signed in, or the session is over."""


class ForgedForm(BatonError):
    """A form came without the token of this session."""


class Headers:
    """Puts the security headers on every answer, and keeps pages with people's data out of caches."""

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self._app, self._headers = app, dict(_HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


async def guard(request: Request) -> None:
    """Refuse whoever has not signed in, and every form that this session was not given. Stands before every page."""
    visitor: Visitor | None = request.state.visitor
    if visitor is None:
        raise SignInFirst("sign in first")
    if request.method not in _READING:
        await _own_form(request, visitor)


async def _own_form(request: Request, visitor: Visitor) -> None:
    token = request.headers.get("X-CSRF-Token") or str((await request.form()).get("csrf", ""))
    if not request.app.state.tokens.fits(visitor.session, token):
        raise ForgedForm("this form is out of date: load the page again and send it once more")


def visitor_of(request: Request) -> Visitor:
    """Who asks; behind `guard` somebody always does."""
    visitor: Visitor | None = request.state.visitor
    if visitor is None:
        raise NotAllowed("sign in first")
    return visitor
