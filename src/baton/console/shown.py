"""What is shown of a case's evidence: fields with their readings, documents with the places that carry them."""

from typing import Literal, TypeAlias

from baton.types.frozen import Frozen

State: TypeAlias = Literal["open", "agreed", "missing"]


class Crop(Frozen):
    """A piece of a page, in thousandths of the page's width: the pixels that a reading rests on."""

    document: str
    page: int
    x: float
    y: float
    width: float
    height: float
    ratio: float
    """The page's height, in the same measure."""


class Proof(Frozen):
    """One reading of a field, with its proof."""

    value: str
    source: str
    document: str = ""
    quote: tuple[str, str, str] | None = None
    """The sentence around it: before, the words themselves, after."""
    crop: Crop | None = None


class Field(Frozen):
    """One field as a person decides about it."""

    name: str
    label: str
    value: str
    note: str
    state: State
    weighs: bool
    """The proposal rests on it."""
    readings: tuple[Proof, ...] = ()
    detail: str = ""


class Mark(Frozen):
    """One place on a page that carries a field."""

    field: str
    label: str
    points: str
    """Corners as SVG wants them, in thousandths of the page's width."""
    x: float
    y: float
    open: bool


class Sheet(Frozen):
    """One page to look at."""

    number: int
    ratio: float
    width: int
    height: int
    marks: tuple[Mark, ...]


class Piece(Frozen):
    """A stretch of text; with a field where it carries one."""

    text: str
    field: str = ""
    label: str = ""
    open: bool = False


class Paper(Frozen):
    """One document of the case, ready to be looked at."""

    id: str
    name: str
    kind: Literal["message", "picture", "pages", "text", "other"]
    media_type: str
    size: int
    problem: str
    sheets: tuple[Sheet, ...] = ()
    pieces: tuple[Piece, ...] = ()
    cut: bool = False
    """Only the beginning is shown."""


class Shown(Frozen):
    """The evidence of a case."""

    fields: tuple[Field, ...]
    papers: tuple[Paper, ...]
    notes: tuple[str, ...]
    suspicious: bool
