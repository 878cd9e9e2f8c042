"""The activity that reads pages; it runs on the worker for heavy work, and the readings stay in the store."""

import asyncio
import os
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from temporalio import activity

from baton.documents.photos import is_photo_of_text
from baton.documents.read import How, read_document
from baton.documents.store import DocumentStore, open_store
from baton.governance.declare import read
from baton.types.documents import Document, Reading
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

HEARTBEAT: Final = 2.0
"""Seconds between signs of life; a page may take longer."""


class ReadDocuments(Frozen):
    """Read these documents."""

    documents: tuple[Document, ...]


class DocumentRead(Frozen):
    """What came of reading one document; the words themselves stay in the document store."""

    document: DocumentId
    name: str
    how: How
    pages: int
    words: int
    hidden_words: int
    problem: str | None
    is_photo: bool
    """A picture of a thing, not of a text."""


class DocumentsRead(Frozen):
    """What came of reading, in the order asked."""

    readings: tuple[DocumentRead, ...]


class ReadingNow(Frozen):
    """How far reading has come: what each sign of life says."""

    document: str = ""
    pages: int = 0
    of: int = 0


class _Stopped(Exception):
    """Nobody waits for these pages any more."""


class _Watch:
    """What the thread that reads and the task that shows life tell each other."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.now = ReadingNow()

    def see(self, document: Document, done: int, of: int) -> None:
        self.now = ReadingNow(document=document.name, pages=done, of=of)
        if self.stop.is_set():
            raise _Stopped


@read(timeout=timedelta(minutes=10), queue="pages")
async def read_documents(request: ReadDocuments) -> DocumentsRead:
    """Reads documents one after the other; what was read before comes from the store."""
    store, watch = open_store(Path(os.environ.get("BATON_HOME", ".baton"))), _Watch()
    alive = asyncio.create_task(_show_life(watch))
    try:
        return DocumentsRead(readings=tuple([await _summary(document, store, watch) for document in request.documents]))
    finally:
        watch.stop.set()  # a thread cannot be cancelled: it stops after the page at hand
        alive.cancel()


async def _summary(document: Document, store: DocumentStore, watch: _Watch) -> DocumentRead:
    return summary(document, await asyncio.to_thread(read_document, document, store, partial(watch.see, document)))


def summary(document: Document, reading: Reading) -> DocumentRead:
    """A reading in figures."""
    words = [word for page in reading.pages for word in page.words]
    return DocumentRead(
        document=document.id,
        name=document.name,
        how=reading.how,
        pages=len(reading.pages),
        words=len(words),
        hidden_words=sum(word.hidden for word in words),
        problem=reading.problem,
        is_photo=document.media_type.startswith("image/") and reading.how == "ocr" and not is_photo_of_text(reading),
    )


async def _show_life(watch: _Watch) -> None:
    while activity.in_activity():
        activity.heartbeat(watch.now)
        await asyncio.sleep(HEARTBEAT)
