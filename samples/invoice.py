"""An invoice on a sheet of A4, as a web shop sends it."""

from io import BytesIO

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from samples.sheet import page_for, register_fonts
from samples.slip import Slip

_INK = HexColor("#26303a")
_BRAND = HexColor("#1f4d46")
_PALE = HexColor("#e9efec")
_GREY = HexColor("#6b757d")


def invoice(slip: Slip) -> bytes:
    """The invoice as PDF."""
    register_fonts()
    target = BytesIO()
    canvas = page_for(target, A4, slip)
    _letterhead(canvas, slip)
    bottom = _table(canvas, slip, A4[1] - 112 * mm)
    _sums(canvas, slip, bottom - 8 * mm)
    _foot(canvas, slip)
    canvas.save()
    return target.getvalue()


def _letterhead(canvas: Canvas, slip: Slip) -> None:
    width, height = A4
    canvas.setFillColor(_BRAND)
    canvas.rect(0, height - 8 * mm, width, 8 * mm, stroke=0, fill=1)
    canvas.circle(26 * mm, height - 27 * mm, 6 * mm, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont("VeraBd", 13)
    canvas.drawCentredString(26 * mm, height - 28.7 * mm, slip.seller.name[:1])
    _text(canvas, 36 * mm, height - 26 * mm, slip.seller.name, "VeraBd", 15, _BRAND)
    for at, line in enumerate((*slip.seller.address, f"VAT no {slip.seller.vat_number}")):
        _text(canvas, 36 * mm, height - (32 + 5 * at) * mm, line, "Vera", 8.5, _GREY)
    _text(canvas, 20 * mm, height - 62 * mm, "Receipt", "VeraBd", 20, _INK)
    _text(canvas, 20 * mm, height - 74 * mm, "Sold to", "Vera", 8.5, _GREY)
    _text(canvas, 20 * mm, height - 80 * mm, slip.buyer, "Vera", 10.5, _INK)
    for at, (label, value) in enumerate((("Receipt no", slip.number), ("Date", slip.date), ("Time", f"{slip.sold:%H:%M}"))):
        _text(canvas, 120 * mm, height - (74 + 6.5 * at) * mm, label, "Vera", 9, _GREY)
        _text(canvas, 148 * mm, height - (74 + 6.5 * at) * mm, value, "VeraBd", 9.5, _INK)


def _table(canvas: Canvas, slip: Slip, top: float) -> float:
    canvas.setFillColor(_PALE)
    canvas.rect(20 * mm, top - 2.4 * mm, A4[0] - 40 * mm, 8 * mm, stroke=0, fill=1)
    _text(canvas, 23 * mm, top, "Article", "VeraBd", 9, _BRAND)
    _text(canvas, 112 * mm, top, "Qty", "VeraBd", 9, _BRAND)
    _right(canvas, top, f"Amount {slip.currency}", "VeraBd", 9, _BRAND)
    for item in slip.items:
        top -= 10 * mm
        _text(canvas, 23 * mm, top, item.name, "Vera", 10, _INK)
        _text(canvas, 112 * mm, top, "1", "Vera", 10, _INK)
        _right(canvas, top, slip.money(item.price), "Vera", 10, _INK)
        if item.serial:
            top -= 5.5 * mm
            _text(canvas, 23 * mm, top, f"Serial number {item.serial}", "Vera", 8.5, _GREY)
    canvas.setStrokeColor(_PALE)
    canvas.line(20 * mm, top - 5 * mm, A4[0] - 20 * mm, top - 5 * mm)
    return float(top - 5 * mm)


def _sums(canvas: Canvas, slip: Slip, top: float) -> None:
    vat = slip.total - slip.net
    for label, amount in (("Subtotal excl. VAT", slip.net), (f"VAT {slip.seller.vat_percent}%", vat)):
        _text(canvas, 112 * mm, top, label, "Vera", 9.5, _GREY)
        _right(canvas, top, slip.money(amount), "Vera", 9.5, _INK)
        top -= 6.5 * mm
    _text(canvas, 112 * mm, top - 2 * mm, f"Total {slip.currency}", "VeraBd", 12, _INK)
    _right(canvas, top - 2 * mm, slip.money(slip.total), "VeraBd", 12, _INK)
    _text(canvas, 112 * mm, top - 10 * mm, "Paid by card ending 4471", "Vera", 8.5, _GREY)


def _foot(canvas: Canvas, slip: Slip) -> None:
    _text(canvas, 20 * mm, 24 * mm, "Keep this receipt as proof of purchase; your warranty needs it.", "Vera", 8.5, _GREY)
    if slip.hidden:
        # White on white: a person sees an empty foot, a text layer holds the words.
        for at, line in enumerate(slip.hidden.strip().splitlines()):
            _text(canvas, 20 * mm, (18 - 3 * at) * mm, line, "Vera", 5, white)


def _text(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _right(canvas: Canvas, y: float, text: str, font: str, size: float, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawRightString(A4[0] - 23 * mm, y, text)
