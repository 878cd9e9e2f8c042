"""A Word document as text: what a reader of the printed page sees, and what is hidden in it; its pictures as files."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import docx
from docx.document import Document as Opened
from docx.oxml.ns import qn

from baton.errors import BatonError

MOST_PARTS: Final = 2000
MOST_UNFOLDED: Final = 150_000_000
"""Bytes of all parts together, as the archive's directory says: a file that unfolds to more is not opened."""
MOST_TEXT: Final = 20_000_000
"""Bytes of one part of XML."""
MOST_IN_A_CELL: Final = 8
"""Paragraphs: with more, a table only lays out the page."""
LEAST_PICTURE: Final = 4_000
"""Bytes: smaller pictures are bullets and lines."""

_TEXT: Final = qn("w:t")
_SPACES: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PARAGRAPH, _RUN, _TABLE, _ROW, _CELL = (qn(f"w:{tag}") for tag in ("p", "r", "tbl", "tr", "tc"))
_VALUE, _FILL = qn("w:val"), qn("w:fill")
_NOTES: Final = {_PARAGRAPH: qn("w:pPr"), _RUN: qn("w:rPr"), _TABLE: qn("w:tblPr"), _CELL: qn("w:tcPr")}
"""Where each kind of element says how it looks."""
_PLAIN: Final = {"", "auto", "FFFFFF", "TableGrid", "TableNormal"}
"""Shades and table styles that leave the paper white."""
_SKIPPED: Final = {
    *(qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), *_NOTES.values()),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # says again what its twin `Choice` says
}
_PICTURES: Final = {"image/jpeg", "image/png", "image/gif", "image/tiff", "image/bmp", "image/webp", "image/heic"}


class NoWordDocument(BatonError):
    """A Word document cannot be read."""


@dataclass
class Written:
    """A text, and which of its characters nobody sees on the printed page."""

    text: str = ""
    hidden: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, *, hidden: bool = False) -> None:
        """Append characters."""
        if hidden and text.strip():
            self.hidden.append((len(self.text), len(self.text) + len(text)))
        self.text += text

    def end(self, mark: str) -> None:
        """What follows stands on a line of its own, or in a cell of its own."""
        self.text = self.text.rstrip(" \t" if mark == "\n" else " ")
        if self.text and not self.text[-1].isspace():
            self.text += mark


@dataclass(frozen=True)
class Picture:
    """A picture in a Word document."""

    name: str
    data: bytes


def text_of_word(data: bytes) -> Written:
    """Head of the page, paragraphs and tables in their order, foot. Raises `NoWordDocument`, with why in words for staff."""
    document = _opened(data)
    written = Written()
    for part in (*_margins(document, "header"), document.element.body, *_margins(document, "footer")):
        _write(part, written, _Place())
        written.end("\n")
    return written


def pictures_of_word(data: bytes) -> list[Picture]:
    """The pictures in the document, in the order of their names; those in letterheads and bullets are left out."""
    parts = _opened(data).part.related_parts.values()
    found = [part for part in parts if part.content_type in _PICTURES and len(part.blob) >= LEAST_PICTURE]
    found.sort(key=lambda part: (len(part.partname), part.partname))
    return [Picture(str(part.partname).rpartition("/")[2], part.blob) for part in found]


def _opened(data: bytes) -> Opened:
    _check_size(data)
    try:
        return docx.Document(io.BytesIO(data))
    except Exception as error:  # the library raises whatever its parts do on a broken file
        raise NoWordDocument("the Word document is damaged or of an unusual kind: ask for it as a PDF") from error


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NoWordDocument("the Word document is damaged or not complete: ask for it again") from error
    texts = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED or max(texts, default=0) > MOST_TEXT:
        raise NoWordDocument("the Word document unfolds to an enormous size and was not opened: ask for it as a PDF")


def _margins(document: Opened, which: str) -> Iterator[Any]:
    """Heads or feet of the sections, each once."""
    seen = set[str]()
    for section in document.sections:
        for margin in (getattr(section, f"first_page_{which}"), getattr(section, which)):
            if not margin.is_linked_to_previous and margin.part.partname not in seen:
                seen.add(margin.part.partname)
                yield margin._element


@dataclass(frozen=True)
class _Place:
    """Where in a document we are, as far as it says how text there looks."""

    in_row: bool = False
    shaded: bool = False
    hidden: bool = False


def _write(element: Any, written: Written, place: _Place) -> None:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            continue
        if tag == _TEXT:
            written.add(child.text or "", hidden=place.hidden)
        elif tag in _SPACES:
            written.add(" " if place.in_row and _SPACES[tag] == "\n" else _SPACES[tag])
        else:
            _write(child, written, _within(child, place))
            _close(tag, written, place)


def _close(tag: str, written: Written, place: _Place) -> None:
    """A paragraph and a row end their line; what stands in a row of several cells stays on one line."""
    if tag in (_PARAGRAPH, _ROW):
        written.end(" " if place.in_row else "\n")
    elif tag == _CELL and place.in_row:
        written.end("\t")


def _within(element: Any, place: _Place) -> _Place:
    tag = element.tag
    if tag == _ROW:
        return replace(place, in_row=place.in_row or _is_of_cells(element))
    notes = element.find(_NOTES[tag]) if tag in _NOTES else None
    if notes is None:
        return place
    shaded = place.shaded or _said(notes, "w:shd", _FILL) not in _PLAIN or _said(notes, "w:tblStyle") not in _PLAIN
    return replace(place, shaded=shaded, hidden=place.hidden or (tag == _RUN and _is_hidden(notes, shaded)))


def _is_of_cells(row: Any) -> bool:
    """Whether the row is one of a table, and not a page laid out with a table's help."""
    cells = row.findall(_CELL)
    return len(cells) > 1 and all(len(cell.findall(_PARAGRAPH)) <= MOST_IN_A_CELL for cell in cells)


def _is_hidden(notes: Any, shaded: bool) -> bool:
    """Hidden by order, too small to be read, or white on white."""
    vanish = notes.find(qn("w:vanish"))
    if vanish is not None and vanish.get(_VALUE) not in ("0", "false"):
        return True
    half_points = _said(notes, "w:sz")
    white = _said(notes, "w:color").upper() in ("FFFFFF", "FEFEFE", "FDFDFD")
    return (half_points.isdigit() and int(half_points) < 4) or (white and not shaded)


def _said(notes: Any, name: str, attribute: str = _VALUE) -> str:
    found = notes.find(qn(name))
    return "" if found is None else str(found.get(attribute) or "")
