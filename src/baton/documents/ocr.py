"""A picture of a page becomes words: turned upright, line by line, with boxes on the picture as it came."""

import math
from typing import Final

import cv2
import numpy as np
from PIL import Image

from baton.documents.engine import Pixels, Quad, Read, find_lines, glance_at_line, on_their_heads, read_line
from baton.documents.layout import angle_of
from baton.documents.letters import look_at
from baton.documents.pace import Pace
from baton.documents.papers import papers_of
from baton.documents.text import page_of
from baton.types.documents import Page, Point, Word

LEAST_SURE: Final = 0.5
"""A line read less surely than this is a stain, not a text."""

CLEAR: Final = 0.9
"""A line that gives less sure a reading at a glance is read again carefully."""

FAINT: Final = 24
"""Of 255 shades: a page with less between its lightest and darkest spot is empty."""

PLAINLY: Final = 0.25
"""So much surer readings one way up than the other leave no doubt."""

_ASKED: Final = 8
"""How many of the longest lines say which way is up."""


def read_picture(picture: Image.Image, number: int = 1) -> Page:
    """The words of one page, which may lie on its side, stand on its head or be skewed by a few degrees."""
    pixels: Pixels = np.asarray(picture.convert("RGB"))
    quads = _lines(pixels) if np.ptp(pixels) > FAINT else []
    quarters = int(_lies_sideways(quads))
    upright = np.ascontiguousarray(np.rot90(pixels, -quarters))
    if quarters:  # sideways lines are found less well than upright ones
        quads = _lines(upright)
    if _stands_on_its_head(upright, quads):
        quads, quarters = [_turned(quad, upright) for quad in quads], quarters + 2
        upright = np.ascontiguousarray(np.rot90(upright, 2))
    words = _words(upright, quads, quarters)
    height, width = pixels.shape[:2]
    turned = -angle_of([word.polygon for word in words], width, height) if words else 0.0
    papers = papers_of(words, pixels)
    return page_of(words, number=number, width=width, height=height, turned=round(turned, 2) + 0.0, papers=papers)


def _lines(pixels: Pixels) -> list[Quad]:
    """The lines of the part that carries ink, searched for no larger than their letters need."""
    seen = look_at(pixels)
    part = pixels[seen.top : seen.bottom, seen.left : seen.right]
    offset = np.array([seen.left, seen.top], dtype=np.float32)
    return [quad + offset for quad in find_lines(part, seen.scale)]


def _lies_sideways(quads: list[Quad]) -> bool:
    return sum(_length(quad) * (1 if _is_tall(quad) else -1) for quad in quads) > 0


def _stands_on_its_head(pixels: Pixels, quads: list[Quad]) -> bool:
    """Whether most of the long lines are upside down; where the quick classifier is in doubt, reading decides."""
    longest = sorted((quad for quad in quads if not _is_tall(quad)), key=_length, reverse=True)[:_ASKED]
    cuts = [_cut(pixels, quad) for quad in longest]
    if not cuts:
        return False
    share = on_their_heads(cuts)
    if not 0.2 < share < 0.8:
        return share > 0.5
    return _read_better_turned(cuts[:4])


def _read_better_turned(cuts: list[Pixels]) -> bool:
    """Whether lines make more sense upside down; the first that tells plainly decides."""
    lead = 0.0
    for cut in cuts:
        lead += glance_at_line(np.rot90(cut, 2), 1.0).confidence - glance_at_line(cut, 1.0).confidence
        if abs(lead) > PLAINLY:
            break
    return lead > 0


def _words(pixels: Pixels, quads: list[Quad], quarters: int) -> list[Word]:
    height, width = pixels.shape[:2]
    words, pace = list[Word](), Pace()
    for quad in quads:
        read = _read(_cut(pixels, quad), pace)
        if read.confidence >= LEAST_SURE:
            words += [
                Word(text=text, polygon=_on_page(part, width, height, quarters), confidence=sure)
                for text, part, sure in _split(read, quad)
            ]
    return words


def _read(cut: Pixels, pace: Pace) -> Read:
    """Reads a cut as it stands; and a tall one that gives no sense also lying down."""
    read = glance_at_line(cut, pace.for_line(cut))
    pace.see(cut, read)
    if read.confidence < CLEAR:
        read = max(read, read_line(cut), key=lambda read: read.confidence)
    if cut.shape[0] > 1.5 * cut.shape[1] and read.confidence < 0.8:
        return max(read, read_line(np.rot90(cut)), key=lambda read: read.confidence)
    return read


def _split(read: Read, quad: Quad) -> list[tuple[str, Quad, float]]:
    """The words of a line, each with its part of the line's box; a wide gap parts words like a blank."""
    half = _half_character(read)
    found, start = [], 0
    for end in range(1, len(read.text) + 1):
        if end == len(read.text) or _parts(read, start, end, half):
            if text := read.text[start:end].strip():
                part = _part(quad, read.at[start] - half, read.at[end - 1] + half)
                found.append((text, part, round(min(read.sure[start:end]), 4)))
            start = end
    return found


def _parts(read: Read, start: int, end: int, half: float) -> bool:
    """Whether a new word begins at this character."""
    return read.text[end].isspace() or read.text[start].isspace() or read.at[end] - read.at[end - 1] > 6 * half


def _half_character(read: Read) -> float:
    steps = sorted(b - a for a, b in zip(read.at, read.at[1:], strict=False) if b > a)
    return (steps[len(steps) // 2] if steps else 0.5) / 2


def _part(quad: Quad, start: float, end: float) -> Quad:
    """The part of a quadrilateral between two fractions of its length."""
    start, end = max(start, 0.0), min(end, 1.0)
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    corners = [quad[0] + start * top, quad[0] + end * top, quad[3] + end * bottom, quad[3] + start * bottom]
    return np.array(corners, dtype=np.float32)


def _on_page(quad: Quad, width: int, height: int, quarters: int) -> tuple[Point, ...]:
    """Corners as fractions of the page as it came, before it was turned by so many quarters clockwise."""
    points = [(float(x) / width, float(y) / height) for x, y in quad]
    for _ in range(quarters):
        points = [(y, 1 - x) for x, y in points]
    return tuple((_fraction(x), _fraction(y)) for x, y in points)


def _fraction(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def _cut(pixels: Pixels, quad: Quad) -> Pixels:
    """One line cut out and straightened."""
    width = max(int(max(math.dist(quad[0], quad[1]), math.dist(quad[2], quad[3]))), 1)
    height = max(int(max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2]))), 1)
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    how = cv2.getPerspectiveTransform(quad, straight)
    cut = cv2.warpPerspective(pixels, how, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return cut.astype(np.uint8, copy=False)


def _length(quad: Quad) -> float:
    return float(max(math.dist(quad[0], quad[1]), math.dist(quad[0], quad[3])))


def _is_tall(quad: Quad) -> bool:
    return math.dist(quad[0], quad[3]) > 1.5 * math.dist(quad[0], quad[1])


def _turned(quad: Quad, pixels: Pixels) -> Quad:
    """The same box after the page is turned upside down; the first corner is again the top left one."""
    height, width = pixels.shape[:2]
    return np.roll(np.array([width, height], dtype=np.float32) - quad, 2, axis=0)
