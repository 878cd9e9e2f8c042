"""The XML of an invoice against the page that people see: what both say is compared by type, and a difference is a dispute.

People pay what they see, machines book what they parse. A field is `agreed` when the page carries the XML's value and states no
other, `disputed` when it states another or, for what every invoice prints, does not carry it; `single` when only the XML has it.
"""

from collections.abc import Iterator, Sequence

from baton.readers.invoices.printed import NAME as PAGE_READER
from baton.readers.invoices.stated import Seen, seen
from baton.readers.layout import Held
from baton.readers.reader import Source
from baton.readers.structured.facing import Facing, facings
from baton.readers.structured.lines import line_facings
from baton.readers.structured.read import StructuredInvoice
from baton.readers.structured.reader import NAME as XML_READER
from baton.readers.structured.source import evidence
from baton.types.findings import FieldFinding, Keyed
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

_AGREED = 0.995
_DISPUTED = 0.4
_ALONE = 0.9


class Comparison(Frozen):
    """What the page says to each field of the XML. `problem` tells why nothing could be compared, in words for staff."""

    fields: tuple[FieldFinding, ...]
    problem: str | None = None

    @property
    def disputed(self) -> tuple[FieldFinding, ...]:
        """The fields on which page and XML differ."""
        return tuple(field for field in self.fields if field.agreement == "disputed")


def compare(invoice: StructuredInvoice, document: DocumentId, page: Source) -> Comparison:
    """Compare an invoice read from the XML `document` with the page. Fields are named as in the invoice: `totals.gross`."""
    laid_out = seen(Held(page.reading), page.role)
    if not laid_out.rows:
        return Comparison(fields=(), problem="the page has no words to compare the XML with: look at both")
    return Comparison(fields=tuple(_finding(one, document) for one in _all(invoice, laid_out)))


def _all(invoice: StructuredInvoice, page: Seen) -> Iterator[Facing]:
    yield from facings(invoice, page)
    yield from line_facings(invoice, page)


def _finding(facing: Facing, document: DocumentId) -> FieldFinding:
    own = Keyed(value=facing.value, reader=XML_READER, confidence=0.99, evidence=evidence(document, facing.place))
    theirs = [one.keyed() for one in facing.printed]
    sure = {"agreed": _AGREED, "disputed": _DISPUTED, "single": _ALONE}[facing.verdict]
    return FieldFinding(
        name=facing.name,
        value=facing.value,
        agreement=facing.verdict,
        grounded=True,
        confirmed=facing.verdict == "agreed",
        confidence=sure,
        evidence=own.evidence,
        readings=(own, *_distinct(theirs, facing.verdict)),
    )


def _distinct(readings: Sequence[Keyed], verdict: str) -> Sequence[Keyed]:
    """The page's readings, each value once; a page that says nothing where it should is a reading of nothing."""
    if verdict == "disputed" and not readings:
        return [Keyed(value=None, reader=PAGE_READER, confidence=0.5)]
    return list({str(one.value): one for one in reversed(readings)}.values())[::-1]
