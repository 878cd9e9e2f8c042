"""What an agent concluded: typed fields, each with its evidence."""

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from baton.types.canonical import Json
from baton.types.documents import Point
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId, DocumentId

T = TypeVar("T", bound=BaseModel)


class Evidence(Frozen):
    """Where a value stands: document, page, and the words that carry it."""

    document: DocumentId
    page: int
    text: str = Field(description="the words as they are printed")
    polygons: tuple[tuple[Point, ...], ...] = ()
    span: tuple[int, int] | None = None
    path: str | None = Field(default=None, description="the element that carries it, where the document is XML")


class Keyed(Frozen):
    """One field as one reader keyed it."""

    value: Json
    reader: str = Field(description="name and version")
    confidence: float = Field(ge=0, le=1)
    evidence: Evidence | None = None


class FieldFinding(Frozen):
    """One field after reconciliation; both readings are kept."""

    name: str
    value: Json
    agreement: Literal["agreed", "single", "disputed", "missing"]
    grounded: bool = Field(description="whole tokens of a document carry the value")
    confirmed: bool = Field(default=False, description="arithmetic or a second place in the documents says the same")
    confidence: float = Field(ge=0, le=1)
    evidence: Evidence | None = None
    readings: tuple[Keyed, ...] = ()


class Finding(Frozen, Generic[T]):
    """A typed conclusion. `values` is what a process reads; `fields` is why it may be believed."""

    id: DecisionId
    values: T
    fields: tuple[FieldFinding, ...]
    notes: tuple[str, ...] = Field(default=(), description="remarks for staff, in words")
    instruction_like_text: bool = Field(
        default=False, description="a document tells the reader what to do; reported, never obeyed"
    )
    made_with: dict[str, str] = Field(
        default_factory=dict,
        description="what concluded it, for the record: graph, readers, model, prompt hash, tokens; no personal data",
    )

    def field(self, name: str) -> FieldFinding | None:
        """The finding about one field, or None when the form has no such field."""
        return next((field for field in self.fields if field.name == name), None)


class Trust(Frozen):
    """How far a case's findings may be trusted; computed by the engine, compared by policies."""

    grounded: bool = Field(description="every field a proposal rests on is carried by a document")
    disputed: bool = Field(description="two readings of some field differ")
    confidence: float = Field(description="the lowest among the fields that are present")
    instruction_like_text: bool
