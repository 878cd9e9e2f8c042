"""What the first visitor would otherwise wait for: templates are compiled and routes laid out before anybody is let in."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.types import Message, Scope

from baton.console import i18n
from baton.console.api.mount import AT
from baton.console.render import environment
from baton.console.settings import ConsoleSettings

_NOWHERE: Final = "/nowhere"


async def warm(app: FastAPI, console: ConsoleSettings) -> None:
    """Compile every template in the console's own language, and have every router know its routes."""
    i18n.speak(i18n.chosen(console.language or "", ""))
    templates = environment()
    for name in templates.list_templates():
        templates.get_template(name)
    for path in (_NOWHERE, AT + _NOWHERE):
        await _asked(app, path)


async def _asked(app: FastAPI, path: str) -> None:
    """A page that is not there is looked for everywhere: routers that wait for their first question are asked one."""
    headers = [(b"host", b"localhost")]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": headers}
    more: Scope = {"scheme": "http", "http_version": "1.1", "query_string": b"", "root_path": "", "server": ("localhost", 80)}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        return None

    await app({"asgi": {"version": "3.0"}, "client": ("127.0.0.1", 0), **scope, **more}, receive, send)
