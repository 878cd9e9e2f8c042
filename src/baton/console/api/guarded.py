"""What stands before every operation of the API: who calls, how often, whether it was asked before."""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from baton.console.api.callers import READING, arrived
from baton.console.api.problems import Told, documented
from baton.console.api.repeats import HEADER, Repeats, asked_of

MOST: Final = 1_000_000
"""Bytes of a body; a message that is handed in may be longer."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
_ALWAYS: Final = (400, 401, 403, 404, 409, 413, 422, 429, 503)


def _key(
    idempotency_key: Annotated[
        str | None, Header(description="any text of your own: the same key with the same request is done once", max_length=128)
    ] = None,
) -> None:
    """Read in `Guarded`; named here so that the description of every write has it."""


class Guarded(APIRoute):
    """One operation; `most` in its `openapi_extra` allows a longer body."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **named: Any) -> None:
        writes = not set(named.get("methods") or ()) <= set(READING)
        depends = list(named.get("dependencies") or ())
        if writes and not any(one.dependency is _key for one in depends):
            depends.append(Depends(_key))
        responses = documented(*_ALWAYS) | (named.get("responses") or {})
        super().__init__(path, endpoint, **named | {"dependencies": depends, "responses": responses})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The operation behind its guard."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            left = await _admitted(request)
            response = await (inner(request) if request.method in READING else _written(request, inner))
            if left is not None:
                response.headers["RateLimit-Remaining"] = str(left)
            return response

        return handle


async def _admitted(request: Request) -> int | None:
    """Who calls is noted on the request; how many calls are left to them."""
    _clean(request)
    visitor = await request.app.state.bench.database.run(arrived, request)
    request.state.visitor = visitor
    pace = request.app.state.pace
    left, wait = pace.take(visitor.person.id)
    if wait:
        words = f"{pace.per_minute} calls a minute are allowed (`BATON_API_PER_MINUTE`): slow down"
        raise Told(429, words, {"Retry-After": str(int(wait) + 1), "RateLimit-Limit": str(pace.per_minute)})
    return left if pace.per_minute else None


def _clean(request: Request) -> None:
    if "\0" in request.url.path or "%00" in str(request.url.query):
        raise Told(400, "the address holds a zero byte: no name has one")


async def _written(request: Request, inner: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    body = await _body(request)
    key = request.headers.get(HEADER)
    if key is None:
        return await inner(request)
    if not _KEY.fullmatch(key):
        raise Told(422, "an `Idempotency-Key` has up to 128 letters, digits and signs, without spaces")
    bench, who = request.app.state.bench, request.state.visitor.person.id
    repeats = Repeats(bench.database)
    known: Response | None = await bench.database.run(repeats.begin, who, key, asked_of(request, body))
    if known is not None:
        return known
    try:
        response = await inner(request)
    except BaseException:
        await bench.database.run(repeats.drop, who, key)
        raise
    await bench.database.run(repeats.end, who, key, response)
    return response


async def _body(request: Request) -> bytes:
    """The body, never more of it than the operation takes."""
    most = int((request.scope["route"].openapi_extra or {}).get("x-most-bytes", MOST))
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise Told(413, f"the body is longer than {most} bytes: send less")
    if b"\\u0000" in found and "json" in request.headers.get("content-type", ""):
        raise Told(400, "the body holds a zero character: no text has one")
    body = bytes(found)
    request._body = body  # what the operation reads
    return body
