"""Workers of purchase orders that die at one moment after the other, a life each, or lose every database connection there.

`moments` in their home holds one moment a line; with `CUT` set, connections end instead of the worker, with `TRYTON` that server.
"""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import killed_worker
import psycopg
from sqlalchemy import make_url
from temporalio.worker import Worker

import agents.graphs.lines
import agents.graphs.sort  # noqa: F401  # imported once, before a worker's first life
import workflows.contract_signing
import workflows.intake
import workflows.purchase_order
import workflows.warranty_claim  # noqa: F401
from activities import purchasing
from activities.purchasing import actions
from activities.purchasing.sandbox import Sandbox
from baton.governance.declare import declaration_of
from baton.runtime.bootstrap import build, prepare
from baton.runtime.sandbox import sandbox
from baton.runtime.settings import load
from baton.store import Database

PATIENCE = timedelta(seconds=4)
"""After which a dead worker's effect is given to the next one."""
EFFECTS = {"place": "place_order", "pay": "pay_bill", "release": "release_payment"}


def _rows(work_name: str, effect: str) -> tuple[Any, str, Any]:
    """A row of the ledger about one effect."""

    def counts(_: Database, work: Any, declared: Any = None, *__: Any) -> bool:
        return work.__name__ == work_name and getattr(declared, "name", "") == f"purchasing.{effect}"

    return Database, "transact", counts


for short, name in EFFECTS.items():
    killed_worker.PLACES[f"{short}, the verdict's row"] = _rows("_judge", name)
    killed_worker.PLACES[f"{short}, the write"] = (Sandbox, name, lambda *_: True)
    killed_worker.PLACES[f"{short}, the effect's row"] = _rows("_written", name)
killed_worker.PLACES["release, the file"] = (actions, "hand_over", lambda *_: True)


def cut(home: Path) -> None:
    """Every connection to this company's databases ends, as when the database server restarts."""
    for name in ("BATON_DATABASE_URL", "BATON_COMPANY_URL"):
        url = make_url(os.environ[name]).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            ended = connection.execute(others, [url.database]).fetchall()
        with (home / "cuts").open("a") as cuts:
            cuts.write(f"{len(ended)}\n")


def kill_tryton(home: Path) -> None:
    """The purchasing system dies at once."""
    os.kill(int(os.environ["TRYTON"]), signal.SIGKILL)


def _next_moment(home: Path) -> None:
    """This life's moment is the next of the list."""
    moments = (home / "moments").read_text().splitlines()
    instead = kill_tryton if os.environ.get("TRYTON") else cut if os.environ.get("CUT") else None
    if instead is not None:
        for moment in moments:
            killed_worker.at(moment, lambda: instead(home))
    elif moments:
        (home / "moments").write_text("\n".join(moments[1:]))
        killed_worker.at(moments[0], killed_worker.die)


async def work(home: Path, address: str, queue: str) -> None:
    """Until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    os.environ.update({**load(home=str(home)).environment(), "BATON_TASK_QUEUE": queue})
    settings = load()
    runtime = build(settings)
    prepare(runtime)
    for effect in EFFECTS.values():
        function = getattr(purchasing, effect)
        if not os.environ.get("TRYTON"):
            function.__baton__ = replace(declaration_of(function), timeout=PATIENCE)
    _next_moment(home)
    shared: dict[str, Any] = {
        "interceptors": list(runtime.interceptors),
        "workflow_runner": sandbox(),
        "sticky_queue_schedule_to_start_timeout": timedelta(seconds=0.3),
    }
    client = await killed_worker.connected(address)
    async with AsyncExitStack() as stack:
        cases = runtime.activities("work")
        await stack.enter_async_context(
            Worker(client, task_queue=settings.queue("work"), workflows=runtime.workflows, activities=cases, **shared)
        )
        pages = runtime.activities("pages")
        await stack.enter_async_context(Worker(client, task_queue=settings.queue("pages"), activities=pages, **shared))
        (home / "ready").touch()
        await stop.wait()


if __name__ == "__main__":
    killed_worker.work = work
    killed_worker.main()
