"""Who gets in and what they may see: sessions, passwords, form tokens, roles; all refused at the server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from baton.console.security import guard
from baton.console.settings import BadConsoleSetting, load_console
from baton.console.signin.accounts import MOST_FAILURES, Accounts, BadPassword
from baton.console.signin.sessions import Sessions
from baton.store import Database
from tests.integration.console_house import STAFF, House
from tests.integration.console_record import judged


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


OPEN = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/oidc"),
    ("GET", "/sign-in/oidc/back"),
    ("GET", "/sign/{link}"),  # a customer's own link, which is its own key
    ("POST", "/sign/{link}"),
    ("GET", "/sign/{link}/contract.pdf"),
    ("GET", "/sign/{link}/{number}.webp"),
    ("GET", "/status/{link}"),  # how a case stands, for whoever wrote
}
"""Pages for whoever has not signed in; each holds for itself what it lets in, and each is a decision to be made here."""
ROLES = {
    ("GET", "/audit"): "beatrix",
    ("POST", "/audit/verify"): "beatrix",
    ("POST", "/audit/export"): "beatrix",
    ("GET", "/audit/checkpoint"): "beatrix",
    ("GET", "/numbers"): "beatrix ruth",
    ("GET", "/decisions/{id}/file"): "beatrix",
    ("GET", "/decisions/{id}/row.csv"): "beatrix",
    ("GET", "/hand-in"): "lena",
    ("POST", "/hand-in"): "lena",
    ("GET", "/aside"): "lena",
    ("POST", "/aside/back"): "lena",
    ("POST", "/stop"): "beatrix",
    ("POST", "/stop/resume"): "beatrix",
}
"""Who of the staff gets through where a role is asked for."""
OF_A_CASE = re.compile(r"^/(cases|tasks|decisions|audit/traces|customers)/{")
"""What is for those who may look at the case, or at one of the customer's."""
FOR_EVERYBODY = {
    "/",
    "/inbox",
    "/inbox/approve",
    "/inbox/assign",
    "/jump",
    "/live",
    "/me/look",
    "/me/away",
    "/me/back",
    "/sign-out",
    "/stop",
}
"""What everybody signed in has: their own list, their own settings. Everything in it is asked of the policies piece by piece."""
OWN_ANSWERS = {"/answers/{id}/withdraw", "/questions/{id}/answer"}
"""What only the person concerned can do, tested with what it is about."""


def walked(house: House) -> Iterator[tuple[str, str, bool]]:
    """Every page and form that the application serves, by method and path, and whether it stands behind the guard."""
    for route in house.app.routes:
        if isinstance(route, Mount):
            assert route.path in ("/static", "/api/v1"), route.path  # files, and the API, which has walks of its own
            continue
        guarded = any(one.dependency is guard for one in route.include_context.dependencies)  # type: ignore[attr-defined]
        for page in route.original_router.routes:  # type: ignore[attr-defined]
            assert isinstance(page, APIRoute)
            yield from ((method, page.path, guarded) for method in page.methods)


def routes(house: House) -> list[tuple[str, str]]:
    """Those behind the guard, with made-up names in their paths."""
    return [(method, re.sub(r"{\w+}", "1", path)) for method, path, guarded in walked(house) if guarded]


def test_every_page_is_behind_the_guard_but_those_that_were_chosen(house: House) -> None:
    assert {(method, path) for method, path, guarded in walked(house) if not guarded} == OPEN


def test_a_link_that_nobody_was_given_opens_nothing(house: House) -> None:
    for who in (house.browser(), house.browser("beatrix")):
        for method, path in OPEN:
            if path.startswith(("/sign/", "/status/")):
                there = path.replace("{link}", "made-up").replace("{number}", "1")
                assert who.client.request(method, there).status_code in (404, 410), (method, path)


def test_every_page_refuses_whoever_has_not_its_role(house: House) -> None:
    """A page that is new has to be placed here first."""
    task = house.task(house.file())
    verdict = judged(house, task)
    house.belongs(task.case, "C-1")
    ids = {"case": task.case, "page": "1"}
    browsers = {who: house.browser(who) for who in ("marta", "ruth", "kwame", "beatrix")}
    for method, path, _ in (one for one in walked(house) if one[2]):
        if path in FOR_EVERYBODY | OWN_ANSWERS and (method, path) not in ROLES:
            continue
        named = {"/decisions": verdict.id, "/tasks": task.id, "/customers": "C-1"}
        about = next((id for start, id in named.items() if path.startswith(start)), task.case)
        there = re.sub(r"{(\w+)}", lambda name: ids.get(name[1], about), path)  # noqa: B023  # used at once
        needed = ROLES.get((method, path)) or ("orla" if path.startswith("/integrations") else None)
        assert needed or OF_A_CASE.match(path), f"say who may: {method} {path}"
        for who in (set(browsers) - set(needed.split())) if needed else {"kwame"}:
            form = {"csrf": browsers[who].token, "form": "json", "says": "approve", "words": "x", "effect": "d-x", "reason": "x"}
            answer = browsers[who].client.request(method, there, data=form if method == "POST" else None)
            assert answer.status_code == 403, (who, method, path, answer.status_code)


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
