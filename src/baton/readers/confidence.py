"""How probably a value is right, learned from outcomes: a logistic regression small enough to be read by people.

For each candidate value it sees what every reader said for it and for others, whether something confirms it, whether something in
the documents contests it, and how clearly its words were read.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from pydantic import Field as Described

from baton.errors import BatonError
from baton.readers.confirm import confirmed, rivals
from baton.readers.fields import Field, Kind
from baton.readers.normalise import same
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.documents import Word
from baton.types.findings import Evidence, Keyed
from baton.types.frozen import Frozen

Judge: TypeAlias = Callable[[Field, Sequence[Keyed], Json], float | None]
"""How probably this value is right, given all that was keyed for its field; None where nothing was learned about such a case."""

_EXACT: frozenset[Kind] = frozenset({"money", "date", "number", "identifier", "serial", "receipt_number"})
_UNCLEAR, _READ_BADLY = 0.28, 0.9
"""Where one digit decides, words of which recognition is this unsure are wrong in one of four cases, whoever agrees on them."""

_ABSENT = 0.02
_SURE = 0.998
_SHIPPED = Path(__file__).parent / "confidence.json"


class NoCalibration(BatonError):
    """A calibration file is missing or is none."""


class Curve(Frozen):
    """What was learned about one field or kind of field."""

    weights: dict[str, float] = Described(description="by feature; each moves the log-odds that a value is right")
    outcomes: int = Described(description="how many values it was learned from")
    wrong: int = Described(description="how many of them were wrong")
    between: dict[str, tuple[float, float]] = Described(
        default_factory=dict, description="least and most of each feature that was seen: beyond it nothing is claimed"
    )


class Calibration(Frozen):
    """Curves by field name or kind, with the readers whose words they weigh."""

    version: str
    learned_from: str
    readers: tuple[str, ...] = Described(description="families of readers, as in the part of their names before the slash")
    together: tuple[tuple[str, ...], ...] = Described(description="which of them spoke together often enough to learn from")
    curves: dict[str, Curve]

    def judge(self, sources: Sequence[Source]) -> Judge:
        """Judges values read from these documents."""

        def probability(field: Field, every: Sequence[Keyed], value: Json) -> float | None:
            curve = self.curves.get(field.name) or self.curves.get(field.kind)
            if curve is None or families(every) not in self.together:
                return None
            known = features(field, every, value, sources, self.readers)
            unclear = field.kind in _EXACT and known["misreadable"] > _UNCLEAR
            return min(_probability(curve, known), _READ_BADLY if unclear else 1.0)

        return probability


def features(
    field: Field, every: Sequence[Keyed], value: Json, sources: Sequence[Source], readers: Sequence[str]
) -> dict[str, float]:
    """What is known about one candidate value."""
    alike = [keyed for keyed in every if same(field.kind, keyed.value, value)]
    others = [keyed for keyed in every if keyed not in alike]
    found: dict[str, float] = {"always": 1.0}
    for reader in readers:
        found[f"{reader} says it"] = _odds(_most(reader, alike))
        found[f"{reader} says another"] = _odds(_most(reader, others))
    evidence = next((keyed.evidence for keyed in alike if keyed.evidence), None)
    found["agreed"] = float(len(families([keyed for keyed in alike if keyed.confidence >= 0.5])) > 1)
    found["confirmed"] = float(evidence is not None and confirmed(field, value, sources))
    found |= {"contested": 0.0, "other sums": 0.0} | {name: float(many) for name, many in rivals(field, value, sources).items()}
    found["misreadable"] = 1 - (clearness if field.kind in _EXACT else usual_clearness)(evidence, sources)
    return found


def families(every: Sequence[Keyed]) -> tuple[str, ...]:
    """Which readers spoke, by the part of their name before the slash."""
    return tuple(sorted({keyed.reader.split("/")[0] for keyed in every}))


def clearness(evidence: Evidence | None, sources: Sequence[Source]) -> float:
    """The least recognition confidence among the words that carry a value."""
    return min((word.confidence for word in _carriers(evidence, sources)), default=1.0)


def usual_clearness(evidence: Evidence | None, sources: Sequence[Source]) -> float:
    """The mean of it over letters, for names and addresses, which bear a slip; but no more than the least of their numbers."""
    words = _carriers(evidence, sources)
    if not words:
        return 1.0
    mean = sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)
    return min([mean, *(word.confidence for word in words if any(map(str.isdigit, word.text)))])


def _carriers(evidence: Evidence | None, sources: Sequence[Source]) -> list[Word]:
    if evidence is None:
        return []
    wanted = set(evidence.polygons)
    pages = (page for one in sources if one.document.id == evidence.document for page in one.reading.pages)
    page = next((page for page in pages if page.number == evidence.page), None)
    return [word for word in page.words if word.text and word.polygon in wanted] if page else []


def load(path: Path = _SHIPPED) -> Calibration:
    """A calibration from its file. Raises `NoCalibration`."""
    try:
        return Calibration.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NoCalibration(f"no calibration can be read at `{path}`: {error}; run `python -m baton.readers.practice`") from error


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """The calibration that comes with the engine, learned from made-up receipts."""
    return load()


def _most(reader: str, every: Sequence[Keyed]) -> float:
    return max((keyed.confidence for keyed in every if keyed.reader.split("/")[0] == reader), default=0.0)


def _odds(chance: float) -> float:
    held = min(max(chance, _ABSENT), _SURE)
    return round(math.log(held / (1 - held)), 4)


def _probability(curve: Curve, known: Mapping[str, float]) -> float:
    held = {
        name: min(max(value, curve.between[name][0]), curve.between[name][1])
        for name, value in known.items()
        if name in curve.between
    }
    score = sum(curve.weights.get(name, 0.0) * value for name, value in held.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)
