"""The page behind a personal link: only its reader answers, once, until it ends; and nobody signs in."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contract_office import policies
from fastapi.testclient import TestClient
from reportlab.pdfgen.canvas import Canvas

from baton.cases import store
from baton.cases.clock import now
from baton.console.app import create_app
from baton.console.bench import Bench
from baton.console.settings import load_console
from baton.documents.store import FolderStore
from baton.governance.engine import Engine
from baton.governance.stamps import SignIn
from baton.ledger import Keys, Ledger
from baton.links import Invitation, Links, file_invitation
from baton.store import Database
from baton.types.cases import Outcome
from baton.types.documents import Document, Message
from baton.types.ids import CaseId


class Heard:
    """What the running case hears, without the server between."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def get_workflow_handle(self, case: str) -> "Heard":
        return self

    async def signal(self, name: str, message: Message) -> None:
        assert name == "message"
        self.messages.append(message)


class Page:
    """A console with one case whose customer was sent a link."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database, self.documents, self.links, self.heard = database, FolderStore.from_home(home), Links(home), Heard()
        sign_in = SignIn.at(home)
        engine = Engine(
            database=database, ledger=Ledger(database, Keys(home)), policies=policies(), stamps=sign_in.checker(),
            declarations={}, prefixes={"contract_signing": "CS"},
        )  # fmt: skip

        async def connect() -> Any:
            return self.heard

        console = load_console()
        self.app = create_app(Bench(engine, self.documents, sign_in, console, home, connect))
        self.paper, self.case = self._paper(home), self._case()
        self.link = self.links.to(self.invited())
        self.browser = TestClient(self.app, base_url="http://console.test", follow_redirects=False)

    def _paper(self, home: Path) -> Document:
        file = home / "c.pdf"
        canvas = Canvas(str(file), invariant=1)
        for number in (1, 2):
            canvas.drawString(80, 700, f"Page {number} of the contract")
            canvas.showPage()
        canvas.save()
        return self.documents.put(file.read_bytes(), "c.pdf", "application/pdf")

    def _case(self) -> CaseId:
        body = self.documents.put(b"yes", "m.txt", "text/plain")
        first = Message(id="<1@x>", sender="mara@hotel.example", subject="Yes", received=now(), source=body, body=body)
        with self.database.write() as connection:
            return store.register(connection, "contract_signing", "CS", first)[0]

    def invited(self, days: float = 14) -> Any:
        invitation = Invitation(
            case=self.case, reference="d-1", reader="Mara Lindqvist", address="mara@hotel.example",
            organisation="Hotel <Zeezicht>", sender="Wrenfield & Oake", title="Service of kettles",
            document=self.paper, shown=(("Value", "4,800.00 EUR"),),
            expires=now() + timedelta(days=days),
        )  # fmt: skip
        return file_invitation(invitation, self.documents)

    def answer(self, **said: str) -> Any:
        """Open the page and send its form."""
        page = self.browser.get(f"/sign/{self.link}")
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        return self.browser.post(f"/sign/{self.link}", data={"csrf": token[1] if token else "", **said})


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
