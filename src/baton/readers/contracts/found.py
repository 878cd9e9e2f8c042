"""A candidate for a field of an agreement: a value, where it stands, and how far it is believed."""

from dataclasses import dataclass, field

from baton.types.canonical import Json


@dataclass(frozen=True)
class Found:
    """A value and the places that carry it; `signs` is what spoke for and against it, by name."""

    value: Json
    places: tuple[tuple[int, int], ...]
    confidence: float
    signs: dict[str, float] = field(default_factory=dict, compare=False)
