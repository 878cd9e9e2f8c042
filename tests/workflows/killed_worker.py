"""A worker of the cash box that is killed at a chosen moment and started again: `python killed_worker.py HOME ADDRESS QUEUE`.

`KILL_AT` names the moment, as in `the verdict's row:after:1`: a place, before or after it, and which time it is reached.
`HOLD_AT` names one at which the worker waits, with the file `held` in its home, until there is a file `go`.
Each life of the worker is a forked child, so that imports are paid once; `lives` in its home tells how each ended.
"""

import asyncio
import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import cash_box
from cash_office import an_engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

import baton.governance.governor as governor
from baton import telemetry
from baton.cases.bookkeeping import Bookkeeping
from baton.governance.answering import Answers
from baton.governance.interceptors import Governance
from baton.governance.undoing import Undo, Undoing
from baton.ledger import Ledger
from baton.runtime.sandbox import sandbox

PLACES: dict[str, tuple[Any, str, Callable[..., bool]]] = {
    "the finding's row": (governor.Governor, "_keep_finding", lambda *_: True),
    "the verdict's row": (governor.Governor, "_judge", lambda *_: True),
    "the verdict's transaction": (governor, "judge", lambda *_: True),
    "the write": (cash_box.Box, "pay", lambda *_: True),
    "the read-back": (governor.Governor, "_read_back", lambda *_: True),
    "the effect's row": (governor.Governor, "_written", lambda *_: True),
    "the effect's transaction": (Ledger, "append", lambda _, __, row: row.kind == "effect"),
    "the answer's row": (Answers, "judge", lambda *_: True),
    "the handoff": (Bookkeeping, "_write", lambda _, name, *__: name == "enter_stage"),
    "the end": (Bookkeeping, "_write", lambda _, name, *__: name == "close"),
    "the undo": (cash_box.Box, "put_back", lambda *_: True),
}


def at(moment: str, then: Callable[[], None]) -> None:
    """Do something at a moment of this process's life."""
    place, when, time_ = moment.rsplit(":", 2)
    holder, name, counts = PLACES[place]
    original, reached = getattr(holder, name), [0]

    def now(wanted: str, arguments: tuple[Any, ...]) -> None:
        if wanted == when and counts(*arguments):
            reached[0] += 1
            if reached[0] == int(time_):
                then()

    @wraps(original)
    def plain(*arguments: Any, **more: Any) -> Any:
        now("before", arguments)
        result = original(*arguments, **more)
        now("after", arguments)
        return result

    @wraps(original)
    async def waiting(*arguments: Any, **more: Any) -> Any:
        now("before", arguments)
        result = await original(*arguments, **more)
        now("after", arguments)
        return result

    setattr(holder, name, waiting if inspect.iscoroutinefunction(original) else plain)


def die() -> None:
    """At once, as in a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def hold(home: Path, seconds: float = 30) -> None:
    """Say so, and wait until told to go on."""
    (home / "held").touch()
    until = time.monotonic() + seconds
    while not (home / "go").exists() and time.monotonic() < until:
        time.sleep(0.02)


async def work(home: Path, address: str, queue: str) -> None:
    """Until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = an_engine(home)
    worker = Worker(
        await Client.connect(address, data_converter=pydantic_data_converter),
        task_queue=queue,
        workflows=[cash_box.CashBox, Undo],
        activities=[cash_box.pay_out, cash_box.look_at, *Bookkeeping(engine).activities(), Undoing(engine).take_back],
        interceptors=[Governance(engine)],
        workflow_runner=sandbox(),
        # What the dead worker had in memory goes to the next one soon.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )
    async with worker:
        (home / "ready").touch()
        await stop.wait()


def end_with(parent: int) -> None:
    """No worker is left behind when the test is gone."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(3)


def live(home: Path, address: str, queue: str, first: bool) -> None:
    """One life of the worker; the process ends here."""
    code = 1
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    try:
        telemetry.set_up("work", home, os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
        if first and (moment := os.environ.get("KILL_AT")):
            at(moment, die)
        if first and (moment := os.environ.get("HOLD_AT")):
            at(moment, lambda: hold(home))
        asyncio.run(work(home, address, queue))
        telemetry.flush()
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Start the worker again whenever it was killed."""
    home, address, queue = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    child = 0
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM) if child else sys.exit())
    for number in range(5):
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            live(home, address, queue, first=number == 0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with (home / "lives").open("a") as lives:
            lives.write(f"{code}\n")
        if code != -signal.SIGKILL:
            return


if __name__ == "__main__":
    main()
