"""Idempotency keys: the same write with the same key is done once, and answered again as it was."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import delete, select, update

from baton.cases.clock import moment, now, written
from baton.cases.store import insert_once
from baton.console.api.problems import Told
from baton.console.tables import repeat as table
from baton.store import Database

HEADER: Final = "Idempotency-Key"
KEPT: Final = timedelta(hours=24)
_LOST: Final = timedelta(minutes=1)
"""After this a write that never came back is taken for dead, and may be tried again."""
_TOLD: Final = ("content-type", "location", "content-disposition")


class Repeats:
    """What was answered to writes that carried a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, who: str, key: str, asked: str) -> Response | None:
        """None when this is the first time; else what was answered then. Raises `Told` for another request or one under way."""
        mine = (table.c.who == who) & (table.c.key == key)
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.at < written(now() - KEPT)))
            lost = (table.c.status == 0) & (table.c.at < written(now() - _LOST))
            connection.execute(delete(table).where(mine, lost))
            values: dict[str, Any] = {"asked": asked, "at": written(now()), "status": 0, "answer": {}}
            if insert_once(connection, table, who=who, key=key, **values):
                return None
            row = connection.execute(select(table).where(mine)).one()
        if row.asked != asked:
            raise Told(422, f"the key `{key}` was used for another request: choose a fresh one")
        if row.status == 0:
            wait = int((_LOST - (now() - moment(row.at))).total_seconds()) + 1
            raise Told(409, "the same request is under way: ask again for its answer", {"Retry-After": str(max(wait, 1))})
        return Response(
            row.answer["body"].encode("latin-1"), row.status, row.answer["headers"] | {"Idempotency-Replayed": "true"}
        )

    def end(self, who: str, key: str, response: Response) -> None:
        """Keep what was answered; an error of ours is not kept, so that it can be tried again."""
        mine = (table.c.who == who) & (table.c.key == key)
        body = bytes(response.body) if hasattr(response, "body") else b""
        headers = {name: response.headers[name] for name in _TOLD if name in response.headers}
        answer = {"body": body.decode("latin-1"), "headers": headers}
        with self._database.write() as connection:
            connection.execute(update(table).where(mine).values(status=response.status_code, answer=answer))

    def drop(self, who: str, key: str) -> None:
        """It did not happen."""
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.who == who, table.c.key == key))


def asked_of(request: Request, body: bytes) -> str:
    """The fingerprint of a request."""
    said = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('content-type', '')}\n"
    return hashlib.sha256(said.encode() + body).hexdigest()
