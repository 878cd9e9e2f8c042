"""Any document becomes a reading: words with boxes, or the reason why not, in words for staff."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from baton.documents.hypertext import text_of_html
from baton.documents.images import NoPicture, frame_count, frames_of
from baton.documents.kinds import LOCKED, OUTLOOK, WORD, in_words, is_archive, media_type_of
from baton.documents.layout import angle_of
from baton.documents.merge import merged, still_hidden
from baton.documents.ocr import read_picture
from baton.documents.outlook import outlook_taken_apart
from baton.documents.parts import taken_apart, text_of_mail
from baton.documents.pdf import NoPdf, Pdf, Sheet, open_pdf
from baton.documents.store import DocumentStore
from baton.documents.text import page_of, page_of_text
from baton.documents.version import READER
from baton.documents.word import NoWordDocument, text_of_word
from baton.readers.structured.xml import MOST_BYTES, NoXml, text_of
from baton.types.documents import Document, Page, Reading, Word

MOST_PAGES: Final = 200
"""A longer document is read up to here, and the reading says so."""
KEPT_EVERY: Final = 20.0
"""Seconds after which the pages read so far are put into the store, for whoever has to go on."""
UNFINISHED: Final = f"{READER} unfinished"
MOST_CHARACTERS: Final = 500_000
PICTURED: Final = 0.3
"""A page with this share of pictures is also read by eye: the receipt may be in the picture, and the text only a stamp."""
_ANNEX: Final = re.compile(r"(<(?:\w+:)?(?:EmbeddedDocument|Attachment)BinaryObject\b[^>]*>)[^<]*(</)")
"""A file inside an invoice: delivery notes, time sheets."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called after each page with how many are done, and of how many."""
How: TypeAlias = Literal["text", "text_layer", "ocr", "xml", "unreadable"]


@dataclass(frozen=True)
class _Seen:
    """A page as read, of how many, and in which way."""

    page: Page
    of: int
    how: How


def read_document(document: Document, store: DocumentStore, progress: Progress | None = None) -> Reading:
    """The words of a document, from the store when it was read before; a long reading that broke off goes on where it was.

    Never raises for what is in a document; a document that is missing or was changed on disk is an error.
    """
    if known := store.reading(document.id):
        return known
    task = _Task(document, store, store.reading(document.id, UNFINISHED))
    try:
        reading = _read(task, store.read(document.id), progress or (lambda done, of: None))
    except BaseException:  # whoever asked has gone, or the process ends: the pages so far are not lost
        task.keep()
        raise
    store.put_reading(reading)
    return reading


class _Task:
    """A document being read: its pages so far, kept now and then."""

    def __init__(self, document: Document, store: DocumentStore, begun: Reading | None) -> None:
        self.document = document
        self.pages: list[Page] = list(begun.pages) if begun else []
        self.how: How = begun.how if begun else "text"
        self._store, self._kept, self._since = store, len(self.pages), time.monotonic()

    def add(self, seen: _Seen) -> None:
        self.pages.append(seen.page)
        self.how = "ocr" if "ocr" in (self.how, seen.how) else seen.how
        if time.monotonic() - self._since > KEPT_EVERY:
            self.keep()

    def keep(self) -> None:
        if len(self.pages) > self._kept:
            self._kept, self._since = len(self.pages), time.monotonic()
            self._store.put_reading(self.reading(None).model_copy(update={"reader": UNFINISHED}))

    def reading(self, problem: str | None) -> Reading:
        how = self.how if self.pages else "unreadable"
        return Reading(document=self.document.id, how=how, reader=READER, pages=tuple(self.pages), problem=problem)


def _read(task: _Task, data: bytes, progress: Progress) -> Reading:
    try:
        of = 0
        for seen in _sheltered(_pages(data, task.document.media_type, len(task.pages))):
            task.add(seen)
            of = seen.of
            progress(len(task.pages), min(of, MOST_PAGES))
    except _Unreadable as error:
        return task.reading(str(error))
    return task.reading(_remark(task.pages, of) if task.pages else None)


class _Unreadable(Exception):
    """Why the rest of a document cannot be read."""


def _sheltered(pages: Iterator[_Seen]) -> Iterator[_Seen]:
    try:
        yield from pages
    except (NoPdf, NoPicture, NoWordDocument) as error:
        raise _Unreadable(str(error)) from error
    except _Unreadable:
        raise
    except Exception as error:  # hostile bytes make decoders raise anything; a case must not be stuck for it
        raise _Unreadable(f"the document cannot be read (`{type(error).__name__}`): ask for it as a PDF or a photo") from error


def _pages(data: bytes, claimed: str, done: int) -> Iterator[_Seen]:
    """The pages of a document from the one after so many that are done already."""
    kind = media_type_of(data, claimed)
    if not data:
        raise _Unreadable("the file is empty: ask for it again")
    match kind:
        case "application/pdf":
            yield from _pdf(data, done)
        case "message/rfc822":
            yield _Seen(_text_page(text_of_mail(*taken_apart(data))), 1, "text")
        case _ if kind == OUTLOOK:
            yield _Seen(_text_page(text_of_mail(*outlook_taken_apart(data))), 1, "text")
        case _ if kind == WORD:
            yield _Seen(_word_page(data), 1, "text")
        case "text/html":
            yield _Seen(_text_page(text_of_html(_decoded(data))), 1, "text")
        case "application/xml" | "text/xml":
            yield _Seen(_text_page(_xml(data)), 1, "xml")
        case _ if kind.startswith("image/"):
            yield from _pictures(data, done)
        case _ if kind.startswith("text/") or kind == "application/json":
            yield _Seen(_text_page(_decoded(data)), 1, "text")
        case _ if kind == LOCKED:
            raise _Unreadable(f"the file is {in_words(kind)}: ask for one without")
        case _ if is_archive(kind):
            raise _Unreadable(f"the file is {in_words(kind)}, which is not opened: ask for the documents themselves")
        case _:
            raise _Unreadable(f"the file is {in_words(kind)}, which is not read: ask for a PDF or a photo")


def _pdf(data: bytes, done: int) -> Iterator[_Seen]:
    with open_pdf(data) as pdf:
        for index in range(done, min(pdf.count, MOST_PAGES)):
            yield _pdf_page(pdf, index)


def _pdf_page(pdf: Pdf, index: int) -> _Seen:
    sheet = pdf.sheet(index)
    if sheet.layer.is_sound and sheet.pictured < PICTURED:
        turned = -angle_of([word.polygon for word in sheet.layer.seen], sheet.width, sheet.height) + 0.0
        return _Seen(_page(sheet, list(sheet.layer.words), index, round(turned, 2)), pdf.count, "text_layer")
    seen = read_picture(pdf.look(index))
    if not sheet.layer.words:
        page = seen.model_copy(update={"number": index + 1, "width": sheet.width, "height": sheet.height})
        return _Seen(page, pdf.count, "ocr")
    layer = list(sheet.layer.seen) if sheet.layer.garbled < 0.1 else []
    words = merged(layer, list(seen.words)) + still_hidden(list(sheet.layer.hidden), list(seen.words))
    return _Seen(_page(sheet, words, index, seen.turned), pdf.count, "ocr")


def _page(sheet: Sheet, words: list[Word], index: int, turned: float) -> Page:
    return page_of(words, number=index + 1, width=sheet.width, height=sheet.height, turned=turned)


def _pictures(data: bytes, done: int) -> Iterator[_Seen]:
    count = frame_count(data)
    for number, picture in enumerate(frames_of(data, done, MOST_PAGES), done + 1):
        yield _Seen(read_picture(picture, number), count, "ocr")


def _text_page(text: str, hidden: Sequence[tuple[int, int]] = ()) -> Page:
    return page_of_text(text[:MOST_CHARACTERS].replace("\0", "\ufffd"), hidden=hidden)


def _xml(data: bytes) -> str:
    """The XML without the files it carries. Half an XML tells nothing, so one that is still too long is refused."""
    try:
        text = text_of(data)
    except NoXml as error:
        if len(data) > MOST_BYTES:
            raise _Unreadable(str(error)) from error
        text = _decoded(data)  # it is not written as it says
    text = _ANNEX.sub(r"\1\2", text)
    if len(text) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        raise _Unreadable(f"the XML has {len(text):,} characters, more than the {most} that are read: ask for a shorter one")
    return text


def _word_page(data: bytes) -> Page:
    written = text_of_word(data)
    return _text_page(written.text, written.hidden)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _remark(pages: list[Page], of: int) -> str | None:
    if of > MOST_PAGES:
        return f"only the first {MOST_PAGES} of {of} pages were read: ask for the pages that matter"
    if not any(word for page in pages for word in page.words):
        return "no text was found in the document"
    if any(len(page.text) >= MOST_CHARACTERS for page in pages):
        return f"only the first {MOST_CHARACTERS:,} characters were read"
    if several := next((page for page in pages if page.papers > 1), None):
        where = "the picture" if len(pages) == 1 else f"page {several.number}"
        return f"{where} shows {several.papers} papers, and what was read may stand on either: ask for a picture of each"
    return None
