"""Opens the installation for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from baton.documents.store import DocumentStore, open_store
from baton.errors import BatonError
from baton.ledger import Keys, Ledger
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.settings import Settings, load
from baton.store import Database


class NotSetUp(BatonError):
    """Nothing has run here yet."""


@dataclass(frozen=True)
class Records:
    """What is on record here."""

    database: Database
    ledger: Ledger
    documents: DocumentStore


@contextmanager
def installation() -> Iterator[Runtime]:
    """The stores and policies of this project. Raises `NotSetUp` before the first `baton up` or `baton demo`."""
    runtime = build(_settings())
    try:
        yield runtime
    finally:
        runtime.close()


@contextmanager
def records() -> Iterator[Records]:
    """The stores alone, for who only looks: the project's code takes seconds to load. Raises `NotSetUp`."""
    settings = _settings()
    database = Database(settings.database_url)
    try:
        yield Records(database, Ledger(database, Keys(settings.home)), open_store(settings.home))
    finally:
        database.close()


def _settings() -> Settings:
    settings = load()
    if settings.database_url.startswith("sqlite") and not (settings.home / "baton.db").exists():
        raise NotSetUp(f"nothing has run in `{settings.home}` yet: start with `baton up` or `baton demo`")
    return settings
