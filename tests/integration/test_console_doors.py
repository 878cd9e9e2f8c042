"""Who gets in and what they may see: sessions, passwords, form tokens, roles; all refused at the server."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from fastapi.routing import APIRoute

from baton.console import pages
from baton.console.settings import BadConsoleSetting, load_console
from baton.console.signin.accounts import MOST_FAILURES, Accounts, BadPassword
from baton.console.signin.sessions import Sessions
from baton.store import Database
from tests.integration.console_house import STAFF, House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


def routes(house: House) -> list[tuple[str, str]]:
    """Every page and form behind the guard, with made-up names in its path."""
    modules = [import_module(f"{pages.__name__}.{found.name}") for found in iter_modules(pages.__path__)]
    routers = [module.router for module in modules if hasattr(module, "router")]
    found = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return [(method, re.sub(r"{\w+}", "1", route.path)) for route in found for method in route.methods]


def test_no_page_opens_without_signing_in(house: House) -> None:
    stranger = house.browser()
    assert len(routes(house)) >= 15
    for method, path in routes(house):
        answer = stranger.client.request(method, path)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/sign-in"), (method, path)


def test_no_form_counts_without_the_token_of_its_own_session(house: House) -> None:
    marta, jonas = house.browser("marta"), house.browser("jonas")
    forms = [path for method, path in routes(house) if method == "POST"]
    assert len(forms) >= 8
    for path in forms:
        for token in ("", "0" * 64, jonas.token):
            assert marta.client.post(path, data={"csrf": token}).status_code == 403, (path, token)


def test_every_answer_carries_the_strict_policy_and_no_page_holds_inline_code(house: House) -> None:
    marta = house.browser("marta")
    task = house.task(house.file())
    for path in ("/sign-in", "/inbox", f"/tasks/{task.id}", f"/cases/{task.case}", "/nowhere"):
        answer = marta.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:|<script>", answer.text), path


def test_a_session_ends_with_sign_out_and_with_the_person(house: House) -> None:
    marta = house.browser("marta")
    cookie = marta.client.cookies["baton_session"]
    assert marta.post("/sign-out").status_code == 303
    marta.client.cookies.set("baton_session", cookie)
    assert marta.get("/inbox").status_code == 303
    assert house.browser().sign_in("priya").status_code == 403  # not active
    assert house.browser().sign_in("nobody").status_code == 403


def test_a_session_ends_by_time_and_by_rest(sqlite_database: Database, tmp_path: Path) -> None:
    house = House(sqlite_database, tmp_path / "home", settings={"idle_minutes": 1e-9})
    resting = house.app.state.sessions
    assert resting.find(resting.begin(STAFF[0].id, "demo")) is None
    short = Sessions(sqlite_database, hours=1e-9, idle_minutes=60)
    assert short.find(short.begin(STAFF[0].id, "demo")) is None
    long = Sessions(sqlite_database, hours=1, idle_minutes=60)
    assert long.find(long.begin(STAFF[0].id, "demo")) is not None


def test_the_cookie_is_not_what_the_database_holds(house: House, sqlite_database: Database) -> None:
    marta = house.browser("marta")
    with sqlite_database.read() as connection:
        kept = connection.exec_driver_sql("SELECT id FROM console_session").scalar()
    assert marta.client.cookies["baton_session"] not in str(kept)


def test_a_password_is_needed_where_it_is_set_and_too_many_wrong_ones_lock_the_account(
    sqlite_database: Database, tmp_path: Path
) -> None:
    house = House(sqlite_database, tmp_path / "home", settings={"sign_in": "local"})
    accounts = Accounts(sqlite_database)
    with pytest.raises(BadPassword, match="at least 12"):
        accounts.set("marta", "short")  # type: ignore[arg-type]
    assert accounts.set("marta", "a long enough password") == "marta@example.com"  # type: ignore[arg-type]
    browser = house.browser()
    assert browser.sign_in("marta").status_code == 403  # no chooser here
    for _ in range(MOST_FAILURES):
        assert browser.sign_in("", login="marta@example.com", password="wrong").status_code == 403
    locked = browser.sign_in("", login="marta@example.com", password="a long enough password")
    assert "locked" in locked.text
    accounts.set("marta", "another long password")  # type: ignore[arg-type]
    assert browser.sign_in("", login="Marta@example.com", password="another long password").status_code == 303


def test_demo_accounts_are_refused_where_others_could_reach_them() -> None:
    for given in ({"host": "0.0.0.0"}, {"url": "https://baton.example"}):
        with pytest.raises(BadConsoleSetting, match="for this machine alone"):
            load_console(**given)


def test_signing_in_leads_to_no_other_site(house: House) -> None:
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = house.browser().sign_in("marta", to=to)
        assert answer.headers["location"] == "/"


def test_a_case_is_for_the_departments_it_has_been_in_and_for_those_who_watch(house: House) -> None:
    task = house.task(house.file())
    paths = [f"/cases/{task.case}", f"/tasks/{task.id}", f"/cases/{task.case}/papers/{'0' * 64}/file"]
    for path in paths[:2]:
        assert house.browser("kwame").get(path).status_code == 403
        assert house.browser("ruth").get(path).status_code == 200
        assert house.browser("beatrix").get(path).status_code == 200
    assert house.browser("kwame").get(paths[2]).status_code == 403
    assert house.browser("ruth").get(paths[2]).status_code == 404
    assert "WC-1001" not in house.browser("kwame").get("/jump?q=WC-1001").text.replace("“WC-1001”", "")
    assert "/cases/WC-1001" in house.browser("lena").get("/jump?q=WC-1001").text


def test_a_document_of_another_case_is_not_shown_under_this_one(house: House) -> None:
    one, other = house.file(), house.file("Another")
    with house.database.read() as connection:
        from baton.cases import store

        mine = {document.id for document in store.documents(connection, one)}
        theirs = next(document.id for document in store.documents(connection, other) if document.id not in mine)
    ruth = house.browser("ruth")
    assert ruth.get(f"/cases/{other}/papers/{theirs}/file").status_code == 200
    assert ruth.get(f"/cases/{one}/papers/{theirs}/file").status_code == 404


def test_pages_come_as_pictures_and_files_only_as_downloads(house: House) -> None:
    task = house.task(house.file())
    marta = house.browser("marta")
    address = re.search(r'src="(/cases/[^"]+\.webp)"', marta.get(f"/tasks/{task.id}").text)
    assert address
    picture = marta.get(address[1])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    file = marta.get(address[1].rsplit("/", 1)[0] + "/file")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-security-policy"] == "sandbox"
