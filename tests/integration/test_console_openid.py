"""Signing in by OpenID Connect: against a provider that signs for real, and one that is lied in the name of."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from joserfc.jwk import RSAKey

from baton.cases import store
from baton.store import Database
from baton.types.people import Person
from tests.integration.console_house import Browser, House
from tests.integration.openid_provider import CLIENT, SECRET, Provider, providing


@pytest.fixture(scope="module")
def at_provider() -> Iterator[Provider]:
    with providing() as one:
        yield one


@pytest.fixture
def provider(at_provider: Provider) -> Provider:
    at_provider.person, at_provider.lies, at_provider.signs_with = (
        {"email": "marta@example.com", "email_verified": True},
        {},
        None,
    )
    return at_provider


@pytest.fixture
def house(provider: Provider, sqlite_database: Database, tmp_path: Path) -> House:
    settings = {"sign_in": "oidc", "oidc_issuer": provider.address, "oidc_client": CLIENT, "oidc_secret": SECRET}
    claims = {"oidc_roles": "groups", "oidc_department": "department"}
    return House(sqlite_database, tmp_path / "home", settings=settings | claims)


def comes_back(house: House, provider: Provider, to: str = "/inbox") -> tuple[Browser, Response]:
    """Off to the provider, who says yes, and back."""
    browser = house.browser()
    assert "/sign-in/oidc?to=" in browser.get("/sign-in").text
    leaves = browser.client.get("/sign-in/oidc", params={"to": to})
    assert leaves.status_code == 303
    return browser, browser.client.get(provider.sign_in(leaves.headers["location"]))


def somebody(house: House, id: str) -> Person:
    with house.database.read() as connection:
        return next(one for one in store.people(connection) if one.id == id)


def test_whoever_the_provider_knows_is_let_in_to_the_page_they_wanted(house: House, provider: Provider) -> None:
    browser, back = comes_back(house, provider, "/inbox?view=team")
    assert (back.status_code, back.headers["location"]) == (303, "/inbox?view=team")
    assert "Marta Wiśniewska" in browser.get("/inbox").text
    assert comes_back(house, provider, "https://evil.example/")[1].headers["location"] == "/"


def test_roles_and_department_follow_the_claims_and_with_them_what_one_may(house: House, provider: Provider) -> None:
    task = house.task(house.file(), "640.00")  # beyond a handler's limit
    browser, _ = comes_back(house, provider)
    assert 'value="approve"' not in browser.get(f"/tasks/{task.id}").text
    provider.person |= {"groups": ["claims-manager"], "department": "claims"}
    browser, _ = comes_back(house, provider)
    assert somebody(house, "marta").roles == {"claims-manager"}
    assert 'value="approve"' in browser.get(f"/tasks/{task.id}").text
    provider.person |= {"groups": [], "department": "quality"}
    browser, _ = comes_back(house, provider)
    changed = somebody(house, "marta")
    assert (changed.department, changed.roles) == ("quality", frozenset())
    assert 'value="approve"' not in browser.get(f"/tasks/{task.id}").text


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"exp": int(time.time()) - 3600},
        {"email": "nobody@example.com"},
        {"email": "priya@example.com"},
        {"email_verified": False},
        {"email": ""},
    ],
    ids=["nonce", "issuer", "audience", "expired", "unknown", "not active", "not verified", "nameless"],
)
def test_what_does_not_fit_opens_nothing(house: House, provider: Provider, lie: dict[str, object]) -> None:
    provider.lies = lie
    browser, back = comes_back(house, provider)
    assert back.status_code == 403
    assert "baton_session" not in browser.client.cookies
    assert browser.get("/inbox").status_code == 303


def test_a_token_that_another_key_signed_opens_nothing(house: House, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    browser, _ = comes_back(house, provider)
    assert browser.get("/inbox").status_code == 303


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(house: House, provider: Provider) -> None:
    browser, other = house.browser(), house.browser()
    back = provider.sign_in(browser.client.get("/sign-in/oidc").headers["location"])
    assert other.client.get(back).status_code == 403  # another browser: it never left with this state
    assert browser.client.get(back.replace("state=", "state=x")).status_code == 403
    assert browser.client.get(back).status_code == 303
    assert browser.client.get(back).status_code == 403


def test_there_is_no_other_way_in(house: House) -> None:
    stranger = house.browser()
    stranger.get("/sign-in")
    token = house.app.state.tokens.of(stranger.client.cookies["baton_sign_in"])
    assert stranger.client.post("/sign-in", data={"csrf": token, "person": "marta"}).status_code == 403
