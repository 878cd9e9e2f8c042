"""Workers of this very project, at the front door, that are killed at a chosen moment and started again.

The same as `killed_worker`, with this project's processes in place of the cash box, and the moments of the door besides.
"""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import killed_worker
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

import activities.casebook.book as casebook
import agents.graphs.sort  # noqa: F401  # imported once, before a worker's first life
from baton.governance.declare import declaration_of
from baton.runtime.bootstrap import build, prepare
from baton.runtime.sandbox import sandbox
from baton.runtime.settings import load

killed_worker.PLACES |= {
    "the registration": (casebook.Casebook, "_register", lambda *_: True),
    "the filing": (casebook.Casebook, "_file", lambda *_: True),
    "the start": (casebook, "start", lambda *_: True),
    "the signal": (WorkflowHandle, "signal", lambda *_: True),
    "the mark": (casebook.Casebook, "_started", lambda *_: True),
}


async def work(home: Path, address: str, queue: str) -> None:
    """Until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    os.environ.update({**load(home=str(home)).environment(), "BATON_TASK_QUEUE": queue})
    runtime = build(load())
    prepare(runtime)
    for activity in runtime.project.activities:  # a dead worker's step is missed soon, not after minutes
        function = getattr(activity, "__func__", activity)
        function.__baton__ = replace(declaration_of(function), timeout=timedelta(seconds=6))
    worker = Worker(
        await killed_worker.connected(address),
        task_queue=queue,
        workflows=runtime.workflows,
        activities=runtime.activities("work"),
        interceptors=list(runtime.interceptors),
        workflow_runner=sandbox(),
        # What the dead worker had in memory goes to the next one soon.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=0.3),
    )
    async with worker:
        (home / "ready").touch()
        await stop.wait()


if __name__ == "__main__":
    killed_worker.work = work
    killed_worker.main()
