"""A page as a form: stretches of text with boxes on the upright page, so that `right of` and `below` mean something. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from baton.readers.layout import Held, Piece, Row, rows_in
from baton.readers.reader import Role
from baton.types.documents import Page, Point

_GAP = 0.55
"""In line heights: a blank between words of one column is narrower. Forms set their columns closer than receipts do."""
_CELL = 0.5
"""A plain text has no boxes: its characters stand half as wide as they are high."""


@dataclass(frozen=True)
class Box:
    """Where something stands on the upright page, in points."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Halfway down."""
        return (self.top + self.bottom) / 2

    def shares(self, other: "Box") -> float:
        """How much of the narrower one's width stands above or below the other."""
        common = min(self.right, other.right) - max(self.left, other.left)
        return max(common, 0.0) / max(min(self.right - self.left, other.right - other.left), 0.1)


@dataclass(frozen=True, eq=False)
class Line:
    """One row of a page with a box for each of its words; the same only as itself, so that it is quick to look up."""

    row: Row
    boxes: tuple[Box, ...]
    index: int
    """The place among the rows of its page."""

    @cached_property
    def text(self) -> str:
        """The row's text, character by character, with a tab wherever a column ends."""
        letters = list(self.row.text)
        for (piece, box), (_, left) in zip(self._placed[1:], self._placed, strict=False):
            if box.left - left.right > _GAP * max(box.height, left.height):
                letters[piece.start - 1] = "\t"
        return "".join(letters)

    def box(self, start: int, end: int) -> Box:
        """The box around the characters from `start` to `end`."""
        found = [_part(piece, box, start, end) for piece, box in self._placed if piece.start < end and piece.end > start]
        if not found:
            return Box(start * _CELL, self.index, max(end, start + 1) * _CELL, self.index + 1)
        return Box(
            min(box.left for box in found),
            min(box.top for box in found),
            max(box.right for box in found),
            max(box.bottom for box in found),
        )

    @cached_property
    def _placed(self) -> tuple[tuple[Piece, Box], ...]:
        return tuple(zip(self.row.pieces, self.boxes, strict=True))


@dataclass(frozen=True)
class Stretch:
    """Characters of one line, and where they stand."""

    line: Line
    start: int
    end: int

    @cached_property
    def box(self) -> Box:
        """Where it stands."""
        return self.line.box(self.start, self.end)

    @property
    def text(self) -> str:
        """The characters, with plain blanks between words."""
        return " ".join(self.line.row.text[self.start : self.end].split())


@dataclass(frozen=True)
class Leaf:
    """One page of a form."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    is_last: bool
    placed: bool
    """Words have boxes; in a plain text nothing tells what stands above what."""

    @cached_property
    def cells(self) -> tuple[Stretch, ...]:
        """Runs of words without a wide gap."""
        return tuple(cell for line in self.lines for cell in cells_of(line))

    def around(self, left: float, top: float, right: float, bottom: float) -> list[Stretch]:
        """The cells that touch this part of the page."""
        sides = self._sides
        hit = (sides[:, 0] <= right) & (sides[:, 2] >= left) & (sides[:, 1] <= bottom) & (sides[:, 3] >= top)
        return [self.cells[index] for index in np.flatnonzero(hit)]

    @cached_property
    def _sides(self) -> npt.NDArray[np.float64]:
        boxes = [cell.box for cell in self.cells]
        return np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], dtype=np.float64).reshape(-1, 4)


def cells_of(line: Line) -> Iterator[Stretch]:
    """The columns of a line that hold anything."""
    start = 0
    for part in line.text.split("\t"):
        if part.strip():
            yield Stretch(line, start, start + len(part))
        start += len(part) + 1


def leaves_of(held: Held, role: Role) -> tuple[Leaf, ...]:
    """The pages of a document; a mail and a photo are no forms."""
    if role in ("mail_body", "photo"):
        return ()
    rows, pages = rows_in(held, role), held.it.pages
    return tuple(_leaf(page, [row for row in rows if row.page == page.number], page is pages[-1]) for page in pages)


def _leaf(page: Page, rows: Sequence[Row], is_last: bool) -> Leaf:
    angle = -_slope([piece.word.polygon for row in rows for piece in row.pieces], page)
    lines = [Line(row, tuple(_upright(piece, page, angle) for piece in row.pieces), index) for index, row in enumerate(rows)]
    if not page.width:
        return Leaf(page.number, 100.0, max(len(rows), 60), tuple(lines), is_last, placed=False)
    return Leaf(page.number, page.width, page.height, tuple(lines), is_last, placed=True)


def _slope(polygons: Sequence[tuple[Point, ...]], page: Page) -> float:
    """How far the words of a page run downhill, in radians: half of all their length runs steeper, half less."""
    across = [((b[0] - a[0]) * page.width, (b[1] - a[1]) * page.height) for a, b, *_ in polygons]
    if not across:
        return 0.0
    middle = math.atan2(sum(y for _, y in across), sum(x for x, _ in across))
    off = sorted((math.remainder(math.atan2(y, x) - middle, math.tau), math.hypot(x, y)) for x, y in across)
    half = sum(length for _, length in off) / 2
    passed = accumulate(length for _, length in off)
    return middle + next((angle for (angle, _), so_far in zip(off, passed, strict=True) if so_far >= half), 0.0)


def _upright(piece: Piece, page: Page, angle: float) -> Box:
    cos, sin = math.cos(angle), math.sin(angle)
    points = [(x * page.width, y * page.height) for x, y in piece.word.polygon]
    across = [x * cos - y * sin for x, y in points]
    down = [x * sin + y * cos for x, y in points]
    return Box(min(across), min(down), max(across), max(down))


def _part(piece: Piece, box: Box, start: int, end: int) -> Box:
    """The part of a word's box that these characters take, each as wide as the next."""
    length, width = max(piece.end - piece.start, 1), box.right - box.left
    first, last = max(start - piece.start, 0) / length, min(end - piece.start, length) / length
    return Box(box.left + width * first, box.top, box.left + width * last, box.bottom)
