"""How much a page's lines may be squeezed before reading: wide letters bear it, narrow ones do not."""

from typing import Final

import numpy as np

from baton.documents.engine import LINE_HEIGHT, Pixels, Read

ROOM: Final = 15.0
"""Pixels along a line of the usual height that one character needs to be told from the next."""
MOST_SQUEEZED: Final = 0.7
SHORT: Final = 200
"""Pixels along a line of the usual height: a shorter one is not squeezed. It is an amount or a date, and soon read."""
_ENOUGH: Final = 5
"""Lines that say how wide the letters of a page are."""


class Pace:
    """What the lines of a page that were read so far say about those to come: most papers are printed in one type."""

    def __init__(self) -> None:
        self._widths: list[float] = []
        self._squeezed = 1.0

    def for_line(self, line: Pixels) -> float:
        """At which share of its length to read this line."""
        return 1.0 if _length(line) <= SHORT else self._squeezed

    def see(self, line: Pixels, read: Read) -> None:
        """A line was read; its length and its characters tell their width."""
        if len(read.text) < 5:
            return
        self._widths.append(_length(line) / len(read.text))
        if len(self._widths) >= _ENOUGH:
            # of more letters than not, lest the narrow ones be lost
            self._squeezed = min(max(ROOM / float(np.quantile(self._widths, 0.4)), MOST_SQUEEZED), 1.0)


def _length(line: Pixels) -> float:
    """Its pixels once it is as high as every line."""
    height, length = line.shape[:2]
    return float(length * LINE_HEIGHT / height)
