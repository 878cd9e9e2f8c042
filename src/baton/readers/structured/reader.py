"""The reader for structured invoices: any form whose fields ask for terms of EN 16931, filled from the XML."""

from collections.abc import Sequence

from pydantic import BaseModel

from baton.readers.fields import fields_of
from baton.readers.reader import Readings, Source
from baton.readers.structured.source import evidence, invoice_in, values_of
from baton.readers.structured.terms import terms_of
from baton.types.findings import Keyed

NAME = "xml/1"
_SURE = 0.99
_SECOND = 0.4


class StructuredReader:
    """Reads UBL and Cross Industry invoices; what is no structured invoice is left to others."""

    name = NAME

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Every field that asks for a term, each value with its XML path; a second account or id is a second reading."""
        terms = terms_of(form)
        found: Readings = {name: [] for name in terms}
        for source in sources:
            invoice = invoice_in(source)
            for field in fields_of(form) if invoice else ():
                for value, place in values_of(invoice, terms[field.name], field) if invoice and field.name in terms else ():
                    sure = _SECOND if found[field.name] else _SURE
                    at = evidence(source.document.id, place)
                    found[field.name].append(Keyed(value=value, reader=NAME, confidence=sure, evidence=at))
        return found
