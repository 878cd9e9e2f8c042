"""The last page of every contract that is signed here: what is signed, who signs, and a place for each signature."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Final, Literal, TypeAlias

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from baton.types.frozen import Frozen

Side: TypeAlias = Literal["company", "customer"]
PLACES: Final[dict[Side, tuple[int, int, int, int]]] = {"company": (57, 300, 539, 410), "customer": (57, 160, 539, 270)}
"""Where each side's signature stands on the page, in points from the bottom left."""
FIELDS: Final[dict[Side, str]] = {"company": "BatonCompany", "customer": "BatonCustomer"}
_INK, _GREY, _LINE = HexColor("#26303a"), HexColor("#6b757d"), HexColor("#c8d0d4")
_LONGEST: Final = 96


class SignaturePage(Frozen):
    """What the page says."""

    title: str
    facts: tuple[tuple[str, str], ...]
    """Label and value, as in `Value`, `4,800.00 EUR`."""


def drawn(page: SignaturePage) -> bytes:
    """The page as a PDF of its own; the same bytes for the same words."""
    canvas, target = _canvas(A4)
    _text(canvas, 20 * mm, 272 * mm, "Signatures", "VeraBd", 17, _INK)
    _text(canvas, 20 * mm, 264 * mm, page.title, "Vera", 10, _GREY)
    for at, (label, value) in enumerate(page.facts[:14]):
        top = (252 - 7 * at) * mm
        _text(canvas, 20 * mm, top, label, "Vera", 8.5, _GREY)
        _text(canvas, 62 * mm, top, value, "Vera", 8.5, _INK)
    for side, (left, bottom, right, top) in PLACES.items():
        canvas.setStrokeColor(_LINE)
        canvas.rect(left, bottom, right - left, top - bottom, stroke=1, fill=0)
        _text(canvas, left, top + 6, f"For the {side}", "VeraBd", 9, _INK)
    _text(canvas, 20 * mm, 40 * mm, "Each signature covers this page and every page before it.", "Vera", 8, _GREY)
    canvas.save()
    return target.getvalue()


def appearance(lines: Sequence[str], side: Side) -> bytes:
    """How a signature looks in its place: a PDF as large as the place."""
    left, bottom, right, top = PLACES[side]
    canvas, target = _canvas((right - left, top - bottom))
    _text(canvas, 10, top - bottom - 20, lines[0], "VeraBd", 12, _INK)
    for at, line in enumerate(lines[1:7]):
        _text(canvas, 10, top - bottom - 36 - 12 * at, line, "Vera", 7.5, _GREY if at else _INK)
    canvas.save()
    return target.getvalue()


def _canvas(size: tuple[float, float]) -> tuple[Canvas, BytesIO]:
    _fonts()
    target = BytesIO()
    return Canvas(target, pagesize=size, invariant=1), target


def _text(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, y, printable(text, font)[:_LONGEST])


def printable(text: str, font: str = "Vera") -> str:
    """The text with every letter that the font lacks written without its accents; the certificate has the full name."""
    _fonts()
    known = pdfmetrics.getFont(font).face.charToGlyph
    return "".join(one if ord(one) in known else _plain(one) for one in " ".join(text.split()))


def _plain(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return bare or {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}.get(letter, "?")


@cache
def _fonts() -> None:
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
