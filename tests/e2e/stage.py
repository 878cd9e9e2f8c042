"""A console that a real browser can reach, and the browser; both on this machine alone."""

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from baton.console.build import npm

CACHE = Path(__file__).parent / ".cache"
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" || ")}`)"""


class HasApp(Protocol):
    """Whatever has a console to serve."""

    app: FastAPI


def chromium() -> str:
    """The browser of this machine; without one there is nothing to drive."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium: `apt install chromium`")
    return found


@contextmanager
def served(house: HasApp) -> Iterator[str]:
    """The console of this house, served; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(house.app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Seat:
    """Somebody before a screen; whatever the browser complains about is kept."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def sit(self, who: str, *, width: int = 1560, height: int = 960, dark: bool = False) -> Page:
        """Sign in as somebody and see the inbox."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}/sign-in")
        page.click(f'button[value="{who}"]')
        page.wait_for_url("**/inbox")
        return page

    def leave(self) -> None:
        """Everybody goes home."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def press(page: Page, *keys: str) -> None:
    """As on a keyboard, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def eventually(what: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until it is so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.3)


def axe() -> str:
    """The source of axe-core, fetched once."""
    kept = CACHE / "axe.min.js"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as work:
            npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Path(work), 240)
            shutil.copy(Path(work) / "node_modules" / "axe-core" / "axe.min.js", kept)
    return kept.read_text()


def looked_at(page: Page, address: str) -> dict[str, list[str]]:
    """One load, looked at in every width and in both lights; by the debugger, which no policy of the page stops."""
    page.set_viewport_size({"width": 1560, "height": 960})
    page.goto(address)
    page.evaluate(axe())
    found = {}
    for width in (1560, 1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)  # type: ignore[arg-type]  # one of its own words
            found[f"{address} {width} {light}"] = list(page.evaluate(_RUN))
    for width in (320, 3840):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[f"{address} {width}"] = [f"the page is {wide} wide"] if wide > width else []
    return found
