"""A value as a page prints it."""

from dataclasses import dataclass

from baton.readers.layout import Row
from baton.types.canonical import Json
from baton.types.findings import Keyed

NAME = "invoice-rules/1"
_CLEAR = 0.85
"""Recognition confidence from which on words are as good as typed ones."""


@dataclass(frozen=True)
class Printed:
    """A value with its characters on the page, and how sure the rules are of it."""

    value: Json
    row: Row
    start: int
    end: int
    sure: float

    @property
    def text(self) -> str:
        """The value as text; the bare number of an amount."""
        return str(self.value["amount"] if isinstance(self.value, dict) else self.value)

    def keyed(self) -> Keyed:
        """The value as a reading; unsure words make an unsure value."""
        sure = self.sure * min(1.0, 0.7 + 0.3 * self.row.sureness(self.start, self.end) / _CLEAR)
        evidence = self.row.evidence(self.start, self.end)
        return Keyed(value=self.value, reader=NAME, confidence=round(min(max(sure, 0.0), 1.0), 3), evidence=evidence)
