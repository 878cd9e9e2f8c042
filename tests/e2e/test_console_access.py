"""axe-core finds nothing on any page, light and dark, wide and narrow; no page scrolls sideways, and none is forgotten."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from baton.cases import store
from baton.console import pages
from baton.console.asking import ask
from baton.console.signin.visitor import Visitor
from baton.governance.declare import KnowsCustomers
from baton.store import Database
from baton.types.customers import Bought, KnownCustomer
from baton.types.money import Money
from tests.e2e.stage import Seat, looked_at, served
from tests.integration.console_house import STAFF, House, person
from tests.integration.console_record import answered, judged, put_aside, taken_back, written

pytestmark = pytest.mark.long
NOT_PAGES = re.compile(r"^/$|/live|\.webp$|/file$|/proof$|\.pdf$|\.csv$|/checkpoint$|^/sign-in/oidc|/tasks/{id}/decision")
"""What is a file, a part of a page, or leads elsewhere."""
WHO = {
    "/audit": "beatrix",
    "/decisions": "beatrix",
    "/numbers": "beatrix",
    "/stop": "beatrix",
    "/cases": "ruth",
    "/customers": "ruth",
    "/integrations": "orla",
    "/aside": "lena",
    "/hand-in": "lena",
}


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, browser: Browser) -> Iterator[tuple[Seat, list[str]]]:
    home = tmp_path_factory.mktemp("console")
    (home / "baton.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{home / 'baton.db'}")
    house = House(database, home)
    with database.write() as connection:
        store.keep_people(connection, [person("orla", "Orla Finnegan", "operations", "operations-manager")])
    object.__setattr__(house.bench, "systems", (KnowsCustomers("erp", kettles, frozenset({"erp.issue_gift_card"})),))
    put_aside(house, "A million waits for you")
    case = house.belongs(house.file(), "C-1")
    task, hard = house.task(case, "389.00", hours=1, in_warranty=False), house.task(case, "640.00", hours=30)
    verdict = judged(house, task)
    answered(house, task, verdict)
    taken_back(house, task, written(house, task, verdict))
    ask(Visitor(STAFF[2], "", "", "", house.bench), task.id, "marta", "Is the receipt really ours?")
    names = {"/cases": case, "/tasks": task.id, "/decisions": verdict.id, "/audit/traces": case, "/customers": "C-1"}
    found = addresses(names)
    more = [f"/tasks/{hard.id}", "/inbox?view=team&narrow=1", "/inbox?view=waiting", "/audit?q=nonsense", "/jump?q=WC"]
    with served(house) as address:
        yield Seat(browser, address), [*found, *more, "/nowhere"]
    database.close()


async def kettles(customer: str) -> KnownCustomer:
    """What a system of record knows of anybody."""
    price = Money(amount=Decimal("389.00"), currency="EUR")
    kettle = Bought(number="SO-1", what="Pebble Kettle", on=date(2026, 3, 2), price=price, more={"serial": "4Q7"})
    return KnownCustomer(name="Ilse de Wit", email="ilse@example.org", tier="gold", active=False, bought=(kettle,))


def addresses(ids: dict[str, str]) -> list[str]:
    """Every page behind the guard: one that is new and has no example here fails the test."""
    modules = [import_module(f"{pages.__name__}.{found.name}") for found in iter_modules(pages.__path__)]
    routes = [route for module in modules if hasattr(module, "router") for route in module.router.routes]
    paths = [route.path for route in routes if isinstance(route, APIRoute) and "GET" in route.methods]
    return [re.sub(r"{\w+}", _example(path, ids), path) for path in paths if not NOT_PAGES.search(path)]


def _example(path: str, ids: dict[str, str]) -> str:
    return ids[path.partition("/{")[0]] if "{" in path else ""


def test_nothing_stands_in_anybodys_way(seat: tuple[Seat, list[str]]) -> None:
    at, paths = seat
    assert len(paths) >= 14
    screens: dict[str, Page] = {}
    found: dict[str, list[str]] = {}
    for path in paths:
        who = next((who for start, who in WHO.items() if path.startswith(start)), "marta")
        screen = screens.get(who) or screens.setdefault(who, at.sit(who))
        found |= looked_at(screen, at.address + path)
    stranger = at.contexts[0].new_page()
    stranger.context.clear_cookies()
    found |= looked_at(stranger, f"{at.address}/sign-in")
    assert sorted({f"{where}: {one}" for where, said in found.items() for one in said}) == []
    assert at.complaints == []
    at.leave()


def test_a_session_at_work_breaks_no_policy_of_the_page(seat: tuple[Seat, list[str]]) -> None:
    """The keys, the filter and the dialogs are used while the console is listened to."""
    at, _ = seat
    page = at.sit("marta")
    for key in ("f", "?", "Escape", "Control+k", "Escape", "q", "Escape", "e", "j", "k", "x"):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    assert at.complaints == []
    at.leave()
