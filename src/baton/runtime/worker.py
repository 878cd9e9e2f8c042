"""One worker process: `python -m baton.runtime.worker --queue work`. It tells `baton up` when it is ready, or why not."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from baton import telemetry
from baton.documents.warm import warm_up
from baton.errors import BatonError
from baton.governance.declare import Queue
from baton.runtime import handshake
from baton.runtime.bootstrap import Runtime, build, prepare
from baton.runtime.caretaker import close_books, take_care
from baton.runtime.connect import connect
from baton.runtime.replay import open_cases_that_no_longer_fit
from baton.runtime.sandbox import sandbox
from baton.runtime.settings import Settings, load

_log = logging.getLogger("baton.worker")


def make_worker(
    client: Client, runtime: Runtime, queue: Queue, on_fatal: Callable[[BaseException], Awaitable[None]] | None = None
) -> Worker:
    """A worker for one queue: `work` runs the cases and most activities, `pages` only reads pages."""
    settings = runtime.settings
    pages = queue == "pages"
    return Worker(
        client,
        task_queue=settings.queue(queue),
        workflows=[] if pages else runtime.workflows,
        activities=runtime.activities(queue),
        workflow_runner=sandbox(),
        interceptors=list(runtime.interceptors),
        max_cached_workflows=0 if pages else settings.cached_cases,
        max_concurrent_activities=settings.pages_concurrency if pages else settings.work_concurrency,
        max_concurrent_local_activities=settings.work_concurrency,
        max_eager_activity_reservations_per_workflow_task=8,
        graceful_shutdown_timeout=timedelta(seconds=settings.stop_seconds / 2),
        on_fatal_error=on_fatal,
    )


async def work(settings: Settings, queue: Queue, name: str, *, replay: bool = False, address: str | None = None) -> None:
    """Come up, say so, work until told to stop, and finish what was begun."""
    stop = _stop_signal()
    # A thread that waits for its turn to write must not keep others from reading: asyncio's own pool has six on two cores.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * settings.work_concurrency, "store"))
    runtime = build(settings)
    try:
        if queue == "work":
            prepare(runtime)
        client = await connect(settings, address)
        replayed, misfits = await _replay(client, runtime) if replay else (0, ())
        async with _working(client, runtime, queue):
            word = handshake.Ready(
                pid=os.getpid(),
                queue=queue,
                activities=len(runtime.activities(queue)),
                processes=0 if queue == "pages" else len(runtime.project.processes),
                replayed=replayed,
                misfits=misfits,
            )
            handshake.tell(settings.home, name, word)
            _log.info("ready: queue %s", settings.queue(queue))
            if queue == "pages":
                warm_up()
            care = asyncio.create_task(take_care(runtime.engine)) if queue == "work" else None
            await stop.wait()
            _log.info("stopping")
        if care:
            care.cancel()
            await asyncio.to_thread(close_books, runtime.engine)
    finally:
        runtime.close()


@asynccontextmanager
async def _working(client: Client, runtime: Runtime, queue: Queue) -> AsyncIterator[None]:
    """Work for as long as the block lasts; a project without work for this queue has an idle worker."""
    if queue == "pages" and not runtime.activities(queue):
        yield
        return
    async with make_worker(client, runtime, queue, _log_fatal):
        yield


async def _replay(client: Client, runtime: Runtime) -> tuple[int, tuple[handshake.Misfit, ...]]:
    queue = runtime.settings.queue("work")
    return await open_cases_that_no_longer_fit(client, runtime.project, runtime.workflows, runtime.interceptors, queue)


def main(arguments: list[str] | None = None) -> None:
    """Run one worker; the process ends here."""
    said = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stdout)
    _watch_parent(said.parent)
    settings: Settings | None = None
    code = 0
    try:
        settings = load()
        # Each room reads its own variables; here they all get the same.
        os.environ.update(settings.environment())
        if said.queue == "pages":
            os.nice(5)  # reading takes whole cores for seconds; people and cases come first
        telemetry.set_up(f"baton-{said.name}", settings.home, settings.otlp_endpoint)
        asyncio.run(work(settings, said.queue, said.name, replay=said.replay, address=said.address))
    except BatonError as error:
        code = 2
        _log.error("%s", error, exc_info=settings is not None and settings.debug)
        if settings is not None:
            handshake.tell(settings.home, said.name, handshake.Ready(pid=os.getpid(), queue=said.queue, trouble=str(error)))
    except BaseException:
        code = 1
        _log.exception("worker failed")
    telemetry.flush()
    logging.shutdown()
    # A process that ran a Temporal client can abort while the interpreter shuts down; nothing is left to do.
    os._exit(code)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="baton worker")
    parser.add_argument("--queue", choices=("work", "pages"), default="work")
    parser.add_argument("--name", help="what the worker is called in logs and traces; default the queue")
    parser.add_argument("--address", help="the Temporal server; default that of the settings or the running `baton up`")
    parser.add_argument("--parent", type=int, default=0, help="stop when this process is gone")
    parser.add_argument("--replay", action="store_true", help="first replay the open cases against this code")
    said = parser.parse_args(arguments)
    said.name = said.name or said.queue
    return said


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _watch_parent(parent: int) -> None:
    """Stop with the process that started us, also where the kernel does not see to it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    if parent:
        threading.Thread(target=watch, name="parent", daemon=True).start()


async def _log_fatal(error: BaseException) -> None:
    _log.error("worker stopped: %s", error)


if __name__ == "__main__":
    main()
