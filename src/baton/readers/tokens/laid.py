"""A document as one sequence of words, each with the row that it stands on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baton.readers.countries import words_for
from baton.readers.layout import Held, Row, rows_in
from baton.readers.locales import Words
from baton.readers.reader import Source
from baton.types.documents import Word

LONGEST = 1200
"""Words that are read at most: what a receipt or an invoice of a few pages holds."""


@dataclass(frozen=True)
class Token:
    """One word: its row by index, and the characters of the row that it fills."""

    word: Word
    row: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """As read."""
        return self.word.text


@dataclass(frozen=True)
class Laid:
    """The words of one document in reading order."""

    rows: tuple[Row, ...]
    tokens: tuple[Token, ...]
    words: Words

    def of_row(self, row: int) -> list[int]:
        """The words of a row, by index."""
        return [index for index, token in enumerate(self.tokens) if token.row == row]


def laid(source: Source) -> Laid:
    """A document whose words have places on a page; one of plain text has none and gives no tokens."""
    rows = rows_in(Held(source.reading), source.role)
    tokens = tuple(_tokens(rows))[:LONGEST]
    return Laid(rows, tokens, words_for("\n".join(row.text for row in rows)))


def _tokens(rows: Sequence[Row]) -> Iterator[Token]:
    for number, row in enumerate(rows):
        for piece in row.pieces:
            yield Token(piece.word, number, piece.start, piece.end)
