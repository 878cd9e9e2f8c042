"""A customer's own contract: what a sample changes about it, and the PDF. The same sample gives the same bytes."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from samples.contracts import Agreement
from samples.sheet import register_fonts
from samples.wording import spoken_date

_INK, _GREY = HexColor("#1d1d22"), HexColor("#7a7a80")
_CLAUSES: Final = {
    "services": (
        "Services",
        "The Supplier carries out the following for the Customer: $title. The Supplier's offer $deal belongs to this agreement.",
    ),
    "price": ("Charges", "The charges for the whole term are $currency $value, value added tax not included."),
    "payment": ("Payment", "The Customer pays each invoice within $payment_days days of its date."),
    "term": ("Term", "The term of this agreement is $term from the Effective Date."),
    "renewal": (
        "Renewal",
        "It is renewed for further periods of one year unless either party gives notice at least sixty days before its end.",
    ),
    "termination": (
        "Termination",
        "Either party may terminate this agreement when the other commits a breach of it and the breach is not remedied within "
        "thirty days of notice.",
    ),
    "liability-cap": (
        "Liability",
        "The liability of each party under this agreement shall not exceed the fees paid in the twelve months before the claim.",
    ),
    "indirect-loss": ("Indirect loss", "Neither party shall be liable for indirect or consequential loss."),
    "ownership": ("Intellectual property", "Each party retains its own intellectual property."),
    "assignment": (
        "Assignment",
        "Neither party may assign this agreement without the prior written consent of the other party.",
    ),
    "governing-law": ("Governing law", "This agreement is governed by the laws of $law."),
}
_PAGES: Final = 3


def agreement(spec: Agreement, deal: dict[str, str]) -> bytes:
    """The contract as PDF; `deal` is its line of deals.csv."""
    register_fonts()
    target = BytesIO()
    lock = StandardEncryption(spec.password, strength=128) if spec.password else None
    canvas = Canvas(target, pagesize=A4, invariant=1, encrypt=lock)
    pages = _pages(spec, deal)
    for number in range(1, _PAGES + 1):
        if number in spec.without_pages:
            continue
        _page(canvas, pages[number - 1], number)
        if number == _PAGES and spec.hidden:
            for at, line in enumerate(spec.hidden.strip().splitlines()):
                _line(canvas, 24 * mm, (30 - 4 * at) * mm, line, 5, white)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _pages(spec: Agreement, deal: dict[str, str]) -> list[list[str]]:
    """The paragraphs of each page."""
    filled = _values(spec, deal)
    first = (
        f"This agreement is entered into as of {filled['starts']} (the “Effective Date”) between {deal['entity']} "
        f"(the “Supplier”) and {spec.party or deal['party']} (the “Customer”)."
    )
    clauses = [f"{number}. <b>{title}</b><br/>{escape(words)}" for number, (title, words) in enumerate(_said(spec, filled), 1)]
    third = -(-len(clauses) // 2)
    return [[f"<b>{_title(deal)}</b>", escape(first), *clauses[:third]], clauses[third:], list(_end(spec, deal))]


def _said(spec: Agreement, filled: dict[str, str]) -> Iterator[tuple[str, str]]:
    known = {**_CLAUSES, **{name: (name.replace("-", " ").capitalize(), "") for name in spec.says if name not in _CLAUSES}}
    for name, (title, words) in known.items():
        text = spec.says.get(name, words)
        for blank, value in filled.items():
            text = text.replace(f"${blank}", value)
        if text:
            yield title, text


def _end(spec: Agreement, deal: dict[str, str]) -> Iterator[str]:
    yield "Changes to this agreement are made in writing. It stands for everything that was said about it before."
    if spec.signatures:
        yield "In witness whereof the parties have caused this agreement to be executed by their authorised representatives."
        for party in (deal["entity"], spec.party or deal["party"]):
            yield f"Signed for {escape(party)}<br/><br/>By: ______________________________<br/>Name:<br/>Title:<br/>Date:"


def _values(spec: Agreement, deal: dict[str, str]) -> dict[str, str]:
    return {
        "title": deal["title"],
        "deal": deal["deal"],
        "value": f"{float(deal['value']):,.2f}",
        "currency": deal["currency"],
        "payment_days": deal["payment_days"],
        "term": spec.term or f"{deal['term_months']} months",
        "law": deal["law"],
        "starts": spoken_date(date.fromisoformat(deal["starts"]), "en"),
    }


def _title(deal: dict[str, str]) -> str:
    return f"SERVICE AGREEMENT<br/>{escape(deal['party'])}"


def _page(canvas: Canvas, paragraphs: list[str], number: int) -> None:
    top = A4[1] - 28 * mm
    for text in paragraphs:
        drawn = Paragraph(text, ParagraphStyle("clause", fontName="Vera", fontSize=9.5, leading=14, textColor=_INK))
        _, height = drawn.wrapOn(canvas, A4[0] - 48 * mm, top)
        drawn.drawOn(canvas, 24 * mm, top - height)
        top -= height + 4 * mm
    _line(canvas, A4[0] - 50 * mm, 14 * mm, f"Page {number} of {_PAGES}", 7.5, _GREY)


def _line(canvas: Canvas, x: float, y: float, text: str, size: float, colour: HexColor) -> None:
    canvas.setFont("Vera", size)
    canvas.setFillColor(colour)
    canvas.drawString(x, y, text)
