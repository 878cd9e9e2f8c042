import asyncio
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from baton.documents.pages import ReadDocuments, ReadingNow, read_documents
from baton.documents.store import open_store
from baton.governance.declare import declaration_of
from tests.integration.printed import RECEIPT, encoded, pdf, printed, receipt


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BATON_HOME", str(tmp_path))
    return tmp_path


def test_reading_is_declared_as_a_look_up_on_the_workers_for_pages() -> None:
    declared = declaration_of(read_documents)
    assert (declared.name, declared.kind, declared.queue) == ("documents.read_documents", "read", "pages")


async def test_documents_are_read_in_the_order_asked_and_the_words_stay_in_the_store(home: Path) -> None:
    store = open_store(home)
    asked = (
        store.put(pdf(printed), "receipt.pdf", "application/pdf"),
        store.put(pdf(printed)[:99], "broken.pdf", "application/pdf"),
        store.put(encoded(receipt(RECEIPT[:1])), "label.png", "image/png"),
    )
    read = await ActivityEnvironment().run(read_documents, ReadDocuments(documents=asked))
    assert [(one.name, one.how, one.pages, one.is_photo) for one in read.readings] == [
        ("receipt.pdf", "text_layer", 1, False),
        ("broken.pdf", "unreadable", 0, False),
        ("label.png", "ocr", 1, True),
    ]
    assert "ask for it again" in str(read.readings[1].problem)
    assert read.readings[0].words == len(" ".join(RECEIPT).split())
    kept = store.reading(asked[0].id)
    assert kept is not None
    assert "TOTAL EUR 389.00" in kept.pages[0].text


async def test_reading_again_gives_the_same(home: Path) -> None:
    document = open_store(home).put(pdf(printed), "receipt.pdf", "application/pdf")
    asked = ReadDocuments(documents=(document,))
    first = await ActivityEnvironment().run(read_documents, asked)
    assert await ActivityEnvironment().run(read_documents, asked) == first


async def test_a_long_reading_shows_life_and_stops_when_nobody_waits(home: Path) -> None:
    document = open_store(home).put(pdf(*[printed] * 150), "long.pdf", "application/pdf")
    environment, beats = ActivityEnvironment(), list[object]()
    environment.on_heartbeat = lambda *details: beats.append(details)
    reading = asyncio.create_task(environment.run(read_documents, ReadDocuments(documents=(document,))))
    await asyncio.sleep(0.3)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert beats
    await asyncio.sleep(0.5)
    assert open_store(home).reading(document.id) is None


async def test_signs_of_life_say_how_far_reading_has_come(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.documents.pages.HEARTBEAT", 0.02)
    document = open_store(home).put(pdf(*[printed] * 30), "long.pdf", "application/pdf")
    environment, beats = ActivityEnvironment(), list[ReadingNow]()
    environment.on_heartbeat = lambda *details: beats.extend(details)
    await environment.run(read_documents, ReadDocuments(documents=(document,)))
    assert {(beat.document, beat.of) for beat in beats if beat.pages} == {("long.pdf", 30)}
    assert [beat.pages for beat in beats] == sorted(beat.pages for beat in beats)
