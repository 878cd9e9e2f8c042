"""Rows from words: which words stand on one line, whatever the angle of the page. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from baton.types.documents import Line, Point, Word


@dataclass
class Box:
    """A word's box once the page stands upright."""

    index: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """As high as the line it stands on."""
        return self.bottom - self.top


def angle_of(polygons: list[tuple[Point, ...]], width: float, height: float) -> float:
    """The direction of reading in degrees, 0 to the right, 90 down the page: the median over the words, long ones counting more.

    Polygons are fractions of a page of this width and height, first corner top left as read.
    """
    seen = sorted(_direction(polygon, width, height) for polygon in polygons if len(polygon) == 4)
    if not seen:
        return 0.0
    # angles are on a circle: measure them from the heaviest direction before taking a median
    east = sum(length * math.cos(math.radians(angle)) for angle, length in seen)
    south = sum(length * math.sin(math.radians(angle)) for angle, length in seen)
    middle = math.degrees(math.atan2(south, east))
    off = sorted(((angle - middle + 180) % 360 - 180, length) for angle, length in seen)
    return _within_half_turn(middle + _weighted_median(off))


def rows_of(words: Sequence[Word], width: float, height: float) -> list[Line]:
    """Words grouped into lines, top to bottom, each left to right; words without a box are left out.

    Sweeping from the left, a word joins the row whose last word it stands beside, so that skew and curl do not matter.
    """
    boxes, _ = upright(words, width, height)
    return [Line(words=tuple(box.index for box in row)) for row in rows_of_boxes(boxes)]


def upright(words: Sequence[Word], width: float, height: float) -> tuple[list[Box], float]:
    """The boxes of the words once the page is turned upright around its top left corner, and by which angle it was turned."""
    angle = angle_of([word.polygon for word in words], width, height)
    return [_upright(index, word, width, height, angle) for index, word in enumerate(words) if word.polygon], angle


def rows_of_boxes(boxes: list[Box]) -> list[list[Box]]:
    """Boxes grouped into rows, top to bottom, each left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box.left, box.top)):
        beside = [(overlap, row) for row in rows if (overlap := _beside(row[-1], box)) > 0.4]
        if beside:
            max(beside, key=lambda pair: pair[0])[1].append(box)
        else:
            rows.append([box])
    rows.sort(key=_middle)
    return rows


def _direction(polygon: tuple[Point, ...], width: float, height: float) -> tuple[float, float]:
    (x0, y0), (x1, y1) = polygon[0], polygon[1]
    across, down = (x1 - x0) * width, (y1 - y0) * height
    return math.degrees(math.atan2(down, across)), math.hypot(across, down)


def _weighted_median(seen: list[tuple[float, float]]) -> float:
    half, run = sum(weight for _, weight in seen) / 2, 0.0
    for value, weight in seen:
        run += weight
        if run >= half:
            return value
    return 0.0


def _within_half_turn(angle: float) -> float:
    return (angle + 180) % 360 - 180


def _upright(index: int, word: Word, width: float, height: float, angle: float) -> Box:
    cos, sin = math.cos(math.radians(-angle)), math.sin(math.radians(-angle))
    points = [(x * width, y * height) for x, y in word.polygon]
    across = [x * cos - y * sin for x, y in points]
    down = [x * sin + y * cos for x, y in points]
    return Box(index, min(across), max(across), min(down), max(down))


def _beside(last: Box, box: Box) -> float:
    """How much two boxes share of the height of the lower one, 0 when the second does not stand to the right of the first."""
    lower = min(last.height, box.height)
    if lower <= 0 or box.left < last.right - lower:
        return 0.0
    return (min(last.bottom, box.bottom) - max(last.top, box.top)) / lower


def _middle(row: list[Box]) -> float:
    return sum(box.top + box.bottom for box in row) / len(row)
