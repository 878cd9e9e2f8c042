"""How often a page asks the database: the same pages asked in this process, every statement counted."""

import sqlite3
import statistics
from collections.abc import Iterable
from typing import Any

import httpx
from sqlalchemy import event

from baton.console.app import create_app
from baton.console.serve import bench_of
from baton.console.settings import load_console
from baton.runtime.bootstrap import build, prepare
from baton.runtime.settings import Settings
from baton.types.ids import PersonId

_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


async def queries(settings: Settings, pages: dict[str, Iterable[tuple[str, str]]]) -> dict[str, float]:
    """The median of each page: statements on Baton's own database, sign-in and writing included, without BEGIN and COMMIT."""
    runtime = build(settings)
    prepare(runtime)
    asked: list[str] = []

    @event.listens_for(runtime.database.engine, "connect")
    def _listen(connection: sqlite3.Connection, _: Any) -> None:
        connection.set_trace_callback(asked.append)

    runtime.database.engine.dispose()
    app = create_app(bench_of(runtime, load_console()))
    found = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://console") as client:
        for name, wanted in pages.items():
            counts = []
            for who, path in wanted:
                session = app.state.sessions.begin(PersonId(who), "demo")
                asked.clear()
                (await client.get(path, headers={"Cookie": f"baton_session={session}"})).raise_for_status()
                counts.append(sum(1 for one in asked if not one.startswith(_CONTROL)))
            found[name] = statistics.median(counts)
    runtime.close()
    return found
