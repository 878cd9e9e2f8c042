import os
from collections.abc import Callable
from pathlib import Path

import pytest

from baton.documents.store import DocumentDamaged, DocumentMissing, DocumentStore, FolderStore, MemoryStore, id_of, open_store
from baton.documents.version import READER
from baton.types.documents import Reading
from baton.types.ids import DocumentId


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStore:
    stores: dict[str, Callable[[], DocumentStore]] = {"folder": lambda: open_store(tmp_path), "memory": MemoryStore}
    return stores[request.param]()


def reading(document: DocumentId, reader: str = READER) -> Reading:
    return Reading(document=document, how="text", reader=reader, pages=())


def test_what_is_filed_is_read_back(store: DocumentStore) -> None:
    filed = store.put(b"a receipt", "receipt.txt", "text/plain")
    assert (filed.name, filed.media_type, filed.size) == ("receipt.txt", "text/plain", 9)
    assert store.read(filed.id) == b"a receipt"


def test_the_same_bytes_are_one_document(store: DocumentStore) -> None:
    assert store.put(b"twice", "a.txt", "text/plain").id == store.put(b"twice", "b.txt", "text/plain").id


def test_a_missing_document_is_named(store: DocumentStore) -> None:
    with pytest.raises(DocumentMissing, match="f" * 64):
        store.read(DocumentId("f" * 64))


def test_a_reading_is_kept_under_its_reader(store: DocumentStore) -> None:
    filed = store.put(b"a receipt", "receipt.txt", "text/plain")
    assert store.reading(filed.id) is None
    store.put_reading(reading(filed.id))
    store.put_reading(reading(filed.id, "an older reader"))
    assert store.reading(filed.id) == reading(filed.id)
    assert store.reading(filed.id, "an older reader") == reading(filed.id, "an older reader")
    assert store.reading(filed.id, "a newer reader") is None


def test_a_changed_byte_is_found_and_the_document_named(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    filed = store.put(b"389.00 EUR", "receipt.txt", "text/plain")
    path = file_of(tmp_path, filed.id)
    path.write_bytes(b"989.00 EUR")
    with pytest.raises(DocumentDamaged, match=filed.id):
        store.read(filed.id)


def test_filing_again_heals_a_damaged_document(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    filed = store.put(b"389.00 EUR", "receipt.txt", "text/plain")
    file_of(tmp_path, filed.id).write_bytes(b"")
    store.put(b"389.00 EUR", "receipt.txt", "text/plain")
    assert store.read(filed.id) == b"389.00 EUR"


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)

    def no_space(handle: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="no space"):
        store.put(b"a receipt", "receipt.txt", "text/plain")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_id_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(DocumentMissing, match="64 hexadecimal digits"):
        open_store(tmp_path).read(DocumentId("../secret"))


def test_a_reading_cut_short_is_read_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    filed = store.put(b"a receipt", "receipt.txt", "text/plain")
    store.put_reading(reading(filed.id))
    next(tmp_path.rglob("*.json")).write_text("{")
    assert store.reading(filed.id) is None


def test_every_way_to_open_finds_the_same_documents(tmp_path: Path) -> None:
    filed = open_store(tmp_path).put(b"a receipt", "receipt.txt", "text/plain")
    assert DocumentStore.from_home(tmp_path).read(filed.id) == FolderStore.from_home(tmp_path).read(filed.id) == b"a receipt"


def file_of(home: Path, document: DocumentId) -> Path:
    return next(path for path in home.rglob("*") if path.is_file() and id_of(path.read_bytes()) == document)
