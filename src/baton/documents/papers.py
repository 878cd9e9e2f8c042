"""Two receipts on one photo: which words stand on which paper, so that their lines do not run into each other."""

import math
import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from baton.documents.engine import Pixels
from baton.documents.layout import Box, rows_of_boxes, upright
from baton.types.documents import Word

FEWEST_WORDS: Final = 12
FEWEST_ROWS: Final = 5
WIDEST_GAP: Final = 2.5
"""Letters' heights that must lie between two papers; between the columns of one paper there may be more."""
IN_STEP: Final = 0.6
"""Columns of one paper stand in step: more than this share of the rows of one has its like in the other."""
DARKER: Final = 40
"""Of 255 shades: where the table shows between two papers, it is darker than both by this."""

_Axis = Literal["across", "down"]
_AMOUNT: Final = re.compile(r"\d[.,]\d\d(?!\d)")


def papers_of(words: Sequence[Word], pixels: Pixels) -> list[list[Word]]:
    """The words of each paper, from left to right or top to bottom; one list when there is but one.

    Papers are told apart when a straight gap runs between two blocks that both carry amounts, and either the table shows in the
    gap, or the rows left and right of it are out of step. Two papers in step on a white ground are taken for one.
    """
    height, width = pixels.shape[:2]
    boxes, angle = upright(words, width, height)
    ground = _Ground(pixels, angle)
    return [[words[box.index] for box in paper] for paper in _parted(boxes, words, ground)]


class _Ground:
    """How bright the picture is at places of the upright page."""

    def __init__(self, pixels: Pixels, angle: float) -> None:
        self._pixels = pixels
        self._cos, self._sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def brightness(self, across: npt.NDArray[np.float64], down: npt.NDArray[np.float64]) -> float:
        """The brightness that a quarter of these places exceed: paper, where there is any."""
        x, y = across * self._cos - down * self._sin, across * self._sin + down * self._cos
        height, width = self._pixels.shape[:2]
        inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
        if not inside.any():
            return 255.0
        return float(np.quantile(self._pixels[y[inside].astype(int), x[inside].astype(int)].mean(axis=1), 0.75))


def _parted(boxes: list[Box], words: Sequence[Word], ground: _Ground) -> list[list[Box]]:
    axes: tuple[_Axis, _Axis] = ("across", "down")
    for axis in axes:
        for first, second in _halves(boxes, axis):
            if _is_paper(first, words) and _is_paper(second, words) and _are_apart(first, second, axis, ground):
                return [*_parted(first, words, ground), *_parted(second, words, ground)]
    return [boxes]


def _halves(boxes: list[Box], axis: _Axis) -> list[tuple[list[Box], list[Box]]]:
    """Every way to part the boxes by a straight gap that is wide enough, the widest gap first."""
    if not boxes:
        return []
    needed = WIDEST_GAP * float(np.median([box.height for box in boxes]))
    ordered = sorted(boxes, key=lambda box: _span(box, axis)[0])
    found, reached = [], -math.inf
    for place, box in enumerate(ordered):
        start, end = _span(box, axis)
        if place and start - reached > needed:
            found.append((start - reached, place))
        reached = max(reached, end)
    return [(ordered[:place], ordered[place:]) for _, place in sorted(found, reverse=True)]


def _span(box: Box, axis: _Axis) -> tuple[float, float]:
    return (box.left, box.right) if axis == "across" else (box.top, box.bottom)


def _is_paper(boxes: list[Box], words: Sequence[Word]) -> bool:
    """Whether a block of words may be a paper of its own, and not a column of one."""
    texts = [words[box.index].text for box in boxes]
    spelled = sum(text[:1].isalpha() for text in texts)
    amounts = sum(bool(_AMOUNT.search(text)) for text in texts)
    return len(texts) >= FEWEST_WORDS and spelled >= 6 and amounts >= 2 and len(rows_of_boxes(boxes)) >= FEWEST_ROWS


def _are_apart(first: list[Box], second: list[Box], axis: _Axis, ground: _Ground) -> bool:
    if _table_shows(first, second, axis, ground):
        return True
    return axis == "across" and _share_in_step(first, second) < IN_STEP


def _share_in_step(first: list[Box], second: list[Box]) -> float:
    """The share of the rows of the block with fewer rows that stand at the height of a row of the other."""
    few, many = sorted((_middles(first), _middles(second)), key=len)
    letter = float(np.median([box.height for box in (*first, *second)]))
    return sum(bool(np.abs(many - row).min() < 0.3 * letter) for row in few) / len(few)


def _middles(boxes: list[Box]) -> npt.NDArray[np.float64]:
    return np.array([np.mean([(box.top + box.bottom) / 2 for box in row]) for row in rows_of_boxes(boxes)])


def _table_shows(first: list[Box], second: list[Box], axis: _Axis, ground: _Ground) -> bool:
    """Whether a strip somewhere between two blocks is darker than the paper of both."""
    start, end = max(_span(box, axis)[1] for box in first), min(_span(box, axis)[0] for box in second)
    other: _Axis = "down" if axis == "across" else "across"
    sides = [_span(box, other) for box in (*first, *second)]
    along = np.linspace(min(low for low, _ in sides), max(high for _, high in sides), 60)
    darkest = min(_strip(at, along, axis, ground) for at in np.linspace(start, end, 25)[1:-1])
    return all(_paper(block, ground) - darkest > DARKER for block in (first, second))


def _strip(at: float, along: npt.NDArray[np.float64], axis: _Axis, ground: _Ground) -> float:
    across = np.full_like(along, at)
    return ground.brightness(across, along) if axis == "across" else ground.brightness(along, across)


def _paper(boxes: list[Box], ground: _Ground) -> float:
    """How bright the paper under these words is."""
    across = np.array([box.left for box in boxes] + [box.right for box in boxes])
    down = np.array([(box.top + box.bottom) / 2 for box in boxes] * 2)
    return ground.brightness(across, down)
