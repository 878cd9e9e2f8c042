"""What is on file, as the graphs need it."""

import os
from functools import lru_cache
from pathlib import Path

from baton.documents.store import DocumentStore, open_store
from baton.documents.text import page_of_text
from baton.documents.version import READER
from baton.llm.redaction.names import parties_of
from baton.types.documents import Document, Message, Reading
from baton.types.ids import DocumentId


def store() -> DocumentStore:
    """The document store of this process."""
    return _opened(home())


def text_of(document: Document) -> str:
    """The characters of a message's own text."""
    return store().read(document.id).decode("utf-8-sig", "replace")


def reading_of(document: Document) -> Reading | None:
    """What was read in a document; a message's own text is read here, pages only by those who read pages."""
    return _reading(home(), document.id, document.media_type.startswith("text/plain"))


def parties_in(message: Message) -> tuple[str, ...]:
    """Names of the message's sender and receivers: no language model is told them."""
    return parties_of(store().read(message.source.id))


def home() -> str:
    """The folder in which this project keeps everything."""
    return os.environ.get("BATON_HOME") or str(Path(os.environ.get("BATON_PROJECT") or ".") / ".baton")


@lru_cache(maxsize=8)
def _opened(place: str) -> DocumentStore:
    return open_store(Path(place).resolve())


def _reading(place: str, document: DocumentId, is_text: bool) -> Reading | None:
    # A reading never changes, but one that is missing may come: only what was found is remembered.
    try:
        return _found(place, document, is_text)
    except LookupError:
        return None


@lru_cache(maxsize=64)
def _found(place: str, document: DocumentId, is_text: bool) -> Reading:
    kept = _opened(place)
    if known := kept.reading(document):
        return known
    if not is_text:
        raise LookupError(document)
    text = kept.read(document).decode("utf-8-sig", "replace")
    return Reading(document=document, how="text", reader=READER, pages=(page_of_text(text),))
