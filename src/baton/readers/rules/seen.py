"""One document laid out for the rules, and how what they find is written down."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from baton.readers.amounts import Amount
from baton.readers.countries import currency_of
from baton.readers.layout import Row
from baton.readers.locales import Words
from baton.readers.normalise import UNKNOWN
from baton.types.canonical import Json
from baton.types.findings import Keyed

NAME = "rules/1"
GUESS = 0.4
"""Confidence of a second possible reading: below what counts as said plainly, so never a dispute."""

_CLEAR = 0.85
"""Recognition confidence from which on words are as good as typed ones."""


@dataclass(frozen=True)
class Seen:
    """A document's rows, its sentences where it is a text, the locale packs that apply, and the locale it was told."""

    rows: tuple[Row, ...]
    sentences: tuple[Row, ...]
    words: Words
    locale: str | None
    subject: str = ""

    @property
    def text(self) -> str:
        """All rows, one a line."""
        return "\n".join(row.text for row in self.rows)

    def money(self, amount: Amount) -> Json:
        """An amount in JSON form, with the currency as far as the document tells it."""
        return money(amount.value, currency_of(self.text, amount.currency, self.locale))


def money(value: Decimal, currency: str | None) -> Json:
    """Money in JSON form."""
    return {"amount": str(value), "currency": currency or UNKNOWN}


def keyed(value: Json | date, row: Row, start: int, end: int, confidence: float) -> Keyed:
    """A value as keyed from these characters; unsure words make an unsure value."""
    sure = confidence * min(1.0, 0.7 + 0.3 * row.sureness(start, end) / _CLEAR)
    return Keyed(
        value=value.isoformat() if isinstance(value, date) else value,
        reader=NAME,
        confidence=round(sure, 3),
        evidence=row.evidence(start, end),
    )
