"""Taking one message in, the same way at every door."""

from functools import cache

from temporalio.client import Client

from baton.documents.store import DocumentStore, open_store
from baton.errors import BatonError
from baton.intake import DOOR, Submitted, receive
from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.project import discover
from baton.runtime.settings import Settings
from baton.store import Database


class NoDoor(BatonError):
    """This project takes no messages in."""


class Taking:
    """Files messages and has the server run their cases."""

    def __init__(self, database: Database, documents: DocumentStore, client: Client, workflow: str, queue: str) -> None:
        self._database, self._documents, self._client = database, documents, client
        self._workflow, self._queue = workflow, queue

    @classmethod
    def of(cls, settings: Settings, client: Client) -> "Taking":
        """For this installation. Raises `NoDoor` in a project without `workflows/intake.py`."""
        process = discover(settings.project, ENGINE_MODULES).processes.get(DOOR)
        if process is None:
            raise NoDoor(f"`{settings.project}` has no process `{DOOR}`: add `workflows/{DOOR}.py`, or set no door")
        database = _database(settings.database_url)
        return cls(database, open_store(settings.home), client, process.temporal_name, settings.queue("work"))

    async def take(self, raw: bytes, door: str) -> Submitted:
        """One message, once; when this raises, bring it again."""
        return await receive(self._database, self._documents, self._client, raw, self._workflow, self._queue, door)


@cache
def _database(url: str) -> Database:
    return Database(url)
