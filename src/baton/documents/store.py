"""Where documents live: by the hash of their bytes, so that nothing on file changes unnoticed."""

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from baton.documents.version import READER
from baton.errors import BatonError
from baton.types.canonical import canonical
from baton.types.documents import Document, Reading
from baton.types.ids import DocumentId

_SHORT = 100_000
"""Longer readings are not kept in memory, in bytes."""


class DocumentMissing(BatonError):
    """A document is not on file."""


class DocumentDamaged(BatonError):
    """A document's bytes are not the ones that were filed."""


class DocumentStore(Protocol):
    """Files documents and what was read in them."""

    @staticmethod
    def from_home(home: Path) -> "DocumentStore":
        """The store that the runtime under this home uses."""
        return open_store(home)

    def put(self, data: bytes, name: str, media_type: str) -> Document:
        """File these bytes; the same bytes filed twice are one document."""
        ...

    def read(self, document: DocumentId) -> bytes:
        """The bytes as they were filed. Raises `DocumentMissing` or `DocumentDamaged`."""
        ...

    def put_reading(self, reading: Reading) -> None:
        """Keep a reading beside its document, under the reader that made it."""
        ...

    def reading(self, document: DocumentId, reader: str = READER) -> Reading | None:
        """What this reader read in the document, or None when it has not read it yet."""
        ...


class FolderStore(DocumentStore):
    """Documents in a folder, one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def from_home(home: Path) -> "FolderStore":
        """The store in `home/documents`."""
        return FolderStore(home / "documents")

    def put(self, data: bytes, name: str, media_type: str) -> Document:
        """File these bytes; they are on disk when this returns."""
        document = Document(id=id_of(data), name=name, media_type=media_type, size=len(data))
        path = self._path(document.id)
        if not path.exists() or id_of(path.read_bytes()) != document.id:
            _write(path, data)
        return document

    def read(self, document: DocumentId) -> bytes:
        """The bytes, checked against the hash they were filed under."""
        path = self._path(document)
        try:
            return _checked(document, path.read_bytes())
        except FileNotFoundError:
            raise DocumentMissing(_not_on_file(document)) from None

    def put_reading(self, reading: Reading) -> None:
        """Keep a reading beside its document."""
        _write(self._reading_path(reading.document, reading.reader), canonical(reading))

    def reading(self, document: DocumentId, reader: str = READER) -> Reading | None:
        """What this reader read; a reading that no longer parses counts as none and is made again."""
        try:
            data = self._reading_path(document, reader).read_bytes()
            return _parsed(data) if len(data) < _SHORT else Reading.model_validate_json(data)
        except (FileNotFoundError, ValueError):
            return None

    def _path(self, document: DocumentId) -> Path:
        if len(document) != 64 or not set(document) <= set("0123456789abcdef"):
            raise DocumentMissing(f"`{document}` is no document id: give the 64 hexadecimal digits of its SHA-256")
        return self._folder / document[:2] / document[2:]

    def _reading_path(self, document: DocumentId, reader: str) -> Path:
        return self._path(document).with_suffix(f".{hashlib.sha256(reader.encode()).hexdigest()[:12]}.json")


@lru_cache(maxsize=256)
def _parsed(data: bytes) -> Reading:
    """Whoever looks at a case looks at its documents again and again; what is kept goes by the bytes that stand there now."""
    return Reading.model_validate_json(data)


class MemoryStore(DocumentStore):
    """Documents in memory, for tests and the demo."""

    def __init__(self) -> None:
        self._documents: dict[DocumentId, bytes] = {}
        self._readings: dict[tuple[DocumentId, str], Reading] = {}

    def put(self, data: bytes, name: str, media_type: str) -> Document:
        """File these bytes."""
        document = Document(id=id_of(data), name=name, media_type=media_type, size=len(data))
        self._documents[document.id] = data
        return document

    def read(self, document: DocumentId) -> bytes:
        """The bytes, checked like those on disk."""
        if document not in self._documents:
            raise DocumentMissing(_not_on_file(document))
        return _checked(document, self._documents[document])

    def put_reading(self, reading: Reading) -> None:
        """Keep a reading."""
        self._readings[reading.document, reading.reader] = reading

    def reading(self, document: DocumentId, reader: str = READER) -> Reading | None:
        """What this reader read, or None."""
        return self._readings.get((document, reader))


def open_store(home: Path) -> DocumentStore:
    """The document store of the runtime under this home."""
    return FolderStore.from_home(home)


def id_of(data: bytes) -> DocumentId:
    """The id that these bytes are filed under."""
    return DocumentId(hashlib.sha256(data).hexdigest())


def _checked(document: DocumentId, data: bytes) -> bytes:
    if id_of(data) != document:
        raise DocumentDamaged(
            f"document `{document}` was changed after it was filed: restore it from a backup, or file the message again"
        )
    return data


def _not_on_file(document: DocumentId) -> str:
    return f"document `{document}` is not on file: file the message it came with again"


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also when the power fails: a temporary file, synced, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".filing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows cannot open a folder, and does not need it
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
