"""Rows as an eye would read them: words that stand beside each other, with the way back from characters to words.

What nobody sees on the page is in no row: it is neither read nor does it ground a value.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import TypeAlias

from baton.readers.reader import Role, Source
from baton.types.documents import Page, Point, Reading, Word
from baton.types.findings import Evidence
from baton.types.identity import ByIdentity
from baton.types.ids import DocumentId

_WIDE_GAP = 1.2  # in line heights; wider than a space between words, so a new column


@dataclass(frozen=True)
class Piece:
    """A stretch of a row's text and the word it comes from."""

    start: int
    end: int
    word: Word


@dataclass(frozen=True)
class Row:
    """One row of a page. Columns are parted by a tab. `offset` places the row in `Page.text` where the page is plain text."""

    document: DocumentId
    role: Role
    page: int
    number: int
    text: str
    pieces: tuple[Piece, ...] = ()
    offset: int | None = None
    height: float = 0.0

    def evidence(self, start: int, end: int) -> Evidence:
        """Where the characters from `start` to `end` stand: whole words with their polygons, or a span."""
        touched = [piece for piece in self.pieces if piece.start < end and piece.end > start]
        span = None if self.offset is None else (self.offset + start, self.offset + end)
        polygons = tuple(piece.word.polygon for piece in touched if piece.word.polygon)
        text = self.text[start:end] if span or not touched else self.text[touched[0].start : touched[-1].end]
        return Evidence(document=self.document, page=self.page, text=" ".join(text.split()), polygons=polygons, span=span)

    def sureness(self, start: int, end: int) -> float:
        """The lowest recognition confidence among the words touched."""
        return min((piece.word.confidence for piece in self.pieces if piece.start < end and piece.end > start), default=1.0)


def rows_of(sources: Sequence[Source]) -> list[Row]:
    """The rows of every document, in reading order."""
    return [row for source in sources for row in rows_in(Held(source.reading), source.role)]


Held: TypeAlias = ByIdentity[Reading]
"""A reading as a cache key: comparing two hundred pages costs more than reading them."""


@lru_cache(maxsize=64)
def rows_in(held: Held, role: Role) -> tuple[Row, ...]:
    """The rows of one document."""
    reading = held.it
    return tuple(row for page in reading.pages for row in _page_rows(reading.document, role, page))


def _page_rows(document: DocumentId, role: Role, page: Page) -> list[Row]:
    placed = [[word for index in line.words if (word := page.words[index]).polygon and not word.hidden] for line in page.lines]
    if page.width:
        return [_placed_row(document, role, page, number, line) for number, line in enumerate(placed) if line]
    return [
        Row(document, role, page.number, number, match.group(), offset=match.start())
        for number, match in enumerate(re.finditer(r"[^\n]*\S[^\n]*", page.text))
    ]


def _placed_row(document: DocumentId, role: Role, page: Page, number: int, words: Sequence[Word]) -> Row:
    text, pieces = "", []
    heights = [_apart(word.polygon[0], word.polygon[3], page) for word in words]
    for index, word in enumerate(words):
        if index:
            gap = _apart(words[index - 1].polygon[1], word.polygon[0], page)
            text += "\t" if gap > _WIDE_GAP * heights[index] else " "
        pieces.append(Piece(len(text), len(text) + len(word.text), word))
        text += word.text
    return Row(document, role, page.number, number, text, tuple(pieces), height=median(heights))


def _apart(one: Point, other: Point, page: Page) -> float:
    return math.hypot((other[0] - one[0]) * (page.width or 1), (other[1] - one[1]) * (page.height or 1))
