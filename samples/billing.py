"""A supplier's paper as PDF, as a scan of it, or as UBL. The same sample on the same day gives the same bytes."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from samples.papers import SupplierPaper
from samples.sheet import register_fonts

_INK, _GREY, _PALE = HexColor("#22262b"), HexColor("#6c737a"), HexColor("#eceff1")
_COLUMNS: Final = ((20, "Item"), (45, "Description"), (118, "Quantity"), (136, "Unit"), (162, "Price"), (190, "Amount"))
UNITS: Final = {"pcs": "H87", "box": "XBX", "lot": "C62"}
"""UN/ECE recommendations 20 and 21."""
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"


class Bill:
    """A paper with what the company's records say about its supplier."""

    def __init__(self, spec: SupplierPaper, supplier: Mapping[str, str], accounts: list[dict[str, str]], today: date) -> None:
        self.spec, self.supplier, self.today = spec, supplier, today
        self.account = spec.account or next(one["number"] for one in accounts if one["supplier"] == spec.supplier)
        self.net = sum((line.net for line in spec.lines), spec.freight)
        self.rate = Decimal(supplier["tax_rate"])
        self.tax = (self.net * self.rate / 100).quantize(Decimal("0.01"))
        self.total = self.net + self.tax
        self.day = today - timedelta(days=2)
        self.period = tuple(_day(text, today) for text in spec.period) if spec.period else ()


def pdf(bill: Bill, more: Callable[[Canvas], None] = lambda _: None) -> bytes:
    """The paper as PDF; `more` adds to it before it is finished."""
    register_fonts()
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    _head(canvas, bill)
    bottom = _lines(canvas, bill, 168)
    _sums(canvas, bill, bottom - 8)
    if bill.spec.hidden:
        for at, line in enumerate(bill.spec.hidden.strip().splitlines()):
            _text(canvas, 20, 20 - 3 * at, line, 5, colour=white)
    more(canvas)
    canvas.save()
    return target.getvalue()


def ubl(bill: Bill) -> bytes:
    """The paper as UBL 2.1."""
    credit = bill.spec.title == "Credit note"
    root = "CreditNote" if credit else "Invoice"
    code = f"<cbc:{root}TypeCode>{381 if credit else 380}</cbc:{root}TypeCode>"
    lines = "\n".join(_ubl_line(bill, number) for number in range(1, len(bill.spec.lines) + 1))
    currency = bill.supplier["currency"]
    charge = (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Freight"
        f'</cbc:AllowanceChargeReason><cbc:Amount currencyID="{currency}">{bill.spec.freight}</cbc:Amount></cac:AllowanceCharge>'
        if bill.spec.freight
        else ""
    )
    sums = sum((line.net for line in bill.spec.lines), Decimal(0))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="{_UBL}{root}-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>{bill.spec.number}</cbc:ID>
  <cbc:IssueDate>{bill.day.isoformat()}</cbc:IssueDate>
  {code}
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>{bill.spec.order}</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
    <cbc:RegistrationName>{escape(bill.supplier["name"])}</cbc:RegistrationName>
  </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>
    <cbc:RegistrationName>Wrenfield &amp; Oake B.V.</cbc:RegistrationName>
  </cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
  <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
  <cac:PayeeFinancialAccount><cbc:ID>{bill.account}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  {charge}
  <cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{bill.tax}</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="{currency}">{sums}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="{currency}">{bill.net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="{currency}">{bill.total}</cbc:TaxInclusiveAmount>
    <cbc:ChargeTotalAmount currencyID="{currency}">{bill.spec.freight}</cbc:ChargeTotalAmount>
    <cbc:PayableAmount currencyID="{currency}">{bill.total}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
{lines}
</{root}>
""".encode()


def _ubl_line(bill: Bill, number: int) -> str:
    line, currency = bill.spec.lines[number - 1], bill.supplier["currency"]
    root, quantity = (
        ("CreditNoteLine", "CreditedQuantity") if bill.spec.title == "Credit note" else ("InvoiceLine", "InvoicedQuantity")
    )
    unit = UNITS.get(line.unit, line.unit)
    return f"""  <cac:{root}>
    <cbc:ID>{number}</cbc:ID>
    <cbc:{quantity} unitCode="{unit}">{line.quantity}</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="{currency}">{line.net}</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>{escape(line.name)}</cbc:Name>
      <cac:BuyersItemIdentification><cbc:ID>{line.item}</cbc:ID></cac:BuyersItemIdentification>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{bill.rate}</cbc:Percent>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="{currency}">{line.price}</cbc:PriceAmount></cac:Price>
  </cac:{root}>"""


def _head(canvas: Canvas, bill: Bill) -> None:
    _text(canvas, 20, 272, bill.supplier["name"], 15, bold=True)
    _text(canvas, 20, 266, bill.supplier["email"], 8, colour=_GREY)
    _text(canvas, 20, 244, bill.spec.title, 19, bold=True)
    said = [(f"{bill.spec.title} no", bill.spec.number), (f"{bill.spec.title} date", f"{bill.day:%d.%m.%Y}")]
    said += [("Purchase order no", bill.spec.order)] if bill.spec.order else []
    said += [("Period", " - ".join(f"{day:%d.%m.%Y}" for day in bill.period))] if bill.period else []
    for at, (label, value) in enumerate(said):
        _text(canvas, 120, 244 - 6 * at, f"{label}:", 9, colour=_GREY)
        _text(canvas, 158, 244 - 6 * at, value, 9.5)
    for at, line in enumerate(("Bill to", "Wrenfield & Oake B.V.", "Coolsingel 104", "3011 AG Rotterdam")):
        _text(canvas, 20, 228 - 5 * at, line, 9 if at else 8, colour=_INK if at else _GREY)


def _lines(canvas: Canvas, bill: Bill, top: float) -> float:
    canvas.setFillColor(_PALE)
    canvas.rect(19 * mm, (top + 5) * mm, 172 * mm, 7 * mm, stroke=0, fill=1)
    for x, label in _COLUMNS:
        _text(canvas, x, top + 7.2, label, 8.5, right=x > 110 and label != "Unit", bold=True)
    for line in bill.spec.lines:
        cells = (line.item, line.name, f"{line.quantity:f}", line.unit, f"{line.price:,.2f}", f"{line.net:,.2f}")
        for (x, label), cell in zip(_COLUMNS, cells, strict=True):
            _text(canvas, x, top, cell, 9, right=x > 110 and label != "Unit")
        top -= 7
    return top


def _sums(canvas: Canvas, bill: Bill, top: float) -> None:
    currency = bill.supplier["currency"]
    rows = [("Freight", bill.spec.freight)] if bill.spec.freight else []
    rows += [("Subtotal excl. VAT", bill.net), (f"VAT {bill.rate.normalize():f} %", bill.tax), (f"Total {currency}", bill.total)]
    for label, amount in rows:
        _text(canvas, 120, top, label, 9.5, bold=label.startswith("Total"))
        _text(canvas, 190, top, f"{amount:,.2f}", 9.5, right=True, bold=label.startswith("Total"))
        top -= 6.5
    if bill.spec.title in ("Invoice", "Quotation"):
        _text(canvas, 20, top - 12, f"Please pay to IBAN {bill.account}", 9)


def _text(
    canvas: Canvas, x: float, y: float, text: str, size: float, colour: object = _INK, bold: bool = False, right: bool = False
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont("VeraBd" if bold else "Vera", size)
    (canvas.drawRightString if right else canvas.drawString)(x * mm, y * mm, text)


def _day(text: str, today: date) -> date:
    match = re.fullmatch(r"today-(\d+)", text)
    return today - timedelta(days=int(match[1])) if match else date.fromisoformat(text)
