"""Text cut into the pieces that a sentence encoder knows: whole words, or the longest parts of words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
_LONGEST_WORD = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\u200b-\u200f\ufeff]")


class Pieces:
    """A vocabulary of word pieces, lower case, without accents."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._known: dict[str, list[int]] = {}

    @classmethod
    def read(cls, path: Path) -> "Pieces":
        """The vocabulary of a file with one piece a line."""
        return cls(path.read_text("utf-8").splitlines())

    def of(self, text: str, most: int) -> list[int]:
        """The numbers of the text's pieces, between a first and a last mark; at most `most` in all."""
        found = [piece for word in _words(text[: most * 40]) for piece in self._pieces(word)]
        return [self._ids[FIRST], *found[: most - 2], self._ids[LAST]]

    def _pieces(self, word: str) -> list[int]:
        if word not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[word] = self._cut(word)
        return self._known[word]

    def _cut(self, word: str) -> list[int]:
        unknown = [self._ids[UNKNOWN]]
        if len(word) > _LONGEST_WORD:
            return unknown
        cut: list[int] = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if lead + word[start:end] in self._ids), None)
            if end is None:
                return unknown
            cut.append(self._ids[lead + word[start:end]])
            start = end
        return cut


def _words(text: str) -> Iterator[str]:
    bare = unicodedata.normalize("NFD", _CONTROL.sub("", text).lower())
    spaced = "".join(_apart(char) for char in bare if unicodedata.category(char) != "Mn")
    yield from spaced.split()


def _apart(char: str) -> str:
    ideograph = "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"
    symbol = char.isascii() and not char.isalnum() and not char.isspace()
    return f" {char} " if ideograph or symbol or unicodedata.category(char).startswith("P") else char
