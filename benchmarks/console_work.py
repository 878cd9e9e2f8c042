"""Decisions through a real server: real messages become cases, people approve; the time counts until the case has it.

Once with every client answering as soon as it has the next task, as nobody who reads can; once with some seconds to read each.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from baton.cases import store
from baton.cases.tables import case
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.settings import Settings
from baton.runtime.up import running
from baton.types.cases import Task
from benchmarks.console_pages import Client, Served, session
from benchmarks.console_store import HANDLERS

_PATIENCE = 600.0
READING = 3.0
"""Seconds that somebody looks at a task before they decide it, on average."""


async def decide(
    settings: Settings, there: Served, clients: int, count: int, say: Callable[[str], None]
) -> dict[str, list[float]]:
    """Milliseconds from the click to the case's own answer, `clients` at once: without a pause, and `reading` first."""
    seed = {"BATON_COMPANY_SEED": str(settings.home / "company")}
    found = {}
    async with running(settings, environment=seed, say=say) as up:
        runtime = build(settings)
        for name, pause in (("decide", 0.0), ("decide_reading", READING)):
            tasks = await _waiting(runtime, await up.client(), count, say)
            token = {who: await session(Client(there.url), who) for who in HANDLERS}
            todo = iter([(task, token[_who(task)]) for task in tasks])
            times = await asyncio.gather(*(_go(Client(there.url), todo, pause, random.Random(n)) for n in range(clients)))
            found[name] = [one for some in times for one in some]
    return found


async def _waiting(runtime: Runtime, client: Any, count: int, say: Callable[[str], None]) -> list[Task]:
    """So many tasks of real cases that wait for an approval."""
    process, queue = runtime.project.processes["warranty_claim"], runtime.settings.queue("work")
    mine = set()
    for path in _unread(runtime, count):
        done = await submit(runtime.engine, runtime.documents, client, path, process.name, process.temporal_name, queue)
        mine.add(done.case)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        await asyncio.sleep(2)
        with runtime.database.read() as connection:
            found = [one for case in mine for one in store.tasks(connection, "open", case) if one.proposal is not None]
        say(f"{len(found)} of {count} cases wait for an approval")
        if len(found) >= count:
            return found
    raise SystemExit(f"{len(found)} of {count} cases came to their approval: see {runtime.settings.logs}")


def _unread(runtime: Runtime, count: int) -> list[Path]:
    """So many messages that no case was made of yet: a store that is measured again has decided the others."""
    with runtime.database.read() as connection:
        known = set(connection.execute(select(case.c.message).where(case.c.message.like("claim-%"))).scalars())
    files = sorted((runtime.settings.home / "inbox").glob("*.eml"), key=lambda path: int(path.stem))
    found = [path for path in files if f"claim-{path.stem}@mail.example" not in known][:count]
    if len(found) < count:
        raise SystemExit(f"{len(found)} unread messages are left in this store: ask for fewer `--decisions`, or fill a new one")
    return found


def _who(task: Task) -> str:
    return next((who for who in HANDLERS if who in task.approvers), HANDLERS[0])


async def _go(client: Client, todo: Iterator[tuple[Task, str]], pause: float, chance: random.Random) -> list[float]:
    times = []
    for task, token in todo:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = {"says": "approve", "hash": task.hash, "readings": await _open_fields(client, task, headers)}
        await asyncio.sleep(chance.uniform(0, 2 * pause))
        began = time.perf_counter()
        status, found = await client.ask("POST", f"/api/v1/tasks/{task.id}/answer?wait=20", headers, json.dumps(body).encode())
        times.append((time.perf_counter() - began) * 1000)
        said = json.loads(found)
        if status != 202 or said["status"] != "accepted":
            raise SystemExit(f"task `{task.id}` of {task.case}: {status} {said}")
    return times


async def _open_fields(client: Client, task: Task, headers: dict[str, str]) -> dict[str, int]:
    _, found = await client.ask("GET", f"/api/v1/tasks/{task.id}", headers)
    return {field["name"]: 1 for field in json.loads(found)["shown"]["fields"] if field["state"] == "open"}
