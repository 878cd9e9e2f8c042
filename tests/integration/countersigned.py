"""A contract before its reader: a console, one case, and the personal link that its customer was sent."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

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
