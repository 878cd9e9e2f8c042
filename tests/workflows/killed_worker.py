"""Workers of the cash box that are killed at a chosen moment and started again.

Each line on standard input asks for one: `{"home": ..., "address": ..., "queue": ..., "environment": {...}}`.
In its environment `KILL_AT` names the moment, as in `the verdict's row:after:1`: a place, before or after it, and which
time it is reached; `HOLD_AT` names one at which the worker waits, with the file `held` in its home, until there is a file
`go`. Each life of a worker is a process of its own, forked so that imports are paid once; `lives` in its home tells how
each ended.
"""

import asyncio
import inspect
import json
import os
import signal
import sys
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

from baton import telemetry
from baton.cases.bookkeeping import Bookkeeping
from baton.governance import effects
from baton.governance.answering import Answers
from baton.governance.interceptors import Governance
from baton.governance.undoing import Undo, Undoing
from baton.ledger import Ledger
from baton.runtime.sandbox import sandbox
from baton.store import Database

PLACES: dict[str, tuple[Any, str, Callable[..., bool]]] = {
    "the finding's row": (Database, "transact", lambda _, work, *__: work.__name__ == "_keep_finding"),
    "the verdict's row": (Database, "transact", lambda _, work, *__: work.__name__ == "_judge"),
    "the verdict's transaction": (effects, "judge", lambda *_: True),
    "the write": (cash_box.Box, "pay", lambda *_: True),
    "the read-back": (effects.Effects, "_read_back", lambda *_: True),
    "the effect's row": (Database, "transact", lambda _, work, *__: work.__name__ == "_written"),
    "the effect's transaction": (Ledger, "append", lambda _, __, row: row.kind == "effect"),
    "the answer's row": (Database, "transact", lambda _, work, *__: getattr(work, "__self__", None).__class__ is Answers),
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
    (home / "held").write_text(str(os.getpid()))
    until = time.monotonic() + seconds
    while not (home / "go").exists() and time.monotonic() < until:
        time.sleep(0.02)


async def connected(address: str, seconds: float = 30) -> Client:
    """A client, as soon as the server answers: it may have been killed too."""
    until = time.monotonic() + seconds
    while True:
        try:
            return await Client.connect(address, data_converter=pydantic_data_converter)
        except RuntimeError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)


async def work(home: Path, address: str, queue: str) -> None:
    """Until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = an_engine(home)
    worker = Worker(
        await connected(address),
        task_queue=queue,
        workflows=[cash_box.CashBox, Undo],
        activities=[cash_box.pay_out, cash_box.look_at, *Bookkeeping(engine).activities(), Undoing(engine).take_back],
        interceptors=[Governance(engine)],
        workflow_runner=sandbox(),
        # What the dead worker had in memory goes to the next one soon.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=0.3),
    )
    async with worker:
        (home / "ready").touch()
        await stop.wait()


def live(home: Path, address: str, queue: str, first: bool) -> None:
    """One life of the worker; the process ends here."""
    code = 1
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


class Keeper:
    """Starts a worker again whenever it was killed, until there is a file `stop` in its home."""

    def __init__(self, home: Path, address: str, queue: str) -> None:
        self._home, self._address, self._queue = home, address, queue
        self._parent = os.getppid()
        self._child = 0

    def keep(self) -> None:
        """Until the worker has stopped."""
        self._start(first=True)
        stopping = 0.0
        while not self._ended():
            if os.getppid() != self._parent or (stopping and time.monotonic() > stopping + 10):
                os.kill(self._child, signal.SIGKILL)
                break
            if not stopping and (self._home / "stop").exists():
                stopping = time.monotonic()
                os.kill(self._child, signal.SIGTERM)
            time.sleep(0.02)
        (self._home / "ended").touch()

    def _start(self, first: bool) -> None:
        self._child = os.fork()
        if self._child == 0:
            live(self._home, self._address, self._queue, first)

    def _ended(self) -> bool:
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if pid == 0:
            return False
        code = os.waitstatus_to_exitcode(status)
        with (self._home / "lives").open("a") as lives:
            lives.write(f"{code}\n")
        if code == -signal.SIGKILL:
            self._start(first=False)
            return False
        return True


def main() -> None:
    """One line of JSON on standard input, one worker."""
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            os.environ.update(order["environment"])
            home = Path(order["home"])
            with (home / "worker.log").open("ab") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            Keeper(home, order["address"], order["queue"]).keep()
            os._exit(0)


if __name__ == "__main__":
    main()
