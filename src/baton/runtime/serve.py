"""What a person sees of `baton up`."""

import asyncio
import json as json_module
import signal
from contextlib import suppress

from rich.console import Console
from rich.markup import escape

from baton.runtime.bootstrap import ENGINE_MODULES, load_policies
from baton.runtime.console import start_console
from baton.runtime.doors import start_doors
from baton.runtime.project import discover, open_project
from baton.runtime.settings import Settings, load
from baton.runtime.up import Up, running


def serve(*, json: bool = False) -> None:
    """Run until Ctrl-C, a termination signal or the end of one part. Raises `WentDown` with the reason of the last."""
    settings = load()
    load_policies(
        discover(open_project(settings.project), ENGINE_MODULES)
    )  # before anything starts: what cannot be judged is said at once
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(settings, Console(stderr=json, highlight=False), json))


async def _serve(settings: Settings, console: Console, json: bool) -> None:
    _stop_on_signals()
    with console.status("starting") as status:

        def say(words: str) -> None:
            status.update(escape(words))
            console.print(f"[dim]{escape(words)}[/dim]")

        async with running(settings, replay=True, say=say) as up:
            address = "" if up.found else await start_console(up, say)
            if not up.found:
                await start_doors(up, say)
            status.stop()
            _tell(console, up, json, address)
            if not up.found:
                await up.wait()


def _tell(console: Console, up: Up, json: bool, address: str) -> None:
    for misfit in up.misfits:
        console.print(
            f"[yellow]case {escape(misfit.case)} ({misfit.process}) no longer fits the code:[/yellow] {escape(misfit.why)}"
        )
    if json:
        print(json_module.dumps(facts(up) | {"console": address}), flush=True)
    elif up.found:
        console.print(f"[bold]Baton is running already[/bold] on {up.address}, home {up.settings.home}")
    else:
        console.print(f"[bold]Baton is up[/bold] on {up.address}, home {up.settings.home}; Ctrl-C stops it", soft_wrap=True)
        console.print(f"[bold]The console is at {address}[/bold]", soft_wrap=True)


def facts(up: Up) -> dict[str, object]:
    """What a program wants to know of a running Baton."""
    return {
        "address": up.address,
        "home": str(up.settings.home),
        "found": up.found,
        "workers": {name: child.pid for name, child in up.workers.items()},
        "replayed": up.replayed,
        "no_longer_fit": [misfit.model_dump() for misfit in up.misfits],
    }


def _stop_on_signals() -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
