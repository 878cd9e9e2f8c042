"""A structured document as a source to read from, and where its values stand."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from baton.errors import BatonError
from baton.readers.fields import Field
from baton.readers.layout import Held
from baton.readers.normalise import UNKNOWN, as_money, normal, same
from baton.readers.reader import Source
from baton.readers.structured.paths import Place
from baton.readers.structured.read import StructuredInvoice, read_invoice_text
from baton.readers.structured.terms import TERMS
from baton.readers.structured.xml import text_of
from baton.types.canonical import Json
from baton.types.documents import Document, Page, Reading
from baton.types.findings import Evidence
from baton.types.ids import DocumentId

LINES = "BG-25"
"""The group of an invoice's lines; a form's field that asks for it gets their count."""


def source_of(document: Document, data: bytes) -> Source:
    """The XML of an invoice as a source: its one page is its text, letter by letter, so that spans count in it.

    Raises `NoXml` where the bytes have no characters.
    """
    page = Page(number=1, width=0, height=0, text=text_of(data), words=(), lines=())
    return Source(document=document, reading=Reading(document=document.id, how="xml", reader="xml/1", pages=(page,)))


def invoice_in(source: Source) -> StructuredInvoice | None:
    """The invoice that a source holds as XML, or None where it holds none or none that can be read."""
    if source.reading.how != "xml" or not source.reading.pages:
        return None
    return _invoice(Held(source.reading))


@lru_cache(maxsize=16)
def _invoice(held: Held) -> StructuredInvoice | None:
    try:
        return read_invoice_text(held.it.pages[0].text)
    except BatonError:
        return None


def values_of(found: StructuredInvoice, term: str, field: Field) -> Iterator[tuple[Json, Place]]:
    """The values of a term in the JSON form that a field of this kind wants, in document order."""
    if term == LINES:
        place = _last_line(found)
        if place:
            yield len(found.invoice.lines), place
        return
    for name in found.terms.get(term, ()):
        value = found.value(name)
        if field.kind == "money" and value is not None:
            yield {"amount": str(value), "currency": found.invoice.currency or UNKNOWN}, found.places[name]
        elif value is not None:
            yield value, found.places[name]


def _last_line(found: StructuredInvoice) -> Place | None:
    last = f"lines[{len(found.invoice.lines) - 1}]."
    return next((place for name, place in found.places.items() if name.startswith(last)), None)


def places_in_xml(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    """Every place of the XML that carries the value, those of the field's own term first: what grounds a value read from XML."""
    found = invoice_in(source)
    if found is None:
        return
    term = TERMS.get(field.name, "")
    own = [place for one, place in values_of(found, term, field) if same(field.kind, one, value)]
    others = [place for name, place in found.places.items() if _carries(field, value, found, name)]
    yield from (evidence(source.document.id, place) for place in dict.fromkeys((*own, *others)))


def _carries(field: Field, value: Json, found: StructuredInvoice, name: str) -> bool:
    told = found.value(name)
    if field.kind != "money":
        return normal(field.kind, told) is not None and same(field.kind, told, value)
    wanted = as_money(value)
    try:
        return wanted is not None and Decimal(str(told)) == wanted[0] and found.invoice.currency in (wanted[1], None)
    except ArithmeticError:
        return False


def evidence(document: DocumentId, place: Place) -> Evidence:
    """A place of the XML as evidence."""
    return Evidence(document=document, page=1, text=place.text, span=place.span, path=place.path)
