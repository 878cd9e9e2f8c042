"""From signs to a chance: weights set by hand ship with the reader, others can be learned from labelled agreements."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Signs: TypeAlias = Mapping[str, float]
Asked: TypeAlias = Literal["parties", "effective_date", "term"]
_MOST = 0.99


@dataclass(frozen=True)
class Weights:
    """What each sign is worth, in log odds, and the chance from which on a candidate is taken."""

    bias: float
    signs: dict[str, float]
    take: float

    def chance(self, signs: Signs) -> float:
        """How likely a candidate with these signs is right."""
        odds = self.bias + sum(self.signs.get(name, 0.0) * strength for name, strength in signs.items())
        return round(min(1 / (1 + math.exp(-max(min(odds, 30.0), -30.0))), _MOST), 4)


@cache
def shipped() -> dict[Asked, Weights]:
    """The weights in `weights.toml`."""
    told = tomllib.loads(Path(__file__).with_name("weights.toml").read_text("utf-8"))
    return {name: Weights(one["bias"], one["signs"], one["take"]) for name, one in told.items()}  # type: ignore[misc]  # its tables


def learned(examples: Sequence[tuple[Signs, bool]], asked: int) -> Weights:
    """Weights from labelled candidates; `asked` counts the values that the labels ask for, found as candidates or not."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    names = sorted({name for signs, _ in examples for name in signs})
    given = np.array([[signs.get(name, 0.0) for name in names] for signs, _ in examples])
    right = np.array([is_right for _, is_right in examples])
    model = LogisticRegression(C=1.0, max_iter=2000)
    unseen = cross_val_predict(model, given, right, cv=5, method="predict_proba")[:, 1]
    model.fit(given, right)
    weights = dict(zip(names, (float(one) for one in model.coef_[0]), strict=True))
    return Weights(float(model.intercept_[0]), weights, _best_take(unseen.tolist(), right.tolist(), asked))


def _best_take(chances: Sequence[float], right: Sequence[bool], asked: int) -> float:
    """The chance from which on taking candidates gives the best F1."""
    pairs = list(zip(chances, right, strict=True))
    takes = [step / 20 for step in range(4, 15)]
    return max(takes, key=lambda take: _f1([is_right for chance, is_right in pairs if chance >= take], asked))


def _f1(taken: Sequence[bool], asked: int) -> float:
    return 2 * sum(taken) / (len(taken) + asked) if taken else 0.0
