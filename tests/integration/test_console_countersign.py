"""The page behind a personal link: only its reader answers, once, until it ends; and nobody signs in."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from baton.cases import store
from baton.store import Database
from baton.types.cases import Outcome
from tests.integration.countersigned import Page


@pytest.fixture
def page(sqlite_database: Database, tmp_path: Path) -> Page:
    (tmp_path / "home" / "keys").mkdir(parents=True)
    return Page(sqlite_database, tmp_path / "home")


def test_the_reader_sees_what_is_to_be_signed_and_no_browser_keeps_or_runs_anything(page: Page) -> None:
    shown = page.browser.get(f"/sign/{page.link}")
    assert shown.status_code == 200
    for words in ("Mara Lindqvist", "Hotel &lt;Zeezicht&gt;", "4,800.00 EUR", page.paper.id, f"/sign/{page.link}/2.webp"):
        assert words in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert "script-src 'self'" in shown.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick=", shown.text)


def test_the_reader_reads_the_pages_and_keeps_the_very_file(page: Page) -> None:
    assert page.browser.get(f"/sign/{page.link}/2.webp").headers["Content-Type"] == "image/webp"
    assert page.browser.get(f"/sign/{page.link}/contract.pdf").content == page.documents.read(page.paper.id)


def test_the_reader_signs_once_and_the_case_hears_it(page: Page) -> None:
    signed = page.answer(says="sign", name="mara lindqvist", agreed="yes")
    assert (signed.status_code, "You signed on" in signed.text) == (200, True)
    again = page.answer(says="decline", name="Mara Lindqvist", reason="no after all")
    assert "You signed on" in again.text
    with page.database.read() as connection:
        filed = store.messages(connection, page.case)[1:]
    assert [(one.subject, one.sender) for one in filed] == [("Signed", "mara@hotel.example")]
    assert page.heard.messages == filed
    said = page.links.unsealed(page.documents.read(filed[0].source.id))
    assert said is not None
    assert (said.says, said.name, said.document) == ("sign", "mara lindqvist", page.paper.id)


def test_the_reader_declines_with_a_reason(page: Page) -> None:
    assert page.answer(says="decline", name="Mara Lindqvist").status_code == 422
    assert "You declined on" in page.answer(says="decline", name="Mara Lindqvist", reason="too dear").text
    assert page.heard.messages[0].subject == "Declined"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"says": "sign", "name": "Mara Lindqvist"}, "Tick the box"),
        ({"says": "sign", "name": "Somebody Else", "agreed": "yes"}, "for Mara Lindqvist alone"),
        ({"says": "sign", "name": "", "agreed": "yes"}, "for Mara Lindqvist alone"),
        ({"says": "burn", "name": "Mara Lindqvist", "agreed": "yes"}, "Choose whether"),
        ({"says": "decline", "name": "Mara Lindqvist", "reason": "x" * 501}, "too long"),
        ({"says": "sign", "name": "Mara Lindqvist", "agreed": "yes", "csrf": "0" * 64}, "open for too long"),
    ],
)
def test_nothing_is_said_by_a_form_that_is_not_complete_or_not_the_readers(page: Page, said: dict[str, str], words: str) -> None:
    refused = page.answer(**said)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert page.heard.messages == []


def test_another_site_cannot_send_the_form(page: Page) -> None:
    elsewhere = TestClient(page.app, base_url="http://console.test")
    sent = elsewhere.post(f"/sign/{page.link}", data={"says": "sign", "name": "Mara Lindqvist", "agreed": "yes"})
    assert sent.status_code == 422
    assert page.heard.messages == []


def test_a_link_that_is_not_ours_has_ended_or_whose_case_is_closed_shows_nothing(page: Page) -> None:
    forged = page.link[:-1] + ("A" if page.link[-1] != "A" else "B")
    ended = page.links.to(page.invited(days=-1))
    with page.database.write() as connection:
        store.close(connection, page.case, Outcome(result="expired"))
    for link, status in ((forged, 404), (ended, 410), (page.link, 410), ("x", 404)):
        for path in ("", "/contract.pdf", "/1.webp"):
            answered = page.browser.get(f"/sign/{link}{path}")
            assert answered.status_code in (status, 410)
            assert "4,800.00" not in answered.text
