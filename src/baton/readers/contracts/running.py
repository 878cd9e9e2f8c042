"""An agreement as one running text: sentences go on over lines and pages, and every character knows its word."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from baton.readers.layout import Held
from baton.readers.reader import Source
from baton.types.documents import Page, Word
from baton.types.findings import Evidence
from baton.types.ids import DocumentId


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    page: int
    word: Word


@dataclass(frozen=True)
class Running:
    """The visible words of a document, one space apart."""

    document: DocumentId
    text: str
    pieces: tuple[_Piece, ...]
    starts: tuple[int, ...]

    def evidence(self, start: int, end: int) -> Evidence:
        """Where these characters stand: page and words of the place where they begin."""
        touched = self._touched(start, end)
        page = touched[0].page if touched else 1
        on_page = [piece for piece in touched if piece.page == page]
        spans = [piece.word.span for piece in on_page if piece.word.span]
        return Evidence(
            document=self.document,
            page=page,
            text=self.text[start:end].strip(),
            polygons=tuple(piece.word.polygon for piece in on_page if piece.word.polygon),
            span=_trimmed(spans, on_page, start, end) if spans else None,
        )

    def together(self, places: Sequence[tuple[int, int]]) -> Evidence:
        """One evidence for several places; where they stand on several pages, the first page's."""
        parts = [self.evidence(start, end) for start, end in places]
        on_page = [part for part in parts if part.page == parts[0].page]
        spans = [part.span for part in on_page if part.span]
        return parts[0].model_copy(
            update={
                "text": "; ".join(part.text for part in parts),
                "polygons": tuple(polygon for part in on_page for polygon in part.polygons),
                "span": (min(spans)[0], max(span[1] for span in spans)) if spans else None,
            }
        )

    def _touched(self, start: int, end: int) -> Sequence[_Piece]:
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [piece for piece in self.pieces[first : bisect_right(self.starts, max(end - 1, start))] if piece.end > start]


def _trimmed(spans: Sequence[tuple[int, int]], pieces: Sequence[_Piece], start: int, end: int) -> tuple[int, int]:
    """The span in the page's text without the parts of the first and last word that were not meant."""
    head, tail = max(start - pieces[0].start, 0), max(pieces[-1].end - end, 0)
    return spans[0][0] + head, spans[-1][1] - tail


def running(source: Source) -> Running:
    """The running text of one document."""
    return _running(Held(source.reading))


@lru_cache(maxsize=32)
def _running(held: Held) -> Running:
    pieces: list[_Piece] = []
    texts: list[str] = []
    at = 0
    for page in held.it.pages:
        for word in _words(page):
            pieces.append(_Piece(at, at + len(word.text), page.number, word))
            texts.append(word.text)
            at += len(word.text) + 1
    return Running(held.it.document, " ".join(texts), tuple(pieces), tuple(piece.start for piece in pieces))


def _words(page: Page) -> Iterator[Word]:
    """Words in reading order; of a page that has none of its own, those of its text."""
    if page.lines and page.words:
        yield from (word for line in page.lines for index in line.words if not (word := page.words[index]).hidden and word.text)
    else:
        yield from (Word(text=match.group(), span=match.span()) for match in re.finditer(r"\S+", page.text))


def of_text(text: str, document: str = "text") -> Running:
    """A running text out of a plain one."""
    words = [Word(text=match.group(), span=match.span()) for match in re.finditer(r"\S+", text)]
    pieces, at = [], 0
    for word in words:
        pieces.append(_Piece(at, at + len(word.text), 1, word))
        at += len(word.text) + 1
    joined = " ".join(word.text for word in words)
    return Running(DocumentId(document), joined, tuple(pieces), tuple(piece.start for piece in pieces))
