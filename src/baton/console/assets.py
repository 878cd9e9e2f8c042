"""The files that a browser gets: our own, and what `baton.console.build` fetched from npm."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

OWN = Path(__file__).parent / "static"
VENDOR = OWN / "vendor"
_NONE = Markup("")


@cache
def built() -> bool:
    """Whether the fetched files are there; without them the console uses system fonts and whole page loads."""
    return (VENDOR / "complete").is_file()


@cache
def address(path: str) -> str:
    """Where a file is served, named by its content so that browsers may keep it for ever: `address("css/inbox.css")`."""
    file = OWN / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"
    return f"/static/{path}?v={digest}"


@cache
def has(path: str) -> bool:
    """Whether there is such a file."""
    return (OWN / path).is_file()


@cache
def _icons() -> dict[str, Any]:
    file = VENDOR / "icons.json"
    return dict(json.loads(file.read_text())) if file.is_file() else {}


@cache
def icon(name: str, label: str = "") -> Markup:
    """A Lucide icon as inline SVG; nothing where the icons were not fetched. Give a label where no text stands beside it."""
    shapes = _icons().get(name)
    if shapes is None:
        return Markup('<span class="visually-hidden">%s</span>') % label if label else _NONE
    said = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    inside = Markup("").join(_shape(*shape) for shape in shapes)
    head = Markup('<svg class="icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" ')
    return (
        head + Markup('stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" ') + said + Markup(">%s</svg>") % inside
    )


def _shape(tag: str, attributes: dict[str, str]) -> Markup:
    said = Markup(" ").join(Markup('%s="%s"') % (name, value) for name, value in attributes.items() if name != "key")
    return Markup("<%s %s/>") % (tag, said)
