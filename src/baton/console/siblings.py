"""More than one process behind one address: they share one socket to listen on, and take connections by turns."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn

from baton.console.settings import ConsoleSettings
from baton.errors import BatonError
from baton.runtime.server import free_port
from baton.runtime.settings import Settings

LISTENS: Final = "listens"
_PATIENCE: Final = 120.0
_SHARED: Final = "BATON_CONSOLE_SOCKET"
"""Set for a sibling: the number of the open socket that it listens on, too."""
_STANDS_BACK: Final = 0.0005
_LONGEST: Final = 0.02


class NoSibling(BatonError):
    """The console, or another process of it, cannot be reached where it should."""


@contextmanager
def listening(console: ConsoleSettings) -> Iterator[tuple[socket.socket, int]]:
    """The socket to serve on, and its port: the one that is set, or where nobody set an address, a free one."""
    if shared := os.environ.get(_SHARED):
        made = socket.socket(fileno=int(shared))
    else:
        made = socket.socket(socket.AF_INET6 if ":" in console.host else socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(made, console.host, console.port if console.url else free_port(console.port))
        made.listen(128)
    with made:
        yield made, int(made.getsockname()[1])


def _bind(made: socket.socket, host: str, port: int) -> None:
    try:
        made.bind((host, port))
    except OSError as error:
        raise NoSibling(
            f"cannot listen on `{host}:{port}`: {error.strerror}; set `BATON_CONSOLE_HOST` and `BATON_CONSOLE_PORT`"
        ) from None


class Sharing(uvicorn.Server):
    """A server on a socket that others listen on as well.

    A browser keeps its connection, so how connections are dealt is how work is dealt. Left to the system, one of two processes
    has 11 of 16 as often as not. So each takes one at a time, and stands back for longer the more it has.
    """

    def __init__(self, config: uvicorn.Config, shared: socket.socket) -> None:
        super().__init__(config)
        self._shared = shared
        self._begun: set[asyncio.Task[object]] = set()
        shared.setblocking(False)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets=[])
        self._watch()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and finish what was begun."""
        asyncio.get_running_loop().remove_reader(self._shared)
        await super().shutdown(sockets=[])

    def _watch(self) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(self._shared, self._stand_back)

    def _stand_back(self) -> None:
        """Somebody knocks: whoever has less to do opens first."""
        loop, mine = asyncio.get_running_loop(), len(self.server_state.connections)
        loop.remove_reader(self._shared)
        loop.call_later(min(mine * _STANDS_BACK, _LONGEST), self._take)

    def _take(self) -> None:
        try:
            connection, _ = self._shared.accept()
        except OSError:  # somebody else opened, or whoever knocked is gone
            self._watch()
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.ensure_future(asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection))
        self._begun.add(task)
        task.add_done_callback(self._opened)

    def _opened(self, task: "asyncio.Task[object]") -> None:
        self._begun.discard(task)
        self._watch()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn makes its own
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


@asynccontextmanager
async def running(settings: Settings, console: ConsoleSettings, shared: socket.socket) -> AsyncIterator[None]:
    """The other processes, up and listening for as long as the block lasts; each ends with this one."""
    own = {_SHARED: str(shared.fileno()), "PYTHONUNBUFFERED": "1"}
    environment = {**os.environ, **settings.environment(), **own}
    command = [sys.executable, "-m", "baton.console.serve", "--sibling", "--parent", str(os.getpid())]
    made = [
        await asyncio.create_subprocess_exec(
            *command, env=environment, cwd=settings.project, stdout=asyncio.subprocess.PIPE, pass_fds=[shared.fileno()]
        )
        for _ in range(console.processes - 1)
    ]
    try:
        await asyncio.gather(*(_up(one) for one in made))
        yield
    finally:
        for one in made:
            if one.returncode is None:
                one.terminate()
        await asyncio.gather(*(one.wait() for one in made))


async def _up(one: asyncio.subprocess.Process) -> None:
    assert one.stdout is not None
    try:
        while said := await asyncio.wait_for(one.stdout.readline(), _PATIENCE):
            if said.decode(errors="replace").strip() == LISTENS:
                return
    except TimeoutError:
        one.terminate()
    raise NoSibling("a second process of the console did not come up: set `BATON_CONSOLE_PROCESSES=1`, and see its log")
