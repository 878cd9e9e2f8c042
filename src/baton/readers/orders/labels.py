"""Where labels stand on a page, and which: the longest one wins where several overlap."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from baton.readers.orders.sheet import Leaf, Line, Stretch
from baton.readers.orders.vocabulary import Concept, entries

_WORDY = 11  # so many words in one cell are a sentence, and labels in it are only words


@dataclass(frozen=True)
class Label:
    """A label where it stands. `opens` says that a cell begins with it, `closes` that a cell ends with it."""

    at: Stretch
    concept: Concept | None
    tier: int
    opens: bool
    closes: bool
    marked: bool
    """Followed by a colon or a number sign."""

    @property
    def text(self) -> str:
        """What it says, in small letters."""
        return self.at.text.lower().strip(" :.")


@lru_cache(maxsize=4096)
def labels_on(line: Line) -> tuple[Label, ...]:
    """The labels of one line, left to right."""
    found = sorted(_matches(line.text), key=lambda one: (-(one[1] - one[0]), one[3]))
    kept: list[tuple[int, int, Concept | None, int]] = []
    for one in found:
        if not any(one[0] < other[1] and other[0] < one[1] for other in kept):
            kept.append(one)
    return tuple(_label(line, *one) for one in sorted(kept))


def labels_of(leaf: Leaf) -> list[Label]:
    """The labels of one page."""
    return [label for line in leaf.lines for label in labels_on(line)]


def _matches(text: str) -> Iterator[tuple[int, int, Concept | None, int]]:
    prose = _prose(text)
    for entry in entries():
        for match in entry.pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in prose):
                yield match.start(), match.end(), entry.concept, entry.tier


def _prose(text: str) -> Sequence[tuple[int, int]]:
    """Cells that are sentences."""
    found, start = [], 0
    for cell in text.split("\t"):
        if len(re.findall(r"\b[a-z]{2,}\b", cell)) >= _WORDY:
            found.append((start, start + len(cell)))
        start += len(cell) + 1
    return found


def _label(line: Line, start: int, end: int, concept: Concept | None, tier: int) -> Label:
    text = line.text
    before, after = text[:start], text[end:]
    return Label(
        Stretch(line, start, end),
        concept,
        tier,
        opens=not before.strip() or before.endswith("\t"),
        closes=not after.strip() or after.startswith("\t"),
        marked=text[start:end].rstrip()[-1:] in (":", "#"),
    )
