"""Any document becomes a reading: words with boxes, or the reason why not, in words for staff."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from baton.documents.hypertext import text_of_html
from baton.documents.images import NoPicture, frame_count, frames_of
from baton.documents.kinds import in_words, is_archive, media_type_of
from baton.documents.layout import angle_of
from baton.documents.merge import merged, still_hidden
from baton.documents.ocr import read_picture
from baton.documents.parts import text_of_mail
from baton.documents.pdf import NoPdf, Pdf, Sheet, open_pdf
from baton.documents.store import DocumentStore
from baton.documents.text import page_of, page_of_text
from baton.documents.version import READER
from baton.types.documents import Document, Page, Reading, Word

MOST_PAGES: Final = 200
MOST_CHARACTERS: Final = 500_000
PICTURED: Final = 0.3
"""A page with this share of pictures is also read by eye: the receipt may be in the picture, and the text only a stamp."""

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
    """The words of a document, from the store when it was read before.

    Never raises for what is in a document; a document that is missing or was changed on disk is an error.
    """
    if known := store.reading(document.id):
        return known
    reading = _read(document, store.read(document.id), progress or (lambda done, of: None))
    store.put_reading(reading)
    return reading


def _read(document: Document, data: bytes, progress: Progress) -> Reading:
    pages: list[Page] = []
    how: How = "text"
    problem = None
    try:
        for seen in _sheltered(_pages(data, document.media_type)):
            pages.append(seen.page)
            how = "ocr" if "ocr" in (how, seen.how) else seen.how
            progress(len(pages), seen.of)
    except _Unreadable as error:
        problem = str(error)
    if not pages:
        how = "unreadable"
    elif problem is None:
        problem = _remark(pages)
    return Reading(document=document.id, how=how, reader=READER, pages=tuple(pages), problem=problem)


class _Unreadable(Exception):
    """Why the rest of a document cannot be read."""


def _sheltered(pages: Iterator[_Seen]) -> Iterator[_Seen]:
    try:
        yield from pages
    except (NoPdf, NoPicture) as error:
        raise _Unreadable(str(error)) from error
    except _Unreadable:
        raise
    except Exception as error:  # hostile bytes make decoders raise anything; a case must not be stuck for it
        raise _Unreadable(f"the document cannot be read (`{type(error).__name__}`): ask for it as a PDF or a photo") from error


def _pages(data: bytes, claimed: str) -> Iterator[_Seen]:
    kind = media_type_of(data, claimed)
    if not data:
        raise _Unreadable("the file is empty: ask for it again")
    match kind:
        case "application/pdf":
            yield from _pdf(data)
        case "message/rfc822":
            yield _Seen(_text_page(text_of_mail(data)), 1, "text")
        case "text/html":
            yield _Seen(_text_page(text_of_html(_decoded(data))), 1, "text")
        case "application/xml" | "text/xml":
            yield _Seen(_text_page(_decoded(data)), 1, "xml")
        case _ if kind.startswith("image/"):
            yield from _pictures(data)
        case _ if kind.startswith("text/") or kind == "application/json":
            yield _Seen(_text_page(_decoded(data)), 1, "text")
        case _ if is_archive(kind):
            raise _Unreadable(f"the file is {in_words(kind)}, which is not opened: ask for the documents themselves")
        case _:
            raise _Unreadable(f"the file is {in_words(kind)}, which is not read: ask for a PDF or a photo")


def _pdf(data: bytes) -> Iterator[_Seen]:
    with open_pdf(data) as pdf:
        if pdf.count > MOST_PAGES:
            raise NoPdf(f"the PDF has {pdf.count} pages, more than the {MOST_PAGES} that are read: ask for the pages that matter")
        for index in range(pdf.count):
            yield _pdf_page(pdf, index)


def _pdf_page(pdf: Pdf, index: int) -> _Seen:
    sheet = pdf.sheet(index)
    if sheet.layer.is_sound and sheet.pictured < PICTURED:
        turned = -angle_of([word.polygon for word in sheet.layer.seen], sheet.width, sheet.height) + 0.0
        return _Seen(_page(sheet, list(sheet.layer.words), index, round(turned, 2)), pdf.count, "text_layer")
    seen = read_picture(pdf.look(index))
    layer = list(sheet.layer.seen) if sheet.layer.garbled < 0.1 else []
    words = merged(layer, list(seen.words)) + still_hidden(list(sheet.layer.hidden), list(seen.words))
    return _Seen(_page(sheet, words, index, seen.turned), pdf.count, "ocr")


def _page(sheet: Sheet, words: list[Word], index: int, turned: float) -> Page:
    return page_of(words, number=index + 1, width=sheet.width, height=sheet.height, turned=turned)


def _pictures(data: bytes) -> Iterator[_Seen]:
    count = frame_count(data)
    if count > MOST_PAGES:
        raise NoPicture(f"the picture has {count} pages, more than the {MOST_PAGES} that are read: ask for the pages that matter")
    for number, picture in enumerate(frames_of(data), 1):
        yield _Seen(read_picture(picture, number), count, "ocr")


def _text_page(text: str) -> Page:
    return page_of_text(text[:MOST_CHARACTERS].replace("\0", "\ufffd"))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _remark(pages: list[Page]) -> str | None:
    if not any(word for page in pages for word in page.words):
        return "no text was found in the document"
    if any(len(page.text) >= MOST_CHARACTERS for page in pages):
        return f"only the first {MOST_CHARACTERS:,} characters were read"
    return None
