"""`baton up`: the server, the database and the workers come up together, and go down together."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from baton.errors import BatonError
from baton.governance.declare import Queue
from baton.runtime import handshake, server
from baton.runtime.children import Child, spawn
from baton.runtime.connect import connect, where
from baton.runtime.leftover import end_leftover
from baton.runtime.lock import Lock, Running, now
from baton.runtime.nursery import AT_HAND, Nursery, NurseryDied
from baton.runtime.settings import Settings
from baton.store import Database

Say = Callable[[str], None]
WORKERS: tuple[Queue, ...] = ("pages", "work")


class WentDown(BatonError):
    """One part ended, so everything was stopped."""


class NotReady(BatonError):
    """A part did not come up."""


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass
class Up:
    """A running Baton, as the one that started it (or found it) sees it."""

    settings: Settings
    address: str
    server: Child | None = None
    workers: dict[str, Child] = field(default_factory=dict)
    nursery: Nursery | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    misfits: tuple[handshake.Misfit, ...] = ()
    replayed: int = 0
    found: bool = False
    """True when another `baton up` was running already: nothing was started, nothing will be stopped."""

    async def client(self) -> Client:
        """A client of its server."""
        return await connect(self.settings, self.address)

    def dead(self) -> Child | None:
        """The first part that has ended, or None while all run."""
        parts = (self.server, self.nursery.child if self.nursery else None, *self.workers.values())
        return next((child for child in parts if child and not child.alive), None)

    async def wait(self) -> None:
        """Return never while all is well. Raises `WentDown` with the reason when one part ends."""
        while not (child := self.dead()):
            await asyncio.sleep(0.1)
        raise WentDown(f"stopped, because {child.epitaph()}")

    async def start_worker(self, name: str, queue: Queue, *, replay: bool = False) -> handshake.Ready:
        """Start one worker (again) and wait until it is ready. Raises `NotReady` with its reason."""
        arguments = ["--queue", queue, "--name", name, "--address", self.address, *(["--replay"] if replay else [])]
        self.workers[name] = child = await self._worker(name, arguments)
        return await self._ready(child)

    def open_nursery(self) -> None:
        """Begin to load what every worker needs, while the server comes up."""
        if AT_HAND and self.nursery is None:
            environment = {**self.settings.environment(), **self.environment}
            self.nursery = Nursery.open(self.settings.logs / "nursery.log", environment, self.settings.project)

    async def _worker(self, name: str, arguments: Sequence[str]) -> Child:
        log = self.settings.logs / f"{name}.log"
        environment = {**self.settings.environment(), **self.environment}
        self.open_nursery()
        if self.nursery:
            try:
                return await self.nursery.birth(name, arguments, log, {**os.environ, **environment})
            except NurseryDied as error:
                raise NotReady(str(error)) from error
        command = [sys.executable, "-m", "baton.runtime.worker", *arguments, "--parent", str(os.getpid())]
        return spawn(name, command, log=log, environment=environment, folder=self.settings.project)

    async def stop(self) -> None:
        """Stop the workers, which finish what they began, and then the server."""
        await asyncio.gather(*(child.stop(self.settings.stop_seconds + 2) for child in self.workers.values()))
        if self.nursery:
            await self.nursery.close()
        if self.server:
            await self.server.stop()

    async def _ready(self, child: Child) -> handshake.Ready:
        deadline = asyncio.get_running_loop().time() + self.settings.start_seconds
        while asyncio.get_running_loop().time() < deadline:
            if word := handshake.heard(self.settings.home, child.name, child.pid):
                if word.trouble:
                    raise NotReady(word.trouble)
                return word
            if not child.alive:
                raise NotReady(f"worker {child.epitaph()}")
            await asyncio.sleep(0.05)
        raise NotReady(f"worker `{child.name}` was not ready within {self.settings.start_seconds:g} s: see `{child.log}`")


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    workers: Sequence[Queue] = WORKERS,
    replay: bool = False,
    environment: Mapping[str, str] | None = None,
    say: Say = _silent,
) -> AsyncIterator[Up]:
    """Baton, up for as long as the block lasts: `async with running(load()) as up: client = await up.client()`.

    Finds the one that runs on this home already and leaves it running. `workers=()` starts the server alone;
    `environment` goes to the workers. Raises a `BatonError` saying which part did not come up and why.
    """
    lock = Lock(settings.home)
    while not lock.take():
        if found := await _found(settings, lock):
            yield found
            return
    up = Up(settings, "", environment=environment or {})
    try:
        if workers:
            up.open_nursery()
        await _server(up, lock, say)
        lock.write(_running(up, ready=False))
        await _workers(up, workers, replay, say)
        lock.write(_running(up, ready=True))
        yield up
    finally:
        say("stopping")
        await up.stop()
        lock.release()


def migrate(settings: Settings) -> None:
    """Bring Baton's own database to the newest revision."""
    if settings.database_url.startswith("sqlite"):
        settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        database.migrate()
    except SQLAlchemyError as error:
        raise NotReady(
            f"the database cannot be reached or migrated: {str(error).splitlines()[0][:300]}; run `baton doctor`"
        ) from error
    finally:
        database.close()


async def _found(settings: Settings, lock: Lock) -> Up | None:
    """The other's address once it is ready; None when the other went away while it came up."""
    deadline = asyncio.get_running_loop().time() + settings.start_seconds
    while asyncio.get_running_loop().time() < deadline:
        if not lock.held_elsewhere():
            return None
        there = lock.read()
        if there and there.ready:
            return Up(settings, there.address, found=True)
        await asyncio.sleep(0.1)
    raise NotReady(
        f"another `baton up` on `{settings.home}` is not ready after {settings.start_seconds:g} s: see `{settings.logs}`"
    )


async def _server(up: Up, lock: Lock, say: Say) -> None:
    """Bring up the server and, at the same time, the database."""
    settings = up.settings
    say("database")
    migrating = asyncio.create_task(asyncio.to_thread(migrate, settings))
    try:
        if settings.uses_cluster:
            up.address = where(settings)["target_host"]
            await connect(settings)
        else:
            await end_leftover(lock.read(), settings, say)
            up.server, up.address = await server.start(settings, say)
    finally:
        await migrating


async def _workers(up: Up, workers: Sequence[Queue], replay: bool, say: Say) -> None:
    names = [
        (_name(queue, number), queue) for queue in workers for number in range(up.settings.work_workers if queue == "work" else 1)
    ]
    for name, _ in names:
        say(f"worker {name}")
    first = next((name for name, queue in names if queue == "work"), None)
    words = await asyncio.gather(*(up.start_worker(name, queue, replay=replay and name == first) for name, queue in names))
    for (name, _), word in zip(names, words, strict=True):
        say(f"worker {name} ready: {word.processes} processes, {word.activities} activities")
        up.misfits += word.misfits
        up.replayed += word.replayed


def _name(queue: Queue, number: int) -> str:
    return queue if number == 0 else f"{queue}-{number + 1}"


def _running(up: Up, *, ready: bool) -> Running:
    return Running(
        pid=os.getpid(),
        address=up.address,
        namespace=up.settings.temporal_namespace or "default",
        server=up.server.pid if up.server else None,
        workers={name: child.pid for name, child in up.workers.items()},
        started=now(),
        ready=ready,
    )
