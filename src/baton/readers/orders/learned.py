"""The learned reader for forms: it saw where labelled forms carry each field, and says how sure it is of the next."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

from pydantic import BaseModel
from pydantic import Field as Described

from baton.errors import BatonError
from baton.readers.fields import Field, Kind, fields_of
from baton.readers.orders.candidates import Candidate, candidates
from baton.readers.orders.features import Features, features, others_of
from baton.readers.orders.form import Form, form_of
from baton.readers.orders.rules import keyed_of
from baton.readers.reader import Readings, Source
from baton.readers.rules.seen import GUESS
from baton.types.findings import Keyed
from baton.types.frozen import Frozen

NAME: Final = "forms/1"
_LEAST: Final = 0.02
"""Of values less likely than this nothing is said."""

Seen: TypeAlias = tuple[list[Candidate], list[Features]]


class NoWeights(BatonError):
    """A file of learned weights is missing or is none."""


class Weights(Frozen):
    """What was learned about one field: how much each feature moves the log-odds that a value is right."""

    by_feature: dict[str, float]
    always: float

    def chance(self, told: Features) -> float:
        """How probably a candidate with these features is right."""
        score = self.always + sum(self.by_feature.get(name, 0.0) for name in told)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


class Learned(Frozen):
    """What was learned about forms, field by field; a file that people can read."""

    learned_from: str = Described(description="in words, for the record")
    fields: dict[str, Weights]

    def save(self, path: Path) -> None:
        """Write it down."""
        path.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")


class LearnedForms:
    """Reads forms like those it learned from; of others it says that it is not sure."""

    name = NAME

    def __init__(self, learned: Learned) -> None:
        self.learned = learned

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """The likeliest value of each field that was learned, and the next as a second possible reading."""
        asked = [field for field in fields_of(form) if field.name in self.learned.fields]
        laid_out = form_of(sources, locale)
        seen = {kind: seen_on(laid_out, kind) for kind in {field.kind for field in asked}}
        return {field.name: self._read(field, *seen[field.kind]) for field in asked}

    def _read(self, field: Field, every: Sequence[Candidate], told: Sequence[Features]) -> list[Keyed]:
        weights = self.learned.fields[field.name]
        chances = [weights.chance(one) for one in told]
        best: dict[object, tuple[float, Candidate]] = {}
        for chance, one in sorted(zip(chances, every, strict=True), key=lambda pair: -pair[0]):
            best.setdefault(one.key, (chance, one))
        found = [pair for pair in list(best.values())[:2] if pair[0] >= _LEAST]
        if not found:
            return []
        (chance, first), *rest = found
        sure = chance * (1 - (rest[0][0] if rest else 0.0) / 2)
        seconds = [keyed_of(one.value, one.parts, min(GUESS, doubtful), NAME) for doubtful, one in rest]
        return [keyed_of(first.value, first.parts, sure, NAME), *seconds]


def load(path: Path) -> LearnedForms:
    """A reader from what was saved. Raises `NoWeights`."""
    try:
        return LearnedForms(Learned.model_validate_json(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise NoWeights(
            f"nothing learned about forms can be read at `{path}`: {error}; teach a reader and save it there"
        ) from error


def seen_on(form: Form, kind: Kind) -> Seen:
    """The candidates of a form for fields of this kind, with their features."""
    every = candidates(kind, form)
    others = others_of(every)
    return every, [features(one, others) for one in every]
