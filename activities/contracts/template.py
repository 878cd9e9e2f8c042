"""Our own contract: a template filled from the deal on record, as a PDF. The same deal gives the same bytes."""

import re
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from activities.contracts.port import DealRecord
from baton.errors import BatonError

_FOLDER: Final = Path(__file__).parent / "templates"
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_INK: Final = HexColor("#26303a")


class NoTemplate(BatonError):
    """There is no such contract template."""


def contract_for(deal: DealRecord, template: str = "services") -> bytes:
    """The contract of a deal. Raises `NoTemplate`."""
    title, *parts = _text(template).strip().split("\n\n")
    heading, _, first = title.partition("\n")
    story: list[Flowable] = [Paragraph(escape(heading), _style("VeraBd", 17, 10)), *_said(first, deal)]
    for number, part in enumerate(parts, start=1):
        name, _, words = part.partition("\n")
        story += [Paragraph(f"{number}. {escape(name)}", _style("VeraBd", 11, 3, before=9)), *_said(words, deal)]
    target = BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=24 * mm, rightMargin=24 * mm, topMargin=26 * mm, bottomMargin=26 * mm, invariant=1,
        title=f"{heading} {deal.number}", author=deal.entity,
    )  # fmt: skip
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return target.getvalue()


def spoken(day: date) -> str:
    """As contracts write a day: `1 March 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def term_of(months: int) -> str:
    """As contracts write a term: `2 years`, `18 months`."""
    years, rest = divmod(months, 12)
    return f"{months} months" if rest or not years else f"{years} year{'' if years == 1 else 's'}"


def _said(words: str, deal: DealRecord) -> list[Flowable]:
    filled = Template(words).substitute(
        entity=deal.entity,
        party=deal.party,
        starts=spoken(deal.starts),
        title=deal.title,
        deal=deal.number,
        value=str(deal.value),
        payment_days=str(deal.payment_days),
        term=term_of(deal.term_months),
        law=deal.law,
    )
    return [Paragraph(escape(filled), _style("Vera", 9.5, 4)), Spacer(1, 2)]


def _foot(canvas: Canvas, document: Any) -> None:
    canvas.setFont("Vera", 7.5)
    canvas.setFillColor(HexColor("#6b757d"))
    canvas.drawString(24 * mm, 14 * mm, f"{document.title} · page {canvas.getPageNumber()}")


def _style(font: str, size: float, after: float, before: float = 0) -> ParagraphStyle:
    _fonts()
    return ParagraphStyle(
        font, fontName=font, fontSize=size, leading=size * 1.4, spaceAfter=after, spaceBefore=before, textColor=_INK
    )


@cache
def _fonts() -> None:
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


@cache
def _text(name: str) -> str:
    path = _FOLDER / f"{name}.txt"
    if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
        raise NoTemplate(f"no contract template `{name}`: write `activities/contracts/templates/{name}.txt`, title first")
    return path.read_text(encoding="utf-8")
