"""Whether a message is of any known kind at all, and how sure its kind is: learnt from messages held back in training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from baton.routing.words import Arrays, Numbers

Floats: TypeAlias = NDArray[np.float64]
_NEAR = 10


@dataclass(frozen=True)
class Held:
    """What is known about messages held back: signs, whether they belong anywhere, whether their kind was told right."""

    signs: Floats
    inside: NDArray[np.bool_]
    right: NDArray[np.bool_]


class Scope:
    """Turns the signs of a message into two probabilities; `floor` is where the first is too low."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self.floor = float(arrays["scope.floor"])

    @classmethod
    def learn(cls, held: Held, keep: float) -> "Scope":
        """Learn from messages held back; of those that belong somewhere, the share `keep` stays above the floor."""
        centre, spread = held.signs.mean(0), held.signs.std(0) + 1e-9
        signs = (held.signs - centre) / spread
        arrays: Arrays = {"scope.centre": centre, "scope.spread": spread}
        arrays["scope.belongs"] = _weights(signs, held.inside)
        arrays["scope.sure"] = _weights(signs[held.inside], held.right[held.inside])
        scope = cls(arrays | {"scope.floor": np.array(0.0)})
        floor = np.quantile(scope.belongs(held.signs[held.inside]), 1 - keep)
        return cls(arrays | {"scope.floor": np.array(floor)})

    def belongs(self, signs: Floats) -> Floats:
        """How likely each message is of any known kind."""
        return self._probability(signs, "scope.belongs")

    def sure(self, signs: Floats) -> Floats:
        """How likely the best kind is the right one, for a message that belongs somewhere."""
        return self._probability(signs, "scope.sure")

    def arrays(self) -> Arrays:
        """All there is to it, as plain arrays."""
        return self._arrays

    def _probability(self, signs: Floats, which: str) -> Floats:
        weights = self._arrays[which]
        score = (signs - self._arrays["scope.centre"]) / self._arrays["scope.spread"] @ weights[:-1] + weights[-1]
        probability: Floats = 1 / (1 + np.exp(-np.clip(score, -40, 40)))
        return probability


def signs_of(scores: Floats, other: Floats, parts: Sequence[Numbers], known: Sequence[Numbers], kinds: NDArray[Any]) -> Floats:
    """What can be seen of each message: how far its best kind leads, and how near its neighbours in training are.

    `scores` has a column for each kind, `other` is the score of belonging nowhere; `parts` and `known` are points of the
    messages and of the training examples, in one or more spaces; `kinds` is the column of each training example.
    """
    ranked = np.sort(scores, axis=1)
    best, second = ranked[:, -1], ranked[:, -2] if scores.shape[1] > 1 else ranked[:, -1] - 10
    total = best + np.log(np.exp(scores - best[:, None]).sum(1))
    chosen = scores.argmax(1)
    rest = np.log(-np.expm1(np.minimum(best - total, -1e-6)))
    seen = [best - total, rest, best - second, best, total, best - scores.mean(1), other - total]
    for points, examples in zip(parts, known, strict=True):
        seen += _neighbours(points, examples, kinds, chosen)
    return np.stack([np.asarray(one, np.float64) for one in seen], axis=1)


def _neighbours(points: Numbers, examples: Numbers, kinds: NDArray[Any], chosen: NDArray[Any]) -> list[NDArray[Any]]:
    found = []
    for start in range(0, len(points), 1000):
        here = slice(start, start + 1000)
        near = points[here] @ examples.T
        same = np.where(kinds[None, :] == chosen[here, None], near, np.float32(-1))
        found.append(np.stack([near.max(1), _highest(near, _NEAR), _highest(same, 3)], axis=1))
    joined = np.concatenate(found) if found else np.zeros((0, 3), np.float32)
    return list(joined.T)


def _highest(near: Numbers, many: int) -> Numbers:
    many = min(many, near.shape[1])
    return np.asarray(np.partition(near, -many, axis=1)[:, -many:].mean(1), np.float32)


def _weights(signs: Floats, wanted: NDArray[np.bool_]) -> Floats:
    if wanted.all() or not wanted.any():
        # All alike: nothing to tell apart, so the probability is what it was, short of certainty.
        odds = (wanted.sum() + 0.5) / (len(wanted) - wanted.sum() + 0.5)
        return np.append(np.zeros(signs.shape[1]), np.log(odds))
    from sklearn.linear_model import LogisticRegression  # loaded where it is used, as in `words`

    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(signs, wanted)
    return np.append(fitted.coef_[0], fitted.intercept_[0])
