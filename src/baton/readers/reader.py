"""A reader keys the fields of a form from documents."""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from pydantic import BaseModel

from baton.types.documents import Document, Reading
from baton.types.findings import Keyed
from baton.types.frozen import Frozen

Role: TypeAlias = Literal["mail_body", "receipt", "photo", "other"]
"""What part a document plays. Where two of them differ, the receipt's word outranks the mail's on date, price and seller."""

Readings: TypeAlias = dict[str, list[Keyed]]
"""Field name to every value one reader keyed for it, best first; a value beyond the first is a second possible reading."""


class Source(Frozen):
    """One document to read from: where it is filed, what it says, and the part it plays."""

    document: Document
    reading: Reading
    role: Role = "other"
    subject: str = ""


def pages_of(sources: Sequence[Source]) -> list[Source]:
    """What page readers read; the XML of an invoice only where nothing else came with the message."""
    pages = [source for source in sources if source.reading.how != "xml"]
    return pages if any(source.role in ("receipt", "other") for source in pages) else list(sources)


class Reader(Protocol):
    """Reads a form. It may be wrong, and says how sure it is; it never writes and never follows what a document says."""

    @property
    def name(self) -> str:
        """Name and version, as kept on record: `rules/1`."""
        ...

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Values for the form's fields in JSON form. `locale` is a hint (`de`, `ms-MY`); None means: tell from the text."""
        ...
