"""The console as one web application: every page that is found, behind one guard."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import ModuleType
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from baton import __version__
from baton.cases.store import NoCase, NoTask
from baton.console import assets, i18n, pages
from baton.console.api.mount import api as mount
from baton.console.bench import Bench
from baton.console.customerview import NoCustomer
from baton.console.live import Live
from baton.console.outbox import Outbox
from baton.console.render import Entry, page
from baton.console.security import ForgedForm, Headers, SignInFirst, guard
from baton.console.signin.csrf import FormTokens
from baton.console.signin.sessions import COOKIE, Sessions
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.webhooks.sending import Webhooks
from baton.documents.store import DocumentMissing
from baton.errors import BatonError

_OFTEN = ("audit", "case", "decision", "inbox", "task")
"""Pages that are asked for all day: a request is held against one page after the other, and against these first."""
_MISSING = (NoCase, NoTask, NoCustomer, DocumentMissing)


def create_app(bench: Bench) -> FastAPI:
    """The console of one installation."""

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        async with outbox.sending(), live.looking(), webhooks.running():
            yield

    outbox, live, webhooks = Outbox(bench), Live(bench.database), Webhooks(bench)
    app = FastAPI(title="Baton", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=alive)
    app.state.bench, app.state.outbox, app.state.live = bench, outbox, live
    app.state.tokens = FormTokens.at(bench.home)
    app.state.sessions = Sessions(bench.database, bench.settings.session_hours, bench.settings.idle_minutes)
    app.mount("/static", _Forever(directory=assets.OWN), name="static")
    mount(app)
    _pages(app)
    _errors(app)
    app.add_middleware(_Arrival, console=app, bench=bench)
    app.add_middleware(Headers, secure=bench.settings.secure)
    return app


def _pages(app: FastAPI) -> None:
    """Every module in `pages/`: its `router` behind the guard, its `open_router` before it, its `ENTRY` in the rail."""
    entries: list[Entry] = []
    for module in _found():
        if router := getattr(module, "router", None):
            app.include_router(router, dependencies=[Depends(guard)], include_in_schema=False)
        if router := getattr(module, "open_router", None):
            app.include_router(router, include_in_schema=False)
        if entry := getattr(module, "ENTRY", None):
            entries.append(entry)
    app.state.entries = sorted(entries, key=lambda entry: entry.order)


def _found() -> Iterator[ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    for name in sorted(names, key=lambda name: (name not in _OFTEN, name)):
        yield importlib.import_module(f"{pages.__name__}.{name}")


class _Forever(StaticFiles):
    """Files named by their content: a browser asks for each once."""

    def file_response(self, *args: object, **named: object) -> Response:
        """The file, to be kept for a year."""
        response = super().file_response(*args, **named)  # type: ignore[arg-type]  # passed on as given
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class _Arrival:
    """Says who comes and in which language they want to be spoken to, before any page is asked."""

    def __init__(self, app: ASGIApp, console: FastAPI, bench: Bench) -> None:
        self._app, self._console, self._bench = app, console, bench

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the visitor, then go on."""
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            request = Request(scope)
            scope.setdefault("state", {})["visitor"] = await self._bench.database.run(self._visitor, request)
            wanted = request.cookies.get("language", "") or self._bench.settings.language or ""
            i18n.speak(i18n.chosen(wanted, request.headers.get("accept-language", "")))
        await self._app(scope, receive, send)

    def _visitor(self, request: Request) -> Visitor | None:
        found = self._console.state.sessions.find(request.cookies.get(COOKIE, ""))
        if found is None:
            return None
        token = self._console.state.tokens.of(found.id)
        return Visitor(person=found.person, session=found.id, token=token, how=found.how, bench=self._bench)


def _errors(app: FastAPI) -> None:
    @app.exception_handler(SignInFirst)
    async def sign_in_first(request: Request, error: Exception) -> Response:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        there = f"/sign-in?to={quote(here if request.method == 'GET' else '/')}"
        if request.headers.get("HX-Request") == "true":
            return Response(status_code=401, headers={"HX-Redirect": there})
        return RedirectResponse(there, 303)

    @app.exception_handler(BatonError)
    async def in_words(request: Request, error: BatonError) -> Response:
        status = 403 if isinstance(error, NotAllowed | ForgedForm) else 404 if isinstance(error, _MISSING) else 409
        return page(request, "problem.html", status, problem=str(error), code=status)

    @app.exception_handler(HTTPException)
    async def not_here(request: Request, error: HTTPException) -> Response:
        return page(request, "problem.html", error.status_code, problem=str(error.detail), code=error.status_code)
