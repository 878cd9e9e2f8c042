"""The front door of this project with everything behind it but cases: messages are filed and started, nobody works on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import func, select
from temporalio.client import Client

from baton.cases import store
from baton.cases import tables as t
from baton.documents.store import open_store
from baton.doors.taking import Taking
from baton.runtime.settings import load
from baton.runtime.up import running
from baton.store import Database
from baton.types.documents import Message
from baton.types.ids import CaseId


class Front:
    """What came in, as a test sees it."""

    def __init__(self, home: Path, database: Database, client: Client) -> None:
        self.home, self.database, self.client = home, database, client
        self.documents = open_store(home)
        self.taking = Taking(database, self.documents, client, "Intake", "nobody")

    def arrived(self) -> int:
        """How many messages came in."""
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(t.arrival)).scalar_one()

    def message(self, case: CaseId) -> Message:
        """The message that a case of intake is about."""
        with self.database.read() as connection:
            return store.messages(connection, case)[0]

    async def started(self, case: CaseId) -> bool:
        """Whether the server has the case."""
        return (await self.client.get_workflow_handle(case).describe()).workflow_type == "Intake"


@asynccontextmanager
async def open_front(home: Path) -> AsyncIterator[Front]:
    """With a real server, and no worker."""
    settings = load(home=str(home))
    async with running(settings, workers=()) as up:
        database = Database(settings.database_url)
        try:
            yield Front(home, database, await up.client())
        finally:
            database.close()


def mail(words: str, *, id: str = "", sender: str = "ann@mail.example", subject: str = "Hello") -> bytes:
    """An e-mail as it comes; without an id, as some programs send them."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "office@company.example", subject
    if id:
        made["Message-ID"] = f"<{id}@mail.example>"
    made.set_content(words)
    return bytes(made)
