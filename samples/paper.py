"""Receipts on paper: as PDF with a text layer, as a picture of it, and worn."""

import numpy
import pypdfium2
from PIL import Image

from samples.invoice import invoice
from samples.slip import Slip
from samples.till import till_slip


def pdf_of(slip: Slip) -> bytes:
    """The receipt as the shop's system makes it, with a text layer."""
    return till_slip(slip) if slip.seller.style == "till" else invoice(slip)


def picture_of(pdf: bytes, width: int) -> Image.Image:
    """The first page of a PDF as an image of this many pixels across."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        bitmap = page.render(scale=width / page.get_width())
        picture: Image.Image = bitmap.to_pil()
        return picture.convert("RGB")


def worn(paper: Image.Image, rng: numpy.random.Generator) -> Image.Image:
    """Thermal print after a year in a drawer: greyer ink, faint in stripes where the print head was worn."""
    grey = numpy.asarray(paper.convert("L"), dtype=numpy.float32) / 255
    head = numpy.interp(numpy.arange(grey.shape[1]), numpy.linspace(0, grey.shape[1], 24), rng.uniform(0.72, 0.95, 24))
    faded = 1 - (1 - grey) * head[None, :].astype(numpy.float32)
    tint = numpy.array([0.975, 0.968, 0.94], dtype=numpy.float32)
    return Image.fromarray((faded[:, :, None] * tint * 255).astype(numpy.uint8))
