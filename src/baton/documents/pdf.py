"""PDF pages: what their text layer says and shows, and what they look like."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from baton.documents.textlayer import Layer, layer_of
from baton.errors import BatonError

DOTS_PER_INCH: Final = 200
LONGEST_SIDE: Final = 2600
LOCK = threading.RLock()
"""PDFium is not made for threads: one call at a time in a process."""

_WHY: Final = {
    raw.FPDF_ERR_PASSWORD: "the PDF is locked with a password: ask for one without",
    raw.FPDF_ERR_SECURITY: "the PDF is protected in a way that cannot be opened: ask for an ordinary one",
}


class NoPdf(BatonError):
    """A PDF cannot be read."""


@dataclass(frozen=True)
class Sheet:
    """One page of a PDF, before anything is read by eye."""

    width: float
    """Points."""
    height: float
    layer: Layer
    pictured: float
    """The share of the page that pictures cover."""


class Pdf:
    """An open PDF."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        with LOCK:
            self.count = len(document)

    def sheet(self, index: int) -> Sheet:
        """What the text layer of this page says, hidden words marked."""
        with self._page(index) as page:
            width, height = page.get_size()
            seen = np.asarray(_render(page, 108).convert("L"))
            return Sheet(width, height, layer_of(page, seen), _pictured(page))

    def size(self, index: int) -> tuple[float, float]:
        """How wide and high the page is, in points."""
        with self._page(index) as page:
            width, height = page.get_size()
            return float(width), float(height)

    def look(self, index: int) -> Image.Image:
        """The page as it is printed."""
        with self._page(index) as page:
            return _render(page, DOTS_PER_INCH)

    @contextmanager
    def _page(self, index: int) -> Iterator[pdfium.PdfPage]:
        with LOCK:
            try:
                page = _filled(self._document, index)
            except pdfium.PdfiumError as error:
                raise NoPdf(f"page {index + 1} of the PDF is damaged: ask for it again") from error
            try:
                yield page
            finally:
                page.close()


@contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """Opens a PDF. Raises `NoPdf`, with why in words for staff."""
    with LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise NoPdf(_WHY.get(error.err_code, "the PDF is damaged, empty or not complete: ask for it again")) from error
        _fill_forms(document)
    try:
        yield Pdf(document)
    finally:
        with LOCK:
            document.close()


def _fill_forms(document: pdfium.PdfDocument) -> None:
    """What was typed into form fields is part of what the page shows."""
    try:
        document.init_forms()
    except pdfium.PdfiumError:
        return


def _filled(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """The page with what was typed into its form made part of the page, so that the text layer has it."""
    page = document[index]
    if not document.formenv:
        return page
    page.flatten()
    page.close()
    return document[index]


def _render(page: pdfium.PdfPage, dots: int) -> Image.Image:
    scale = min(dots / 72, LONGEST_SIDE / max(*page.get_size(), 1))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        picture: Image.Image = bitmap.to_pil()
        return picture.convert("RGB").copy()  # the bitmap's own memory goes with it
    finally:
        bitmap.close()


def _pictured(page: pdfium.PdfPage) -> float:
    left, bottom, right, top = page.get_bbox()
    area = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = picture.get_bounds()
        area += max(min(x1, right) - max(x0, left), 0) * max(min(y1, top) - max(y0, bottom), 0)
    return float(min(area / max((right - left) * (top - bottom), 1), 1))
