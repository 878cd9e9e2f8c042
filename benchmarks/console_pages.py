"""The console served in processes of its own, and clients that ask it for pages."""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import psutil  # type: ignore[import-untyped]  # it has no stubs here
from sqlalchemy import select

from baton.cases.tables import task
from baton.runtime.settings import Settings
from baton.store import Database
from baton.types.ids import StepKey, decision_id
from benchmarks.console_store import FIRST, HANDLERS, PREFIX, amount_of

AUDITORS = ("beatrix",)
_READY = "console ready on "


@dataclass
class Served:
    """The console, and what it costs."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What its processes have computed so far."""
        main = psutil.Process(self.pid)
        return float(sum(sum(one.cpu_times()[:2]) for one in (main, *main.children(recursive=True))))


@asynccontextmanager
async def served(settings: Settings, processes: int, say: Callable[[str], None]) -> AsyncIterator[Served]:
    """Serve the console of this installation until the block ends."""
    own = {
        "BATON_CONSOLE_PORT": "0",
        "BATON_CONSOLE_PROCESSES": str(processes),
        "BATON_UNDO_SECONDS": "0",
        "BATON_API_PER_MINUTE": "0",
    }
    environment = {**os.environ, **settings.environment(), **own, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "baton.console.serve"]
    log = (settings.home / "console.log").open("wb")
    child = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=settings.project, stdout=asyncio.subprocess.PIPE, stderr=log
    )
    try:
        assert child.stdout is not None
        while line := (await asyncio.wait_for(child.stdout.readline(), 300)).decode():
            if line.startswith(_READY):
                say(line.strip())
                yield Served(line.removeprefix(_READY).strip(), child.pid)
                return
        raise SystemExit(f"the console did not come up: see {settings.home / 'console.log'}")
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


class Client:
    """One connection that is kept, as a browser keeps it; no more of HTTP than this benchmark needs."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """Status and body; asked once more, as a browser does, where the server closed a connection that had rested."""
        try:
            return await self._asked(method, path, headers, body)
        except asyncio.IncompleteReadError as closed:
            if closed.partial or method != "GET":
                raise
            self._streams = None
            return await self._asked(method, path, headers, body)

    async def _asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._place.hostname, self._place.port, limit=1 << 24)
        reader, writer = self._streams
        said = {"Host": self._place.netloc, "Accept": "*/*", **headers} | ({"Content-Length": str(len(body))} if body else {})
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = answer.partition("content-length: ")[2].partition("\r\n")[0]
        found = await reader.readexactly(int(length)) if length else b""
        if "connection: close" in answer:
            writer.close()
            self._streams = None
        return int(answer.split(" ", 2)[1]), found


class Pages:
    """What staff and auditors open."""

    def __init__(self, settings: Settings, there: Served, clients: int) -> None:
        self._settings, self._url = settings, there.url
        self._clients = [Client(there.url) for _ in range(clients)]
        self._cookies: dict[str, str] = {}
        self._random = random.Random(5)
        self._numbers: range = range(FIRST, FIRST + json.loads((settings.home / "filled.json").read_text())["cases"])
        self._tasks = self._open_tasks()

    async def sign_in(self) -> None:
        """A session for everybody who will ask."""
        for who in (*HANDLERS, *AUDITORS, "lena", "orla"):
            self._cookies[who] = await session(self._clients[0], who)

    async def load(self, name: str, count: int) -> list[float]:
        """Ask for `count` pages of one kind, each client the next when it has the last; milliseconds."""
        return await self._asked_by(self._clients, name, count)

    async def alone(self, name: str, count: int) -> list[float]:
        """The same by one client."""
        return await self._asked_by(self._clients[:1], name, count)

    def some(self, name: str, count: int) -> list[tuple[str, str]]:
        """Some pages of a kind: who asks, and for what."""
        return list(self._wanted(name, count))

    @property
    def warming(self) -> int:
        """How many pages are asked for before time is taken."""
        return 2 * len(self._clients)

    async def _asked_by(self, clients: list[Client], name: str, count: int) -> list[float]:
        wanted = list(self._wanted(name, count + self.warming))
        warm, todo = iter(wanted[: self.warming]), iter(wanted[self.warming :])
        await asyncio.gather(*(self._go(client, warm) for client in clients))
        return [one for some in await asyncio.gather(*(self._go(client, todo) for client in clients)) for one in some]

    async def _go(self, client: Client, todo: Iterator[tuple[str, str]]) -> list[float]:
        times = []
        for who, path in todo:
            began = time.perf_counter()
            status, body = await client.ask("GET", path, {"Cookie": f"baton_session={self._cookies[who]}"})
            times.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise SystemExit(f"`{path}` answered {status} to {who}: {body[:300]!r}")
        return times

    def _wanted(self, name: str, count: int) -> Iterator[tuple[str, str]]:
        for number in range(count):
            who, case = HANDLERS[number % len(HANDLERS)], self._random.choice(self._numbers)
            match name:
                case "inbox":
                    yield who, "/inbox" if number % 2 else "/inbox?view=team"
                case "task":
                    yield who, f"/tasks/{self._random.choice(self._tasks)}"
                case "case":
                    yield "lena", f"/cases/{PREFIX}-{case}"
                case "decision":
                    yield "beatrix", f"/decisions/{decision_id(StepKey(f'{PREFIX}-{case}/7/0'), 'verdict')}"
                case _:
                    yield "beatrix", f"/audit?q={quote(self._asked(case, number))}"

    def _asked(self, case: int, number: int) -> str:
        asked = (f"{PREFIX}-{case}", f"{amount_of(case)} EUR", f"c{case % 20_000}@mail.example", f"marta {amount_of(case)}")
        return asked[number % len(asked)]

    def _open_tasks(self) -> list[str]:
        database = Database(self._settings.database_url)
        with database.read() as connection:
            query = select(task.c.id).where(task.c.status == "open", task.c.department == "claims")
            found = list(connection.execute(query).scalars())
        database.close()
        return found


async def session(client: Client, who: str) -> str:
    """The session of somebody of the staff, as the API gives it to programs; a cookie of the same name opens pages."""
    body = json.dumps({"person": who}).encode()
    status, found = await client.ask("POST", "/api/v1/session", {"Content-Type": "application/json"}, body)
    if status != 201:
        raise SystemExit(f"`{who}` cannot sign in: {found!r}")
    said: dict[str, Any] = json.loads(found)
    return str(said["token"])
