"""Writes a picture of every page of the console, light and dark: `python -m tests.e2e.shots [OUT] [ADDRESS]`.

Without an address it fills a home of its own with the sample messages, leaves what waits for people open, and serves that.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.stage import Seat, browsing

PROJECT = Path(__file__).parents[2]
WIDE, MIDDLE, PHONE = (1560, 960), (1280, 800), (400, 840)


def main(out: Path, address: str = "") -> None:
    """Take them all."""
    out.mkdir(parents=True, exist_ok=True)
    with browsing() as browser:
        if address:
            return take(browser, address, out)
        with living(out / "home") as address:
            take(browser, address, out)
            show_customers(browser, address, out, out / "home" / "outbox")


def take(browser: Browser, address: str, out: Path) -> None:
    """Every page that a handler, a manager and an auditor meet."""
    seat = Seat(browser, address)
    for dark in (False, True):
        look = "dark" if dark else "light"
        for size in (WIDE, MIDDLE, PHONE):
            for who, paths in pages(seat):
                page = seat.sit(who, width=size[0], height=size[1], dark=dark)
                for name, path in paths.items():
                    shoot(page, address + path, out / f"{name}-{size[0]}-{look}.png")
                page.context.close()
    fresh = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
    shoot(fresh, f"{address}/sign-in", out / "sign-in-1560-light.png")
    for complaint in seat.complaints:
        print(complaint, file=sys.stderr)


def pages(seat: Seat) -> Iterator[tuple[str, dict[str, str]]]:
    """Who opens which page: the first task of each kind, its case and trace, decisions of each kind."""
    page = seat.sit("beatrix")
    page.goto(f"{seat.address}/audit")
    kinds = {}
    for kind in ("verdict", "answer", "effect", "finding"):
        page.goto(f"{seat.address}/audit?kind={kind}")
        if link := page.query_selector('th a[href^="/decisions/"]'):
            kinds[f"decision-{kind}"] = str(link.get_attribute("href"))
    page.goto(f"{seat.address}/audit?kind=effect")
    case = page.query_selector('td a[href^="/cases/"]')
    place = str(case.get_attribute("href")) if case else "/cases/none"
    page.goto(seat.address + place)
    whose = page.query_selector('a[href^="/customers/"]')
    customer = str(whose.get_attribute("href")) if whose else "/customers/none"
    page.context.close()
    seen = {"case": place, "trace": f"/audit/traces/{place.rpartition('/')[2]}", "customer": customer}
    yield (
        "beatrix",
        {"audit": "/audit", "audit-nothing": "/audit?q=nonsense", "numbers": "/numbers", "stop": "/stop"} | kinds | seen,
    )
    yield "emeka", {"inbox": "/inbox", "team": "/inbox?view=team", "narrow": "/inbox?view=team&narrow=1", "away": "/me/away"}
    yield "ruth", {"nothing": "/inbox", "jump": "/jump?q=WC-10", "missing": "/nowhere"}
    yield "lena", {"aside": "/aside", "hand-in": "/hand-in"}
    yield "orla", {"integrations": "/integrations"}
    yield "beatrix", {"order": "/cases/PO-1001", "contract": "/cases/CS-1001"}
    yield "sigrid", {"question": "/inbox", "waiting": "/inbox?view=waiting"}
    yield "gerard", {"finance": "/inbox"}


def show_customers(browser: Browser, address: str, out: Path, letters: Path) -> None:
    """What customers open by the links in their letters: the first of each kind."""
    mails = (message_from_bytes(file.read_bytes(), policy=default) for file in sorted(letters.glob("*.eml")))
    text = "\n".join(body.get_content() for mail in mails if (body := mail.get_body(("plain",))))
    for path in filter(None, (re.search(rf"/{name}/\S+", text) for name in ("sign", "status"))):
        for width, height in (WIDE, PHONE):
            for dark in (False, True):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
                name = f"customer-{path[0].split('/')[1]}-{width}-{'dark' if dark else 'light'}.png"
                shoot(page, address + path[0], out / name)
                page.close()


def shoot(page: Page, address: str, file: Path) -> None:
    """One page as it stands when everything has come."""
    page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_timeout(250)
    page.screenshot(path=file, full_page=True)


@contextmanager
def living(home: Path) -> Iterator[str]:
    """A Baton that is up over the sample messages, with everything decided by nobody."""
    samples = home / "samples"
    subprocess.run([sys.executable, "-m", "samples.render", "--out", str(samples)], cwd=PROJECT, check=True)
    environment = {
        **os.environ,
        "BATON_HOME": str(home),
        "BATON_COMPANY_SEED": str(samples / "company"),
        "BATON_CONSOLE_PORT": "0",
    }
    baton = [sys.executable, "-m", "baton.cli"]
    up = subprocess.Popen([*baton, "up", "--json"], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert up.stdout is not None
        address = str(json.loads(up.stdout.readline())["console"])
        submit = [*baton, "submit", "--wait", str(samples / "inbox")]
        subprocess.run(submit, cwd=PROJECT, env=environment, check=True, timeout=600)
        yield address
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".baton/shots"), *sys.argv[2:3])
