"""Sets the demo's house up: samples rendered, everything started, and at the end the ledger verified."""

import asyncio
import importlib
import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from baton.demo.players import Players
from baton.demo.shown import Shown, shown
from baton.demo.stories import Run
from baton.errors import BatonError
from baton.runtime.bootstrap import ENGINE_MODULES, build
from baton.runtime.lock import running_at
from baton.runtime.project import discover, open_project
from baton.runtime.settings import Settings
from baton.runtime.up import running

MARK = "demo"
"""A file in a home that a demo filled: the next demo may clear it. A home with real work is never touched."""

Say = Callable[[str], None]


class NoSamples(BatonError):
    """This project has no samples to run."""


def home_for(settings: Settings) -> Path:
    """The settings' own home when nothing but an earlier demo ran there, else a folder inside it."""
    home = settings.home
    fresh = not (home / "baton.db").exists()
    if running_at(home) is None and (fresh or (home / MARK).exists()):
        return home
    return home / "demo"


async def demo(settings: Settings, say: Say, progress: Callable[[int, int], None]) -> Shown:
    """Run all samples; ends by itself. Raises `NoSamples` in a project without `samples/`."""
    began = time.monotonic()
    _clear(settings.home)
    render, stories = _samples(settings)
    out, today = settings.home / "samples", date.today()
    render.render_company(out, today)
    os.environ["BATON_COMPANY_SEED"] = str(out / "company")
    # The messages are drawn, and what plays the staff is loaded, while everything starts.
    rendering = asyncio.create_task(asyncio.to_thread(render.render_all, out, today))
    loading = asyncio.create_task(asyncio.to_thread(discover, settings.project, ENGINE_MODULES))
    async with running(settings, say=say, environment={"BATON_COMPANY_SEED": os.environ["BATON_COMPANY_SEED"]}) as up:
        say("rendering the sample messages")
        await asyncio.gather(rendering, loading)
        runs = [Run(one) for one in stories.load_stories()]
        runtime = build(settings)
        try:
            await Players(runtime, await up.client(), runs, progress).play()
            say("verifying the ledger")
            return await asyncio.to_thread(shown, runtime, runs, began)
        finally:
            runtime.close()


def _clear(home: Path) -> None:
    """Begin anew; only ever in a home that a demo filled."""
    if (home / MARK).exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text("filled by `baton demo`, cleared by the next one\n")


def _samples(settings: Settings) -> tuple[Any, Any]:
    """The project's modules that render samples and tell their stories."""
    open_project(settings.project)
    try:
        return importlib.import_module("samples.render"), importlib.import_module("samples.story")
    except ModuleNotFoundError as error:
        raise NoSamples("this project has no `samples/`: submit messages of your own with `baton submit`") from error
