"""Behind `read_lines`: XML first, then tables on pages, then sentences of a mail. Offline, by rules."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from agents.graphs.bills import structured
from agents.graphs.filed import reading_of
from agents.lines import Lines, LinesRequest, PaperKind
from baton.governance.context import current
from baton.matching import BilledLine
from baton.readers.instructions import instructions_in
from baton.readers.invoices.lines import Line, lines_on
from baton.readers.invoices.stated import seen
from baton.readers.invoices.sums import sums_of
from baton.readers.invoices.values import amount, currency_on
from baton.readers.layout import Held, Row
from baton.readers.reader import Source
from baton.readers.structured.invoice import Invoice
from baton.readers.structured.invoice import Line as XmlLine
from baton.readers.structured.source import evidence, invoice_in
from baton.types.canonical import Json
from baton.types.documents import Document
from baton.types.findings import Evidence, FieldFinding, Finding

VERSION: Final = "lines/1"
_CREDIT: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
_KINDS: Final[tuple[tuple[PaperKind, str], ...]] = (
    ("credit_note", r"credit ?(?:note|memo)|gutschrift|credit ?nota|avoir|nota de crédito"),
    ("confirmation", r"order confirmation|auftragsbestätigung|order ?bevestiging|confirmation de commande"),
    ("delivery", r"delivery note|packing (?:slip|list)|lieferschein|pak ?bon|bon de livraison"),
    ("quote", r"quotation|quote|angebot|offerte|devis|presupuesto"),
    ("invoice", r"invoice|rechnung|facture|factuur|factura"),
)
_WANTED: Final = re.compile(
    r"^\s*(?:[-*•]|\d+[.)])?\s*(?P<quantity>\d+(?:[.,]\d+)?)\s*(?P<unit>x|×|pcs\.?|pieces?|stk\.?|stück|stuks?|boxes|box|sets?|packs?|kg|hours?|licen[cs]es)?\s+"
    r"(?:of\s+)?(?P<name>[^\n]*?[^\s,;:])\s*(?:,|;|:)?\s+(?:at|@|à|zu(?: je)?|für|for|tegen|voor)\s*"
    r"(?:(?P<before>EUR|USD|GBP|€|\$|£)\s*)?(?P<price>\d[\d.,]*\d|\d)\s*(?P<after>EUR|USD|GBP|€|\$|£)?",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODE: Final = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){0,3}\b")
_CENT: Final = Decimal("0.01")


async def run(request: LinesRequest) -> Finding[Lines]:
    """The lines, as a finding under the step's own decision."""
    return await asyncio.to_thread(_found, request, current().decision)


def _found(request: LinesRequest, decision: Any) -> Finding[Lines]:
    message = request.message
    sources = [source for one in message.attachments if (source := _source(one)) is not None]
    body = _source(message.body, "mail_body")
    if xml := structured(sources):
        lines, at, sure = _of_xml(xml[0])
    else:
        lines, at, sure = _of_papers(sources, body)
    every = [*sources, *([body] if body else [])]
    suspicious = [one for source in every for one in instructions_in(source)]
    return Finding[Lines](
        id=decision,
        values=lines,
        fields=(_field(lines, at, sure),),
        notes=tuple(f"a paper {one.why}; it was not followed: “{one.evidence.text[:160]}”" for one in suspicious),
        instruction_like_text=bool(suspicious),
        made_with={"reader": VERSION},
    )


def _field(lines: Lines, at: Evidence | None, sure: float) -> FieldFinding:
    """All lines as one field: they are carried by a paper, and confirmed where they make its sum."""
    value: list[Json] = [line.model_dump(mode="json") for line in lines.lines]
    agreement: Literal["agreed", "single", "missing"] = "missing" if not value else "agreed" if lines.adds_up else "single"
    return FieldFinding(
        name="lines",
        value=value,
        agreement=agreement,
        grounded=bool(value) and at is not None,
        confirmed=lines.adds_up,
        confidence=sure if value else 0.0,
        evidence=at,
    )


def _source(document: Document, role: Any = "other") -> Source | None:
    reading = reading_of(document)
    if reading is None or reading.how == "unreadable":
        return None
    return Source(document=document, reading=reading, role=role)


# -- from XML


def _of_xml(source: Source) -> tuple[Lines, Evidence | None, float]:
    found = invoice_in(source)
    assert found is not None, "only structured invoices come here"
    invoice, totals = found.invoice, found.invoice.totals
    lines = tuple(_xml_line(line) for line in invoice.lines if line.net is not None and line.parent is None)
    freight = (totals.charges or Decimal(0)) - (totals.allowances or Decimal(0))
    net = totals.net if totals.net is not None else totals.lines
    made = sum((line.net for line in lines), freight)
    place = next((place for name, place in found.places.items() if name.startswith("lines[0].")), None)
    read = Lines(
        kind="credit_note" if invoice.type_code in _CREDIT else "invoice",
        lines=lines,
        freight=freight,
        net=net,
        tax=totals.tax if totals.tax is not None else _difference(totals.gross, net),
        total=totals.gross,
        currency=invoice.currency,
        corrects=_first(invoice),
        document=source.document.id,
        adds_up=net is not None and abs(made - net) <= _CENT * len(lines),
    )
    return read, evidence(source.document.id, place) if place else None, 0.99


def _xml_line(line: XmlLine) -> BilledLine:
    quantity = line.quantity if line.quantity is not None else Decimal(1)
    price = line.price / (line.price_quantity or Decimal(1)) if line.price is not None else None
    return BilledLine(
        line=int(line.order_line) if line.order_line and line.order_line.isdigit() else None,
        item=line.buyer_item or line.seller_item or "",
        name=line.name or "",
        quantity=abs(quantity),
        unit=line.unit or "",
        price=abs(price) if price is not None else None,
        net=abs(line.net or Decimal(0)),
        tax_rate=line.vat_rate,
    )


def _difference(gross: Decimal | None, net: Decimal | None) -> Decimal | None:
    return gross - net if gross is not None and net is not None else None


def _first(invoice: Invoice) -> str:
    return next((one.number for one in invoice.preceding if one.number), "")


# -- from pages and mails


def _of_papers(sources: Sequence[Source], body: Source | None) -> tuple[Lines, Evidence | None, float]:
    papers = [_of_page(source) for source in sources]
    best = max(papers, key=lambda one: (one[0].adds_up, len(one[0].lines), one[0].kind != "unknown"), default=None)
    if best is not None and (best[0].lines or best[0].kind != "unknown"):
        return best
    return _of_mail(body) if body is not None else (Lines(kind="unknown"), None, 0.0)


def _of_page(source: Source) -> tuple[Lines, Evidence | None, float]:
    page = seen(Held(source.reading), source.role)
    printed = lines_on(page.rows)
    lines = tuple(_printed_line(line) for line in printed)
    sums = sums_of(page)
    net, tax, total = (amount(one.value.value) if one else None for one in (sums.net, sums.tax, sums.total))
    made = sum((line.net for line in lines), Decimal(0))
    adds_up = bool(lines) and any(one is not None and abs(one - made) <= _CENT for one in (net, total))
    read = Lines(
        kind=_kind(page.rows),
        lines=lines,
        net=net,
        tax=tax,
        total=total,
        currency=currency_on(page.text),
        document=source.document.id,
        adds_up=adds_up,
    )
    at = printed[0].row.evidence(0, len(printed[0].row.text)) if printed else None
    return read, at, 0.95 if adds_up else 0.5


def _printed_line(line: Line) -> BilledLine:
    code = _CODE.search(line.name)
    quantity = line.quantity if line.quantity else Decimal(1)
    prices = [amount(one.value) for one in line.amounts[:-1]]
    price = next((one for one in prices if abs(one * quantity - line.net) <= _CENT * 2), None)
    name = re.sub(r"\s+", " ", line.name.replace(code.group(), " ", 1) if code else line.name).strip(" -·,")
    return BilledLine(item=code.group() if code else "", name=name or line.name, quantity=quantity, price=price, net=line.net)


def _kind(rows: Sequence[Row]) -> PaperKind:
    """By the title: the first words on the page that name a kind."""
    top = "\n".join(row.text for row in rows[:25]).casefold()
    found = [(match.start(), kind) for kind, words in _KINDS if (match := re.search(rf"\b(?:{words})", top))]
    return min(found)[1] if found else "unknown"


def _of_mail(body: Source) -> tuple[Lines, Evidence | None, float]:
    """Lines as people write them: `20 x Steam iron IR-24 at 31.50 EUR`."""
    text = "\n".join(page.text for page in body.reading.pages)
    found = list(_wanted(text))
    if not found:
        return Lines(kind="unknown", document=body.document.id), None, 0.0
    net = sum((line.net for line, _, _ in found), Decimal(0))
    currencies = {currency for _, currency, _ in found if currency}
    first = found[0][2]
    at = Evidence(document=body.document.id, page=1, text=text[first[0] : first[1]].strip(), span=first)
    currency = currencies.pop() if len(currencies) == 1 else None
    lines = tuple(line for line, _, _ in found)
    read = Lines(kind="request", lines=lines, net=net, currency=currency, document=body.document.id, adds_up=_says(text, net))
    return read, at, 0.9


def _wanted(text: str) -> Iterator[tuple[BilledLine, str, tuple[int, int]]]:
    for match in _WANTED.finditer(text):
        quantity, price = _number(match["quantity"]), _number(match["price"])
        if quantity is None or price is None or quantity <= 0:
            continue
        sign = (match["before"] or match["after"] or "").upper()
        code = _CODE.search(match["name"])
        name = re.sub(r"\s+", " ", match["name"]).strip(" ,;:")
        unit = "" if (match["unit"] or "x").lower() in ("x", "×") else match["unit"]
        net = (quantity * price).quantize(_CENT)
        line = BilledLine(item=code.group() if code else "", name=name, quantity=quantity, unit=unit, price=price, net=net)
        yield line, _SIGNS.get(sign, sign), match.span()


def _number(written: str) -> Decimal | None:
    """A number with a point or a comma before its decimals, and marks between its thousands."""
    bare = written.replace(" ", "")
    decimal = max(bare.rfind("."), bare.rfind(","))
    if decimal >= 0 and len(bare) - decimal - 1 != 3:
        bare = re.sub(r"[.,]", "", bare[:decimal]) + "." + bare[decimal + 1 :]
    else:
        bare = re.sub(r"[.,]", "", bare)
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _says(text: str, total: Decimal) -> bool:
    """Whether the mail itself says what the lines come to."""
    return any(_number(one) == total for one in re.findall(r"\d[\d.,]*\d", text))
