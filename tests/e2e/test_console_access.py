"""axe-core finds nothing on any page, light and dark, wide and narrow; and no page scrolls sideways."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from baton.console import build
from baton.store import Database
from tests.e2e.stage import Seat, axe, browsing, served
from tests.integration.console_house import House

pytestmark = pytest.mark.long
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" || ")}`)"""


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[tuple[Seat, list[str]]]:
    assert build.ensure()
    home = tmp_path_factory.mktemp("console")
    (home / "baton.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{home / 'baton.db'}")
    house = House(database, home)
    case = house.file()
    task, hard = house.task(case, "389.00", hours=1, in_warranty=False), house.task(case, "640.00", hours=30)
    paths = [
        "/inbox",
        f"/tasks/{task.id}",
        f"/tasks/{hard.id}",
        "/inbox?view=team",
        "/inbox?view=waiting",
        f"/cases/{case}",
        "/jump?q=WC",
        "/nowhere",
    ]
    with browsing() as browser, served(house) as address:
        yield Seat(browser, address), paths
    database.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1560, 1280, 400])
def test_nothing_stands_in_anybodys_way(seat: tuple[Seat, list[str]], width: int, dark: bool) -> None:
    at, paths = seat
    page = at.sit("marta", width=width, dark=dark)
    found = {path: said for path in paths if (said := violations(page, at.address + path))}
    page.context.clear_cookies()
    if said := violations(page, f"{at.address}/sign-in"):
        found["/sign-in"] = said
    assert found == {}
    assert at.complaints == []


def violations(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.evaluate(axe())  # by the debugger, which no policy of the page stops
    found = list(page.evaluate(_RUN))
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [*found, *([f"the page is {wide} wide on {shown}"] if wide > shown else [])]
