"""A list in pages: `limit` rows and a `next` cursor, which says nothing to anybody but the API."""

import base64
import json
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from fastapi import Query

from baton.console.api.problems import Told
from baton.types.frozen import Frozen

T = TypeVar("T")
Limit: TypeAlias = Annotated[int, Query(ge=1, le=100, description="how many at most")]
Cursor: TypeAlias = Annotated[str, Query(max_length=400, description="the `next` of the page before; empty for the first")]


class Page(Frozen, Generic[T]):
    """Some of a list."""

    items: tuple[T, ...]
    next: str | None = None
    """Give it as `cursor` for the rows that follow; null at the end."""


def mark(*place: str | int) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(text: str, *kinds: type) -> tuple[Any, ...] | None:
    """Back from `mark`; None for the first page. Raises `Told` for what no page gave."""
    if not text:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        found = None
    fits = isinstance(found, list) and len(found) == len(kinds)
    if not fits or not all(type(one) is kind and _sane(one) for one, kind in zip(found, kinds, strict=True)):
        raise Told(422, "this `cursor` was given by no page: leave it out to begin at the first")
    return tuple(found)


def _sane(one: object) -> bool:
    return one.isprintable() if isinstance(one, str) else isinstance(one, int) and 0 <= one < 2**62
