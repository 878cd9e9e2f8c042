"""Who keys a bill offline, twice: its XML against its page where it brings both, else the page by two sets of rules."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Final

from pydantic import BaseModel

from agents.graphs.filed import store
from baton.errors import BatonError
from baton.readers.invoices.reader import InvoiceRulesReader
from baton.readers.orders.rules import OrderRules
from baton.readers.reader import Readings, Source
from baton.readers.structured.embedded import embedded_invoices
from baton.readers.structured.reader import StructuredReader
from baton.readers.structured.source import invoice_in, source_of
from baton.types.documents import Document
from baton.types.ids import DocumentId

_XML: Final = StructuredReader()
_PAGES: Final = InvoiceRulesReader()
_FORMS: Final = OrderRules()
_PDFIUM: Final = Lock()


class FirstKeying:
    """The XML where there is one, attached or inside the PDF; else the page, as invoices are laid out."""

    name = "bills/1"

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """The fields of a bill, from the documents that came; what the mail itself says is no bill."""
        xml = structured(sources)
        return _XML.read(form, xml, locale) if xml else _PAGES.read(form, _papers(sources), locale)


class SecondKeying:
    """The page: as invoices are laid out where the XML was read, else by the labels of forms."""

    name = "bill-pages/1"

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """The same fields, without knowing what the first keying said."""
        pages = [source for source in _papers(sources) if source.reading.how != "xml"]
        return (_PAGES if structured(sources) else _FORMS).read(form, pages, locale)


def structured(sources: Sequence[Source]) -> list[Source]:
    """The structured invoices among the documents: attached as XML, or inside a PDF."""
    return [one for source in sources for one in _invoices(source) if invoice_in(one) is not None]


def _invoices(source: Source) -> Iterator[Source]:
    if source.reading.how == "xml":
        yield source
    elif source.document.media_type == "application/pdf":
        yield from _embedded(source.document.id)


@lru_cache(maxsize=64)
def _embedded(document: DocumentId) -> tuple[Source, ...]:
    """What travels inside a PDF, filed beside it so that its words can be shown."""
    try:
        found = embedded_invoices(store().read(document), _PDFIUM)
        return tuple(source_of(_filed(one.name, one.data), one.data) for one in found[:1])
    except BatonError:
        return ()


def _filed(name: str, data: bytes) -> Document:
    return store().put(data, name, "application/xml")


def _papers(sources: Sequence[Source]) -> list[Source]:
    """What came attached; the mail's own words only where nothing did."""
    attached = [source for source in sources if source.role not in ("mail_body", "photo")]
    return attached or [source for source in sources if source.role == "mail_body"]
