"""A slip from a till: narrow, monospaced."""

from collections.abc import Callable
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from samples.sheet import page_for
from samples.slip import Item, Slip
from samples.wording import LABELS

ROLL = 80 * mm


class _Roll:
    """Writes a till's lines from the top down; run once to measure, once to print."""

    def __init__(self, canvas: Canvas | None, top: float) -> None:
        self.canvas, self.y = canvas, top

    def line(self, text: str, *, right: str = "", size: float = 9.2, bold: bool = False, middle: bool = False) -> None:
        self.y -= size * 1.38
        if self.canvas is None:
            return
        self.canvas.setFont("Courier-Bold" if bold else "Courier", size)
        write: Callable[..., None] = self.canvas.drawCentredString if middle else self.canvas.drawString
        write(ROLL / 2 if middle else 5 * mm, self.y, text)
        self.canvas.drawRightString(ROLL - 5 * mm, self.y, right)

    def gap(self, height: float = 6) -> None:
        self.y -= height

    def rule(self) -> None:
        self.line("-" * 36, size=9.2)


def till_slip(slip: Slip) -> bytes:
    """The slip as PDF, as long as what it says."""
    measure = _Roll(None, 0)
    _print_till(measure, slip)
    height = 14 * mm - measure.y
    target = BytesIO()
    canvas = page_for(target, (ROLL, height), slip)
    _print_till(_Roll(canvas, height - 6 * mm), slip)
    canvas.save()
    return target.getvalue()


def _print_till(roll: _Roll, slip: Slip) -> None:
    says, shop = LABELS[slip.seller.language], slip.seller
    roll.line(shop.name, size=min(11.5, 325 / len(shop.name)), bold=True, middle=True)
    for line in shop.address:
        roll.line(line, middle=True)
    roll.line(f"{says['phone']} {shop.phone}", middle=True)
    roll.line(f"{says['vat_number']} {shop.vat_number}", middle=True)
    roll.rule()
    roll.line(f"{says['date']}: {slip.date}", right=f"{slip.sold:%H:%M}", bold=True)
    roll.line(f"{says['number']}: {slip.number}", bold=True)
    roll.rule()
    for item in slip.items:
        _print_item(roll, slip, item, says["serial"])
    roll.rule()
    roll.line(says["net"], right=slip.money(slip.net))
    roll.line(f"{says['vat']} {shop.vat_percent}%", right=slip.money(slip.total - slip.net))
    roll.gap()
    roll.line(f"{says['total']} {slip.currency}", right=slip.money(slip.total), size=13, bold=True)
    roll.gap()
    roll.line(says["card"], right=slip.money(slip.total))
    roll.line("**** **** **** 4471", middle=True)
    roll.gap(10)
    roll.line(says["thanks"], middle=True)
    roll.line(says["keep"], size=7.6, middle=True)


def _print_item(roll: _Roll, slip: Slip, item: Item, serial: str) -> None:
    roll.line(item.name, right=slip.money(item.price))
    if item.serial:
        roll.line(f"  {serial}: {item.serial}")
