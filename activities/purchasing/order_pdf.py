"""The order as PDF, for the people at the supplier."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from activities.purchasing.order_ubl import totals_of
from activities.purchasing.port import Ordered, Ourselves, SupplierRecord

_INK: Final = HexColor("#26303a")
_GREY: Final = HexColor("#6b757d")
_PALE: Final = HexColor("#e9ecef")
_BODY: Final = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13, textColor=_INK)
_SMALL: Final = ParagraphStyle("small", parent=_BODY, fontSize=8, leading=11, textColor=_GREY)
_TITLE: Final = ParagraphStyle("title", parent=_BODY, fontName="Helvetica-Bold", fontSize=18, leading=24)


def order_pdf(ordered: Ordered, supplier: SupplierRecord, ourselves: Ourselves) -> bytes:
    """The whole order. The same order gives the same bytes."""
    target = BytesIO()
    paper = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=22 * mm,
        bottomMargin=22 * mm,
        title=f"Purchase order {ordered.order.number}",
        author=ourselves.name,
        invariant=1,
    )
    paper.build(
        [*_head(ordered, supplier, ourselves), _lines(ordered), Spacer(1, 6 * mm), _sums(ordered), *_foot(ordered, ourselves)]
    )
    return target.getvalue()


def _head(ordered: Ordered, supplier: SupplierRecord, ourselves: Ourselves) -> list[Any]:
    place = " ".join(part for part in (ourselves.postcode, ourselves.city, ourselves.country) if part)
    sender = " · ".join(part for part in (ourselves.name, ourselves.street, place, ourselves.vat_id) if part)
    rows = [
        ("Order number", ordered.order.number),
        ("Date", ordered.day.isoformat()),
        ("Supplier", f"{supplier.name} ({supplier.id})"),
    ]
    rows += [("Cost centre", ordered.cost_centre)] if ordered.cost_centre else []
    facts = Table([[_text(label, _SMALL), _text(value)] for label, value in rows], colWidths=(32 * mm, 138 * mm))
    facts.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return [
        _text(sender, _SMALL),
        Spacer(1, 8 * mm),
        _text("Purchase order", _TITLE),
        Spacer(1, 3 * mm),
        facts,
        Spacer(1, 6 * mm),
    ]


def _lines(ordered: Ordered) -> Table:
    currency = ordered.order.currency
    rows: list[Sequence[Any]] = [("No", "Item", "Description", "Quantity", "Unit", f"Price {currency}", f"Net {currency}")]
    for line in ordered.order.lines:
        net = (line.quantity * line.price).quantize(Decimal("0.01"))
        quantity = f"{line.quantity.normalize():f}"
        rows.append((str(line.number), _text(line.item), _text(line.name), quantity, line.unit, f"{line.price:f}", f"{net:,}"))
    table = Table(rows, colWidths=[width * mm for width in (9, 26, 63, 18, 14, 20, 20)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
                ("BACKGROUND", (0, 0), (-1, 0), _PALE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, _PALE),
                ("ALIGN", (3, 0), (3, -1), "RIGHT"),
                ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _sums(ordered: Ordered) -> Table:
    net, tax, total = totals_of(ordered)
    freight = ordered.order.freight
    rows = [("Freight", freight)] if freight else []
    rows += [("Net", net), ("VAT", tax), (f"Total {ordered.order.currency}", total)]
    table = Table([(label, f"{amount:,.2f}") for label, amount in rows], colWidths=(40 * mm, 30 * mm), hAlign="RIGHT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -2), "Helvetica", 9),
                ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10),
                ("ALIGN", (1, 0), (1, -1), "RIGHT"),
            ]
        )
    )
    return table


def _foot(ordered: Ordered, ourselves: Ourselves) -> list[Any]:
    words = (
        f"Please confirm this order, and put its number {ordered.order.number} on your delivery note and invoice. "
        "Invoices without it, or to another account than the one we have on file, wait until somebody has asked you."
    )
    return [
        Spacer(1, 10 * mm),
        _text(words, _SMALL),
        *([_text(f"Questions: {ourselves.email}", _SMALL)] if ourselves.email else []),
    ]


def _text(words: str, style: ParagraphStyle = _BODY) -> Paragraph:
    return Paragraph(escape(words), style)
