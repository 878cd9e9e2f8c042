"""What a receipt lies on when somebody photographs it: an oak table, a stone worktop, a linen cloth."""

from typing import TypeAlias

import cv2
import numpy
from numpy.typing import ArrayLike, NDArray

from samples.story import Surface

Light: TypeAlias = NDArray[numpy.float32]
"""An image as light, height by width by RGB, 0 to 1; or one plane of it."""


def surface(kind: Surface, width: int, height: int, rng: numpy.random.Generator) -> Light:
    """A surface of this many pixels."""
    match kind:
        case "oak":
            return _oak(width, height, rng)
        case "stone":
            return _stone(width, height, rng)
        case "linen":
            return _linen(width, height, rng)


def as_light(seen: ArrayLike) -> Light:
    """Whatever numpy or OpenCV returned, as light."""
    return numpy.asarray(seen, dtype=numpy.float32)


def clouds(width: int, height: int, cells: tuple[int, int], rng: numpy.random.Generator) -> Light:
    """Smooth noise between 0 and 1 with about this many cells across and down."""
    coarse = rng.random((max(cells[1], 2), max(cells[0], 2)), dtype=numpy.float32)
    return as_light(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def _oak(width: int, height: int, rng: numpy.random.Generator) -> Light:
    grain = 0.55 * clouds(width, height, (3, 260), rng) + 0.3 * clouds(width, height, (7, 90), rng)
    grain += 0.15 * clouds(width, height, (60, 700), rng)
    plank = height // 4
    for at in range(0, height, plank):
        grain[at : at + plank] += rng.uniform(-0.12, 0.12)
        grain[at : at + 3] -= 0.45  # the joint between two planks
    return _coloured(grain, (0.36, 0.23, 0.13), (0.70, 0.50, 0.32))


def _stone(width: int, height: int, rng: numpy.random.Generator) -> Light:
    speckle = 0.5 * clouds(width, height, (12, 16), rng) + 0.25 * clouds(width, height, (90, 120), rng)
    speckle += 0.25 * clouds(width, height, (width // 3, height // 3), rng)
    return _coloured(speckle, (0.20, 0.21, 0.23), (0.52, 0.53, 0.54))


def _linen(width: int, height: int, rng: numpy.random.Generator) -> Light:
    across, down = numpy.arange(width, dtype=numpy.float32), numpy.arange(height, dtype=numpy.float32)
    weave = 0.5 + 0.18 * numpy.sin(across * 1.25)[None, :] + 0.18 * numpy.sin(down * 1.25)[:, None]
    weave = weave + 0.35 * (clouds(width, height, (5, 6), rng) - 0.5) + 0.2 * (clouds(width, height, (width // 4, 60), rng) - 0.5)
    return _coloured(as_light(weave), (0.22, 0.30, 0.38), (0.48, 0.57, 0.63))


def _coloured(plane: Light, dark: tuple[float, float, float], light: tuple[float, float, float]) -> Light:
    ramp = numpy.linspace(dark, light, 256, dtype=numpy.float32)
    return ramp[numpy.clip(plane * 255, 0, 255).astype(numpy.uint8)]
