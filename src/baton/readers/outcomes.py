"""What readers' values turned out to be: right or wrong. From outcomes confidence is learned."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from baton.readers.confidence import Calibration, Curve, families, features
from baton.readers.fields import Field
from baton.readers.reader import Source
from baton.types.findings import FieldFinding
from baton.types.frozen import Frozen

_FEWEST = 30
"""Outcomes below which nothing is learned about a field."""
_STRENGTH = 5.0
_DOUBT = 0.5
"""Outcomes of the other kind that are assumed beside those that were seen: nothing is certain because it was never wrong yet."""
_BEFOREHAND = {"misreadable": -4.0}
"""What is known without outcomes: a word of which recognition itself is unsure is wrong more often."""
_POSITIVE = ("says it", "agreed", "confirmed")
_NEGATIVE = ("says another", "contested", "other sums", "misreadable")


class Outcome(Frozen):
    """One value that was read and whether it was right."""

    field: str
    spoke: tuple[str, ...]
    known: dict[str, float]
    right: bool


def outcome_of(
    field: Field, finding: FieldFinding, right: bool, sources: Sequence[Source], readers: Sequence[str], name: str
) -> Outcome:
    """What came of the value that led. Those that it beat teach nothing: they differ from it in more than their chances."""
    known = features(field, finding.readings, finding.value, sources, readers)
    return Outcome(field=name, spoke=families(finding.readings), known=known, right=right)


def learned(outcomes: Sequence[Outcome], readers: Sequence[str], version: str, learned_from: str) -> Calibration:
    """A calibration out of outcomes; fields with too few of them stay without a curve."""
    by: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by[one.field].append(one)
    together = Counter(one.spoke for one in outcomes)
    curves = {name: _curve(some) for name, some in sorted(by.items()) if len(some) >= _FEWEST}
    often = tuple(sorted(spoke for spoke, times in together.items() if times >= _FEWEST))
    return Calibration(version=version, learned_from=learned_from, readers=tuple(readers), together=often, curves=curves)


def _curve(outcomes: Sequence[Outcome]) -> Curve:
    # Here, because SciPy takes long to import and only learning needs it.
    import numpy as np
    from scipy.optimize import minimize

    names = sorted(outcomes[0].known)
    seen = np.array([[one.known[name] for name in names] for one in outcomes])
    right = np.array([1.0 if one.right else 0.0 for one in outcomes])
    middle = seen.mean(axis=0)
    rows = np.vstack([seen, middle, middle])
    marks, weight = np.append(right, [1.0, 0.0]), np.append(np.ones(len(right)), [_DOUBT, _DOUBT])
    scale = np.where(seen.std(axis=0) > 1e-6, seen.std(axis=0), 1.0)
    held = np.array([0.0 if name == "always" else _STRENGTH for name in names])
    believed = np.array([_BEFOREHAND.get(name, 0.0) for name in names]) * scale

    def loss(weights: Any) -> tuple[float, Any]:
        score = (rows / scale) @ weights
        chance = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        value = (weight * (np.logaddexp(0, score) - marks * score)).sum() + (held * (weights - believed) ** 2).sum() / 2
        return float(value), (rows / scale).T @ (weight * (chance - marks)) + held * (weights - believed)

    bounds = [_bounds(name, float(part)) for name, part in zip(names, scale, strict=True)]
    # invariant: more said for a value never makes it less probable
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = {name: round(float(value), 4) for name, value in zip(names, found.x / scale, strict=True)}
    between = {
        name: (0.0, 1.0) if name in _BEFOREHAND else (float(seen[:, place].min()), float(seen[:, place].max()))
        for place, name in enumerate(names)
    }
    return Curve(weights=weights, outcomes=len(outcomes), wrong=sum(not one.right for one in outcomes), between=between)


def _bounds(name: str, scale: float) -> tuple[float | None, float | None]:
    if name in _BEFOREHAND:
        return 1.5 * _BEFOREHAND[name] * scale, 0.0
    if name.endswith(_POSITIVE):
        return 0.0, None
    return (None, 0.0) if name.endswith(_NEGATIVE) else (None, None)
