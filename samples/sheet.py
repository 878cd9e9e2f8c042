"""A PDF page to print receipts on: the same bytes for the same receipt, with fonts that every machine has."""

from functools import cache
from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples.slip import Slip


def page_for(target: BytesIO, size: tuple[float, float], slip: Slip) -> Canvas:
    """An empty page that carries no time stamp."""
    canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(f"Receipt {slip.number}")
    return canvas


@cache
def register_fonts() -> None:
    """The two typefaces that reportlab itself carries: a fresh machine may have none."""
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
