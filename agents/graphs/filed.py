"""What is on file, as the graphs need it."""

import os
from functools import lru_cache
from pathlib import Path

from baton.documents.store import DocumentStore, open_store
from baton.documents.text import page_of_text
from baton.documents.version import READER
from baton.types.documents import Document, Page, Reading
from baton.types.ids import DocumentId


def store() -> DocumentStore:
    """The document store of this process."""
    return _opened(_home())


def text_of(document: Document) -> str:
    """The characters of a message's own text."""
    return store().read(document.id).decode("utf-8-sig", "replace")


def reading_of(document: Document) -> Reading | None:
    """What was read in a document; a message's own text is read here, pages only by those who read pages."""
    return _reading(_home(), document.id, document.media_type.startswith("text/plain"))


def visible_text(reading: Reading) -> str:
    """What a reader of the printed page sees: hidden words, which no person can check, are left out."""
    return "\n\n".join(_visible(page) for page in reading.pages)


def _home() -> str:
    return os.environ.get("BATON_HOME") or str(Path(os.environ.get("BATON_PROJECT") or ".") / ".baton")


@lru_cache(maxsize=8)
def _opened(home: str) -> DocumentStore:
    return open_store(Path(home).resolve())


def _reading(home: str, document: DocumentId, is_text: bool) -> Reading | None:
    # A reading never changes, but one that is missing may come: only what was found is remembered.
    try:
        return _found(home, document, is_text)
    except LookupError:
        return None


@lru_cache(maxsize=64)
def _found(home: str, document: DocumentId, is_text: bool) -> Reading:
    kept = _opened(home)
    if known := kept.reading(document):
        return known
    if not is_text:
        raise LookupError(document)
    text = kept.read(document).decode("utf-8-sig", "replace")
    return Reading(document=document, how="text", reader=READER, pages=(page_of_text(text),))


def _visible(page: Page) -> str:
    text = page.text
    for word in sorted(
        (word for word in page.words if word.hidden and word.span), key=lambda word: word.span or (0, 0), reverse=True
    ):
        start, end = word.span or (0, 0)
        text = text[:start] + text[end:]
    return text
