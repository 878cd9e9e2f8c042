"""The text layer of a PDF page: words with boxes, and which of them nobody sees."""

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from baton.types.documents import Point, Word

FAINT: Final = 24
"""Of 255 shades of grey: with less between paper and letters nobody sees them."""
TINY: Final = 2.0
"""Points: smaller letters nobody reads."""
_LIGATURES: Final = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\x02": "-", "\xad": "-"}
_UNSEEN_MODES: Final = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Layer:
    """The words of a text layer."""

    words: tuple[Word, ...]
    garbled: float
    """The share of characters that are no characters of any language."""

    @property
    def seen(self) -> tuple[Word, ...]:
        """The words that a reader of the printed page sees."""
        return tuple(word for word in self.words if not word.hidden)

    @property
    def hidden(self) -> tuple[Word, ...]:
        """The words that are in the file only."""
        return tuple(word for word in self.words if word.hidden)

    @property
    def is_sound(self) -> bool:
        """Whether the layer is a text, and not a page number or the rubble of a broken font."""
        return self.garbled < 0.1 and sum(len(word.text) for word in self.seen) >= 10


@dataclass
class _Run:
    """Characters of one word so far."""

    text: str = ""
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    unseen: bool = False
    angle: float = 0.0
    """The direction of reading in radians, clockwise on the page as it is stored."""


def layer_of(page: pdfium.PdfPage, seen: Grey) -> Layer:
    """The text layer of a page; `seen` is the page as printed, in shades of grey."""
    textpage = page.get_textpage()
    try:
        place = _placing(page)
        words = [word for run in _runs(textpage) if (word := _word(run, place, seen))]
    finally:
        textpage.close()
    text = "".join(word.text for word in words if not word.hidden)
    garbled = sum(unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs") or character == "\ufffd" for character in text)
    return Layer(tuple(words), garbled / max(len(text), 1))


def _runs(textpage: pdfium.PdfTextPage) -> Iterator[_Run]:
    run, modes = _Run(), dict[int, bool]()
    for index in range(raw.FPDFText_CountChars(textpage)):
        character = chr(raw.FPDFText_GetUnicode(textpage, index))
        if character.isspace() or character == "\0":
            if run.text:
                yield run
            run = _Run()
            continue
        box = _box(textpage, index)
        unseen = _is_unseen(textpage, index, modes) or 0 < max(box[2] - box[0], box[3] - box[1]) < TINY
        if run.text and unseen != run.unseen:
            yield run
            run = _Run()
        if not run.text:
            run.unseen, run.angle = unseen, raw.FPDFText_GetCharAngle(textpage, index)
        run.text += _LIGATURES.get(character, character)
        run.boxes.append(box)
    if run.text:
        yield run


def _box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in points: as high as the line, so that a dot stands on it like a letter."""
    loose = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(textpage, index, loose) and loose.right > loose.left and loose.top > loose.bottom:
        return loose.left, loose.bottom, loose.right, loose.top
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _is_unseen(textpage: pdfium.PdfTextPage, index: int, modes: dict[int, bool]) -> bool:
    """Whether the file itself says that this character is not painted; asked once for each text object."""
    thing = raw.FPDFText_GetTextObject(textpage, index)
    if not thing:
        return False
    address = ctypes.cast(thing, ctypes.c_void_p).value or 0
    if address not in modes:
        alpha = ctypes.c_uint(255)
        red, green, blue = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
        painted = raw.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha)
        modes[address] = raw.FPDFTextObj_GetTextRenderMode(thing) in _UNSEEN_MODES or bool(painted and alpha.value < 16)
    return modes[address]


@dataclass(frozen=True)
class _Placing:
    """How points of the page, which may be cropped and turned, lie on the page as it is shown."""

    size: npt.NDArray[np.float64]
    origin: npt.NDArray[np.float64]
    across: npt.NDArray[np.float64]
    up: npt.NDArray[np.float64]

    def quarters(self, angle: float) -> int:
        """How many quarter turns clockwise from upright a text of this angle is shown."""
        across, down = (math.cos(angle) * self.across - math.sin(angle) * self.up) * self.size
        return round(math.degrees(math.atan2(down, across)) / 90) % 4

    def __call__(self, x: float, y: float) -> Point:
        at = self.origin + x * self.across + y * self.up
        return float(at[0]), float(at[1])


def _placing(page: pdfium.PdfPage) -> _Placing:
    far = 1000.0
    origin, right, top = (_shown(page, *point) for point in ((0, 0), (far, 0), (0, far)))
    return _Placing(np.array(page.get_size()), origin, (right - origin) / far, (top - origin) / far)


def _shown(page: pdfium.PdfPage, x: float, y: float) -> npt.NDArray[np.float64]:
    size = 1_000_000  # PDFium answers in whole dots
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, size, size, 0, x, y, across, down)
    return np.array([across.value / size, down.value / size])


def _word(run: _Run, place: _Placing, seen: Grey) -> Word | None:
    text = run.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = "".join(character for character in text if unicodedata.category(character) != "Cc")
    if not text:
        return None
    corners = [place(x, y) for left, bottom, right, top in run.boxes for x, y in ((left, bottom), (right, top))]
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*corners, strict=True))
    if right <= 0 or bottom <= 0 or left >= 1 or top >= 1:
        return Word(text=text, hidden=True)
    box = tuple(min(max(value, 0.0), 1.0) for value in (left, top, right, bottom))
    return Word(text=text, polygon=_polygon(*box, quarters=place.quarters(run.angle)), hidden=run.unseen or _is_faint(box, seen))


def _polygon(left: float, top: float, right: float, bottom: float, *, quarters: int) -> tuple[Point, ...]:
    left, top, right, bottom = (round(value, 5) for value in (left, top, right, bottom))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return corners[quarters:] + corners[:quarters]


def _is_faint(box: tuple[float, ...], seen: Grey) -> bool:
    """Whether the place where the word should stand looks empty: white on white, or covered."""
    height, width = seen.shape
    left, top, right, bottom = box
    part = seen[int(top * height) : int(bottom * height) + 1, int(left * width) : int(right * width) + 1]
    return part.size == 0 or int(part.max()) - int(part.min()) < FAINT
