"""Starts the console: `python -m baton.console.serve`, or from code with `start`."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import uvicorn
import uvloop
from fastapi import FastAPI

from baton.console import build, siblings
from baton.console.app import create_app
from baton.console.bench import Bench
from baton.console.known import systems
from baton.console.settings import ConsoleSettings, load_console
from baton.console.warming import warm
from baton.errors import BatonError
from baton.governance.stamps import SignIn
from baton.runtime.bootstrap import Runtime, prepare
from baton.runtime.bootstrap import build as build_runtime
from baton.runtime.connect import connect
from baton.runtime.settings import Settings, load

_READY = "console ready on "


def bench_of(runtime: Runtime, settings: ConsoleSettings) -> Bench:
    """What the console needs of an installation."""
    return Bench(
        engine=runtime.engine,
        documents=runtime.documents,
        sign_in=SignIn.at(runtime.settings.home),
        settings=settings,
        home=runtime.settings.home,
        connect=lambda: connect(runtime.settings),
        queue=runtime.settings.queue("work"),
        processes={name: process.words for name, process in runtime.project.processes.items()},
        systems=systems(),
        workflows={name: process.temporal_name for name, process in runtime.project.processes.items()},
    )


def address(settings: ConsoleSettings) -> str:
    """Where people reach it."""
    return settings.url or f"http://{settings.host}:{settings.port}"


async def start(settings: Settings, console: ConsoleSettings, say: Callable[[str], None] = print, sibling: bool = False) -> None:
    """Serve until cancelled or told to stop. Raises a `BatonError` for what does not fit."""
    build.ensure(say)
    runtime = build_runtime(settings)
    try:
        runtime.database.migrate()
        prepare(runtime)
        with siblings.listening(console) as (socket, port):
            if not console.url:
                console = console.model_copy(update={"port": port})
            app = create_app(bench_of(runtime, console))
            await warm(app, console)
            config, shared = _config(app, bool(console.url)), sibling or console.processes > 1
            server = siblings.Sharing(config, socket) if shared else uvicorn.Server(config)
            _settle()
            if sibling:
                say(siblings.LISTENS)
                await server.serve(sockets=[socket])
                return
            async with siblings.running(settings, console, socket):
                say(f"{_READY}{address(console)}")
                await server.serve(sockets=[socket])
    finally:
        runtime.close()


def _config(app: FastAPI, behind: bool) -> uvicorn.Config:
    """`behind`: another server stands before this one, and says who really asks."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
        proxy_headers=behind,
    )


def _settle() -> None:
    """What stands now stands to the end: looking through it for garbage again and again would cost every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    """Serve with the settings of the environment; ends with the process that started it, when `--parent PID` says which."""
    try:
        if "--parent" in sys.argv:
            _end_with(int(sys.argv[sys.argv.index("--parent") + 1]))
        work = start(load(), load_console(), lambda words: print(words, flush=True), sibling="--sibling" in sys.argv)
        uvloop.run(work)
    except BatonError as problem:
        sys.exit(str(problem))
    os._exit(0)  # a process that ran a Temporal client can abort at the interpreter's own exit


def _end_with(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
