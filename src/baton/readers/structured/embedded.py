"""The invoice that travels inside a PDF/A-3: Factur-X, ZUGFeRD and XRechnung attach their XML to the page they print."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pypdfium2 as pdfium

from baton.errors import BatonError
from baton.readers.structured.xml import MOST_BYTES

_STANDARD = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "order-x.xml", "cida.xml")
_MOST_ATTACHMENTS = 100
_ROOTS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b":Invoice", b"<Invoice", b":CreditNote", b"<CreditNote")


class NoPdfAttachments(BatonError):
    """The bytes are no PDF whose attachments can be read."""


@dataclass(frozen=True)
class Embedded:
    """A file inside a PDF."""

    name: str
    data: bytes


def embedded_invoices(pdf: bytes, lock: AbstractContextManager[object] | None = None) -> tuple[Embedded, ...]:
    """The invoices attached to a PDF: those by their standard names first, the newest standard first; then any other XML invoice.

    More than one is for the caller to compare: a PDF may carry two that differ. PDFium is not made for threads: where others read
    PDFs at the same time, pass the lock that they hold.
    """
    with lock or nullcontext():
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise NoPdfAttachments(f"the PDF cannot be opened ({error}): ask for an ordinary one") from error
        try:
            found = list(_attached(document))
        finally:
            document.close()
    invoices = [one for one in found if _is_invoice(one)]
    return tuple(sorted(invoices, key=lambda one: _rank(one.name)))


def _attached(document: pdfium.PdfDocument) -> Iterator[Embedded]:
    for index in range(min(document.count_attachments(), _MOST_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            # of one too large to be read, enough that whoever reads it says so
            name, data = attachment.get_name(), bytes(attachment.get_data())[: MOST_BYTES + 1]
        except pdfium.PdfiumError:  # one broken attachment hides no other
            continue
        yield Embedded(name, data)


def _is_invoice(one: Embedded) -> bool:
    named = one.name.lower() in _STANDARD
    start = one.data[:8192].replace(b"\0", b"")
    return named or (b"<" in start[:200] and any(root in start for root in _ROOTS))


def _rank(name: str) -> int:
    return _STANDARD.index(name.lower()) if name.lower() in _STANDARD else len(_STANDARD)
