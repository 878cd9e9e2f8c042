"""More than one process behind one address: the system deals connections out among those who listen there."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from baton.console.settings import ConsoleSettings
from baton.errors import BatonError
from baton.runtime.server import free_port
from baton.runtime.settings import Settings

LISTENS: Final = "listens"
_PATIENCE: Final = 120.0


class NoSibling(BatonError):
    """The console, or another process of it, cannot be reached where it should."""


@contextmanager
def listening(console: ConsoleSettings) -> Iterator[tuple[socket.socket, int]]:
    """The socket to serve on, and its port: the one that is set, or where nobody set an address, a free one."""
    family = socket.AF_INET6 if ":" in console.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if console.processes > 1:
            if not console.url and not os.environ.get(_DEALT):
                console = console.model_copy(update={"port": free_port(console.port)})
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            _bind(made, console.host, console.port)
        else:
            _bind(made, console.host, console.port if console.url else free_port(console.port))
        made.listen(128)
        yield made, int(made.getsockname()[1])


def _bind(made: socket.socket, host: str, port: int) -> None:
    try:
        made.bind((host, port))
    except OSError as error:
        raise NoSibling(
            f"cannot listen on `{host}:{port}`: {error.strerror}; set `BATON_CONSOLE_HOST` and `BATON_CONSOLE_PORT`"
        ) from None


_DEALT: Final = "BATON_CONSOLE_SIBLING"
"""Set for a process that listens where another one does already."""


@asynccontextmanager
async def running(settings: Settings, console: ConsoleSettings, port: int) -> AsyncIterator[None]:
    """The other processes, up and listening for as long as the block lasts; each ends with this one."""
    own = {"BATON_CONSOLE_PORT": str(port), _DEALT: "1", "PYTHONUNBUFFERED": "1"}
    environment = {**os.environ, **settings.environment(), **own}
    command = [sys.executable, "-m", "baton.console.serve", "--sibling", "--parent", str(os.getpid())]
    made = [
        await asyncio.create_subprocess_exec(*command, env=environment, cwd=settings.project, stdout=asyncio.subprocess.PIPE)
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
