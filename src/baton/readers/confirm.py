"""Confirmation: arithmetic on the receipt, a check digit, or a second place in the documents says the same."""

from collections.abc import Sequence

from stdnum import imei

from baton.readers.countries import words_for
from baton.readers.fields import Field
from baton.readers.ground import places
from baton.readers.layout import rows_of
from baton.readers.normalise import as_money, squeeze
from baton.readers.reader import Source
from baton.readers.rules.labels import labelled
from baton.readers.rules.total import proofs_of
from baton.types.canonical import Json

_PROOFS = frozenset({"cash less change", "parts", "paid", "rounding", "twice"})


def confirmed(field: Field, value: Json, sources: Sequence[Source]) -> bool:
    """Whether something in the documents besides the place it was read from says the same."""
    match field.kind:
        case "money":
            return _adds_up(value, sources) or _documents(field, value, sources) > 1
        case "date":
            return len({(place.document, place.page, place.polygons, place.span) for place in places(field, value, sources)}) > 1
        case "serial":
            return imei.is_valid(squeeze(str(value))) or _documents(field, value, sources) > 1
        case "seller" | "receipt_number" | "identifier" | "product":
            return _documents(field, value, sources) > 1
        case _:
            return False


def _documents(field: Field, value: Json, sources: Sequence[Source]) -> int:
    return len({place.document for place in places(field, value, sources)})


def _adds_up(value: Json, sources: Sequence[Source]) -> bool:
    wanted = as_money(value)
    for source in sources:
        rows = rows_of([source])
        words = words_for("\n".join(row.text for row in rows))
        if wanted and proofs_of(labelled(rows, words)).get(wanted[0], frozenset()) & _PROOFS:
            return True
    return False
