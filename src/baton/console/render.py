"""Turns a template and its values into a page: whole for a browser, or only the part that htmx asked for."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_environment
from markupsafe import Markup

from baton import __version__
from baton.console import assets, i18n, wording
from baton.console.rowview import rows
from baton.console.signin.visitor import Visitor
from baton.console.spoken import Spoken
from baton.governance import stops
from baton.types.people import Person

TEMPLATES = Path(__file__).parent / "templates"
_FILTERS = (
    "money",
    "said",
    "words",
    "system",
    "left",
    "urgency",
    "clock",
    "day",
    "lasted",
    "initials",
    "unbroken",
    "coded",
    "stopped_words",
    "agent",
)
_DRAWN_ONCE = ("key", "rule", "verdict", "sums", "whose", "cited")


@dataclass(frozen=True)
class Entry:
    """A page's place in the rail: `ENTRY = Entry("inbox", "Inbox", "/inbox", 10, key="i")` in `pages/<page>.py`."""

    icon: str
    """A Lucide name."""
    label: str
    """English; it is translated when shown."""
    href: str
    order: int
    key: str = ""
    """Pressed after G, goes there."""
    action: str = ""
    """Shown to whoever may do this, as in `baton:audit`; empty for everybody."""


def environment() -> Environment:
    """The templates in the language of this request; a name that was not given is an error, never silence."""
    return _environment(i18n.spoken())


@cache
def _environment(language: str) -> Environment:
    made = Spoken(
        language,
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    made.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters.update({name: getattr(wording, name) for name in _FILTERS})
    made.same = {"icon": assets.icon, "address": assets.address, "has": assets.has, "built": assets.built}
    made.globals.update(made.same, version=__version__, spoken=i18n.spoken)
    made.plain = {name: _drawn_once(made, name) for name in _DRAWN_ONCE} | {"moment": wording.at, "icon": assets.icon}
    made.plain |= {name: getattr(wording, name) for name in ("differing", "is_money", "held_by")}
    made.filters.update(made.plain)
    made.globals.update(made.plain, rows=rows, dialogs=_dialogs, side=_side)
    return made


def _drawn_once(environment: Environment, name: str) -> Callable[..., Markup]:
    """A macro that says the same of the same; asked for hundreds of times a page, drawn once."""

    @lru_cache(maxsize=1024)
    def drawn(*said: Hashable) -> Markup:
        macro: Callable[..., Markup] = getattr(environment.get_template("macros.html").module, name)
        return macro(*said)

    return drawn


@pass_environment
def _dialogs(environment: Environment, rail: Sequence[Entry]) -> Markup:
    return _drawn_dialogs(environment, tuple(rail))


@lru_cache(maxsize=64)
def _drawn_dialogs(environment: Environment, rail: tuple[Entry, ...]) -> Markup:
    """What lies ready on every page, the same for whoever may go to the same pages."""
    return Markup(environment.get_template("dialogs.html").render(rail=rail))


@pass_environment
def _side(environment: Environment, rail: Sequence[Entry], path: str, person: Person, csrf: str, theme: str) -> Markup:
    here = tuple(one.href for one in rail if path.startswith(one.href) or (one.href == "/inbox" and path.startswith("/tasks")))
    return _drawn_side(environment, tuple(rail), here, person, csrf, theme)


@lru_cache(maxsize=512)
def _drawn_side(
    environment: Environment, rail: tuple[Entry, ...], here: tuple[str, ...], person: Person, csrf: str, theme: str
) -> Markup:
    """The pages that somebody may go to, and what they set for themselves; the same until their session ends."""
    template = environment.get_template("rail.html")
    return Markup(template.render(rail=rail, here=here, person=person, csrf=csrf, theme=theme))


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """The page of a template, with everything that `layout.html` wants; only its main part where htmx asked for that."""
    visitor: Visitor | None = request.state.visitor
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    known: dict[str, Any] = {
        "layout": "partial.html" if partial else "layout.html",
        "partial": partial,
        "request": request,
        "path": request.url.path,
        "me": visitor,
        "csrf": visitor.token if visitor else "",
        "theme": request.cookies.get("theme", ""),
        "now": datetime.now(UTC),
        "css": template.partition(".")[0],
    }
    if visitor and not partial:
        known |= {"rail": _rail(request, visitor), "stopped": _stopped(visitor)}
    body = environment().get_template(template).render(known | values)
    return HTMLResponse(body, status, headers={"Vary": "HX-Request", **(headers or {})})


def _rail(request: Request, visitor: Visitor) -> list[Entry]:
    entries: list[Entry] = request.app.state.entries
    return [entry for entry in entries if not entry.action or visitor.may(entry.action)]


def _stopped(visitor: Visitor) -> list[stops.Stop]:
    """What is stopped now: the banner stands on every page."""
    with visitor.reading() as connection:
        return stops.active(connection)
