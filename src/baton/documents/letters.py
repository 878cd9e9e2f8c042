"""A quick look at a picture before reading it: how high its letters are, and which part of it carries ink at all."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from baton.documents.engine import Pixels

LOOKED_AT: Final = 1400
"""Pixels of the longer side: enough to see letters as separate spots."""
LETTER: Final = 16
"""Pixels that the height of a letter should have when lines are searched for; more only costs time."""
MOST_SEARCHED: Final = 1280
"""Pixels of the longer side of the whole picture at which its lines are searched for when nothing is known of its letters."""
_FEW: Final = 20


@dataclass(frozen=True)
class Sight:
    """Where on a picture there may be text, and how much smaller it may be made to find its lines."""

    left: int
    top: int
    right: int
    bottom: int
    scale: float


def look_at(pixels: Pixels) -> Sight:
    """Where the ink is. A picture without letters is kept whole."""
    high, wide = pixels.shape[:2]
    scale = min(1.0, LOOKED_AT / max(high, wide))
    spots = _spots(pixels, scale)
    likely = spots[(spots[:, 3] >= 5) & (spots[:, 3] <= 100) & (spots[:, 2] <= 4 * spots[:, 3])]
    if len(likely) < _FEW:
        return Sight(0, 0, wide, high, min(1.0, MOST_SEARCHED / max(high, wide)))
    letter = float(np.median(likely[:, 3]))
    left, top, right, bottom = _bounds(spots, letter, round(wide * scale), round(high * scale))
    return Sight(
        left=max(int(left / scale), 0),
        top=max(int(top / scale), 0),
        right=min(int(right / scale) + 1, wide),
        bottom=min(int(bottom / scale) + 1, high),
        scale=min(1.0, LETTER * scale / letter),
    )


def _spots(pixels: Pixels, scale: float) -> npt.NDArray[np.int32]:
    """Left, top, width, height of what is darker than its surroundings, specks left out."""
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(
        cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15
    )
    spots = cv2.connectedComponentsWithStats(dark, connectivity=8)[2][1:]
    wide, high, area = spots[:, 2], spots[:, 3], spots[:, 4]
    keep = (wide >= 2) & (high >= 3) & (area >= 8) & (area >= 0.15 * wide * high)
    return np.asarray(spots[keep][:, :4], dtype=np.int32)


def _bounds(spots: npt.NDArray[np.int32], letter: float, wide: int, high: int) -> tuple[float, float, float, float]:
    """The box around everything but lonely specks and what touches the edge, with room to spare."""
    left, top = spots[:, 0], spots[:, 1]
    right, bottom = left + spots[:, 2], top + spots[:, 3]
    at_edge = (left <= 1) | (top <= 1) | (right >= wide - 1) | (bottom >= high - 1)
    beside = (spots[:, 3] >= 0.5 * letter) & _has_neighbours(spots, letter, wide, high)
    ink = beside | ((spots[:, 3] >= 0.9 * letter) & ~at_edge)
    if not ink.any():
        return 0, 0, wide, high
    room = 2.5 * letter
    return left[ink].min() - room, top[ink].min() - room, right[ink].max() + room, bottom[ink].max() + room


def _has_neighbours(spots: npt.NDArray[np.int32], letter: float, wide: int, high: int) -> npt.NDArray[np.bool_]:
    """Which spots stand within two letters of another one."""
    cell = max(round(2 * letter), 1)
    counts = np.zeros((high // cell + 3, wide // cell + 3), dtype=np.float32)
    row, column = (spots[:, 1] + spots[:, 3] // 2) // cell + 1, (spots[:, 0] + spots[:, 2] // 2) // cell + 1
    np.add.at(counts, (row, column), 1)
    near = cv2.boxFilter(counts, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(near[row, column] >= 2.5)
