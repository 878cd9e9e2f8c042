"""Signing in and out: a chooser of demo accounts, a password, or the company's own provider."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.cases.store import people
from baton.console.bench import Bench
from baton.console.i18n import _
from baton.console.render import page
from baton.console.security import visitor_of
from baton.console.signin import oidc
from baton.console.signin.accounts import Accounts, NotSignedIn
from baton.console.signin.sessions import COOKIE
from baton.console.signin.visitor import NotAllowed
from baton.types.ids import PersonId
from baton.types.people import Person

open_router = APIRouter()
router = APIRouter()
_FORM_COOKIE = "baton_sign_in"


@open_router.get("/sign-in")
def sign_in(request: Request, to: str = "/") -> Response:
    """The way in that this installation is set to."""
    return _chooser(request, to)


@open_router.post("/sign-in")
def signed_in(
    request: Request,
    csrf: Annotated[str, Form()] = "",
    person: Annotated[str, Form()] = "",
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a session for whom it is."""
    bench: Bench = request.app.state.bench
    if not request.app.state.tokens.fits(request.cookies.get(_FORM_COOKIE, "-"), csrf):
        return _chooser(request, to, _("This page was open for too long. Try once more."), 403)
    try:
        who = _somebody(bench, person) if bench.settings.sign_in == "demo" else Accounts(bench.database).check(login, password)
    except (NotSignedIn, NotAllowed) as problem:
        return _chooser(request, to, str(problem), 403)
    return welcome(request, who, bench.settings.sign_in, to)


@open_router.get("/sign-in/oidc")
async def to_provider(request: Request, to: str = "/") -> Response:
    """Off to the company's own sign-in."""
    return await oidc.leave(request, safe(to))


@open_router.get("/sign-in/oidc/back")
async def from_provider(request: Request) -> Response:
    """Back from there, with a proof of who it is."""
    try:
        who, to = await oidc.returned(request)
    except NotSignedIn as problem:
        return _chooser(request, "/", str(problem), 403)
    return welcome(request, who, "oidc", to)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session, at the server too."""
    visitor_of(request)
    request.app.state.sessions.end(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


def welcome(request: Request, who: PersonId, how: str, to: str) -> Response:
    """A session, and the page they wanted."""
    bench: Bench = request.app.state.bench
    request.app.state.sessions.end(request.cookies.get(COOKIE, ""))
    secret = request.app.state.sessions.begin(who, how)
    response = RedirectResponse(safe(to), 303)
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=bench.settings.secure, path="/")
    return response


def safe(to: str) -> str:
    """A page of this console; anything else leads home."""
    parts = urlsplit(to)
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme else "/"


def _somebody(bench: Bench, id: str) -> PersonId:
    found = next((person for person in _staff(bench) if person.id == id and person.active), None)
    if found is None:
        raise NotAllowed(_("Choose somebody of the list."))
    return found.id


def _staff(bench: Bench) -> list[Person]:
    with bench.database.read() as connection:
        return [one for one in people(connection) if one.kind == "person"]


def _chooser(request: Request, to: str, problem: str = "", status: int = 200) -> Response:
    bench: Bench = request.app.state.bench
    how = bench.settings.sign_in
    staff = sorted(_staff(bench), key=lambda one: (one.department, one.name)) if how == "demo" else []
    form = request.cookies.get(_FORM_COOKIE) or oidc.random()
    token = request.app.state.tokens.of(form)
    made = page(request, "signin.html", status, how=how, staff=staff, to=safe(to), problem=problem, token=token)
    made.set_cookie(
        _FORM_COOKIE, form, httponly=True, samesite="strict", secure=bench.settings.secure, max_age=7200, path="/sign-in"
    )
    return made
