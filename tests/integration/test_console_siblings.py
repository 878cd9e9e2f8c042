"""Two processes behind one address share its connections; one that is killed takes nobody's address away."""

import asyncio
import os
import signal
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it has no stubs here

from baton.runtime.settings import load
from benchmarks.console_pages import Client, served


def connections(process: psutil.Process) -> int:
    return sum(1 for one in process.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED)


async def test_connections_are_dealt_evenly_and_outlive_a_process_that_is_killed(tmp_path: Path) -> None:
    async with served(load(home=str(tmp_path)), 2, lambda words: None) as there:
        clients = [Client(there.url) for _ in range(16)]
        for _ in range(2):
            answers = await asyncio.gather(*(client.ask("GET", "/sign-in", {}) for client in clients))
            assert {status for status, _ in answers} == {200}
        main = psutil.Process(there.pid)
        (sibling,) = main.children()
        dealt = [connections(main), connections(sibling)]
        assert sum(dealt) == len(clients)
        assert min(dealt) >= 5, dealt
        os.kill(sibling.pid, signal.SIGKILL)
        for _ in range(5):
            status, _ = await Client(there.url).ask("GET", "/sign-in", {})
            assert status == 200
