"""Papers for tests: receipts drawn, scanned and turned, PDFs of every kind. Nothing here depends on system fonts."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(reportlab.__file__).parent / "fonts"
RECEIPT = (
    "KITCHEN WORLD LTD",
    "12 Station Road, Bristol",
    "Receipt no. 2024-00817",
    "Date 14/03/2024",
    "Espresso machine EM-500   389.00",
    "Serial number EM500-77413",
    "TOTAL EUR   389.00",
    "Thank you for your purchase",
)


def receipt(lines: tuple[str, ...] = RECEIPT, size: int = 26) -> Image.Image:
    """A clean picture of a receipt."""
    font = ImageFont.truetype(str(FONTS / "Vera.ttf"), size)
    paper = Image.new("RGB", (22 * size, int(size * 1.9 * (len(lines) + 2))), "white")
    draw = ImageDraw.Draw(paper)
    for number, line in enumerate(lines, 1):
        draw.text((size, int(size * 1.9 * number)), line, fill=(30, 30, 30), font=font)
    return paper


def scanned(picture: Image.Image, skew: float = 0.0, seed: int = 7) -> Image.Image:
    """The same paper out of a cheap scanner: skewed clockwise by so many degrees, soft and noisy."""
    paper = picture.rotate(-skew, expand=True, fillcolor=(245, 244, 240), resample=Image.Resampling.BICUBIC)
    noise = Image.frombytes("L", paper.size, random.Random(seed).randbytes(paper.width * paper.height))
    grain = Image.merge("RGB", [noise.point(lambda value: value // 8)] * 3)
    return Image.blend(paper.filter(ImageFilter.GaussianBlur(0.6)), grain, 0.12)


def encoded(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def pdf(*pages: Callable[[Canvas], object], password: str | None = None) -> bytes:
    """A PDF with a text layer; each page is drawn by its function."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600), encrypt=StandardEncryption(password) if password else None)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def turned(data: bytes, degrees: int) -> bytes:
    """The same PDF with a note on every page to show it turned clockwise."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            page.set_rotation(degrees)
        document.save(out)
    return out.getvalue()


def printed(canvas: Canvas) -> None:
    """The receipt as text."""
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(RECEIPT, 1):
        canvas.drawString(40, 580 - 24 * number, line)


def pictured(picture: Image.Image) -> Callable[[Canvas], object]:
    """A page that is nothing but a picture."""
    return lambda canvas: canvas.drawImage(ImageReader(picture), 0, 0, width=400, height=600, preserveAspectRatio=True)
