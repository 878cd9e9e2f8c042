"""Real Chromium: a customer reads a contract behind a personal link and signs it, in any light and on any screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from baton.store import Database
from tests.e2e.stage import looked_at, served
from tests.integration.countersigned import Page

pytestmark = pytest.mark.long


@pytest.fixture
def paper(sqlite_database: Database, tmp_path: Path) -> Page:
    (tmp_path / "home" / "keys").mkdir(parents=True)
    return Page(sqlite_database, tmp_path / "home")


def test_the_reader_signs_with_name_and_consent_and_nothing_stands_in_the_way(browser: Browser, paper: Page) -> None:
    with served(paper) as address:
        page = browser.new_page(locale="en-GB")
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        found = looked_at(page, f"{address}/sign/{paper.link}")
        page.get_by_role("button", name="Sign the contract").click()
        expect(page.get_by_role("alert")).to_be_visible()  # neither name nor consent
        page.get_by_label("Your name, as it stands above").fill("Mara Lindqvist")
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Sign the contract").click()
        expect(page.get_by_role("status")).to_contain_text("You signed on")
        expect(page.get_by_role("button")).to_have_count(0)
        found |= looked_at(page, f"{address}/sign/{paper.link}") | looked_at(page, f"{address}/sign/made-up")
        status = paper.links.to_case(paper.case)
        found |= looked_at(page, f"{address}/status/{status}") | looked_at(page, f"{address}/status/made-up")
        page.close()
    assert sorted(f"{where}: {one}" for where, said in found.items() for one in said) == []
    assert complaints == []
    assert [message.subject for message in paper.heard.messages] == ["Signed"]


def test_a_german_browser_is_answered_in_german(browser: Browser, paper: Page) -> None:
    with served(paper) as address:
        context = browser.new_context(locale="de-DE")
        page = context.new_page()
        page.goto(f"{address}/sign/{paper.link}")
        expect(page.get_by_role("button", name="Vertrag unterschreiben")).to_be_visible()
        context.close()
