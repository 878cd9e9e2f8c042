"""Tells kinds of text apart, and texts of no known kind from all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baton.errors import BatonError
from baton.routing import meaning
from baton.routing.scope import Floats, Held, Scope, signs_of
from baton.routing.words import Arrays, Numbers, Words

NOWHERE = ""
"""The kind of an example that belongs nowhere."""
FEWEST = 5
"""Examples that a kind needs: it must be known while a fifth of them is held back."""
_FOLDS = 5
_FEW_STRANGERS = 20
_WORDS_WEIGHT = np.float32(0.7)


class TooFewExamples(BatonError):
    """The examples do not suffice to tell kinds apart."""


@dataclass(frozen=True)
class Told:
    """What the classifier says about texts, a row each: `scores` a kind a column, and two probabilities."""

    scores: Floats
    belongs: Floats
    sure: Floats

    @property
    def shares(self) -> Floats:
        """The scores as shares of one."""
        raised = np.exp(self.scores - self.scores.max(1, keepdims=True))
        shares: Floats = raised / raised.sum(1, keepdims=True)
        return shares


@dataclass(frozen=True)
class _Space:
    """Where texts are points: by words, and by meaning where the encoder is used."""

    words: Words
    by_meaning: bool

    def parts(self, texts: Sequence[str]) -> list[Numbers]:
        spelled = self.words.points(texts)
        return [meaning.encoder().points(texts), spelled] if self.by_meaning else [spelled]


class Classifier:
    """A linear model over the points of texts, with a sense of what it does not know."""

    def __init__(self, kinds: Sequence[str], space: _Space, scope: Scope, arrays: Arrays) -> None:
        self.kinds = tuple(kinds)
        self.space, self.scope = space, scope
        self._arrays = arrays

    @classmethod
    def learn(cls, texts: Sequence[str], kinds: Sequence[str], *, by_meaning: bool, keep: float, seed: int = 0) -> "Classifier":
        """Learn from examples; those of kind `NOWHERE` show what belongs to none. Raises `TooFewExamples`."""
        names = _enough(kinds)
        columns = np.array([names.index(kind) if kind else -1 for kind in kinds])
        space = _Space(Words.learn(texts, seed), by_meaning)
        parts = space.parts(texts)
        scope = Scope.learn(_held_back(parts, columns, seed), keep)
        line = _line(_joined(parts), columns)
        arrays: Arrays = {f"known.{number}": part[columns >= 0] for number, part in enumerate(parts)}
        arrays |= {"line": line, "columns": columns[columns >= 0]}
        return cls(names, space, scope, arrays)

    def tell(self, texts: Sequence[str]) -> Told:
        """The kinds of these texts."""
        parts = self.space.parts(texts)
        scores, other = _scores(self._arrays["line"], _joined(parts))
        known = [self._arrays[f"known.{number}"] for number in range(len(parts))]
        signs = signs_of(scores, other, parts, known, self._arrays["columns"])
        return Told(scores=scores, belongs=self.scope.belongs(signs), sure=self.scope.sure(signs))

    def telling(self, text: str, kind: str) -> list[str]:
        """The words of a text that speak most for a kind."""
        line = self._arrays["line"]
        pull = line[self.kinds.index(kind)] - line[: len(self.kinds)].mean(0)
        return self.space.words.telling(text, pull[-len(self.space.words.directions) - 1 : -1])

    def arrays(self) -> Arrays:
        """All there is to it but names and settings, as plain arrays."""
        return self._arrays | self.space.words.arrays() | self.scope.arrays()

    @classmethod
    def of(cls, kinds: Sequence[str], by_meaning: bool, arrays: Arrays) -> "Classifier":
        """The classifier that these arrays hold."""
        own = {name: array for name, array in arrays.items() if name.partition(".")[0] in ("known", "line", "columns")}
        scope = Scope({name: array for name, array in arrays.items() if name.startswith("scope.")})
        return cls(kinds, _Space(Words.of(arrays), by_meaning), scope, own)


def _enough(kinds: Sequence[str]) -> list[str]:
    names = sorted({kind for kind in kinds if kind})
    if len(names) < 2:
        raise TooFewExamples(f"there is `{len(names)}` kind; give examples of two kinds or more")
    few = next((name for name in names if kinds.count(name) < FEWEST), None)
    if few is not None:
        raise TooFewExamples(f"kind `{few}` has `{kinds.count(few)}` examples; give `{FEWEST}` or more")
    return names


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.hstack([*parts[:-1], parts[-1] * _WORDS_WEIGHT]) if len(parts) > 1 else parts[0]


def _line(points: Numbers, columns: NDArray[Any]) -> Floats:
    """A row of weights for each kind and, where examples show it, one more for belonging nowhere."""
    from sklearn.linear_model import LogisticRegression  # loaded where it is used, as in `words`

    fitted = LogisticRegression(C=30.0, max_iter=300, tol=1e-4).fit(points, columns)
    weights, start = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        weights, start = np.vstack([-weights, weights]) / 2, np.append(-start, start) / 2
    line = np.full((columns.max() + 2, points.shape[1] + 1), 0.0)
    line[:, -1] = -50.0  # a kind held back altogether is never chosen
    line[fitted.classes_] = np.hstack([weights, start[:, None]])
    return line


def _scores(line: Floats, points: Numbers) -> tuple[Floats, Floats]:
    scores: Floats = points @ line[:, :-1].T + line[:, -1]
    return scores[:, :-1], scores[:, -1]


def _held_back(parts: Sequence[Numbers], columns: NDArray[Any], seed: int) -> Held:
    """Tell every example by a model that never saw it; where too few belong nowhere, whole kinds are strangers in their place."""
    order = np.random.default_rng(seed)
    fold = _folds(columns, order)
    found = [_told(parts, columns, fold == number, fold == number) for number in range(_FOLDS)]
    kinds = int(columns.max()) + 1
    if (columns < 0).sum() < _FEW_STRANGERS and kinds > _FOLDS:
        kind_fold = np.append(order.permutation(kinds) % _FOLDS, -1)[columns]
        for number in range(_FOLDS):
            strange = kind_fold == number
            told = _told(parts, columns, strange | (fold == number), strange)
            found.append(Held(told.signs, np.zeros_like(told.inside), told.right))
    return Held(*(np.concatenate([getattr(one, part) for one in found]) for part in ("signs", "inside", "right")))


def _folds(columns: NDArray[Any], order: np.random.Generator) -> NDArray[Any]:
    """A fold for each example, so that every kind is spread over all of them."""
    fold = np.zeros(len(columns), int)
    for column in np.unique(columns):
        places = order.permutation(np.flatnonzero(columns == column))
        fold[places] = (np.arange(len(places)) + order.integers(_FOLDS)) % _FOLDS
    return fold


def _told(parts: Sequence[Numbers], columns: NDArray[Any], hidden: NDArray[np.bool_], asked: NDArray[np.bool_]) -> Held:
    """Learn without the hidden examples, and tell those that are asked about."""
    taught, seen = ~hidden, ~hidden & (columns >= 0)
    line = _widened(_line(_joined([part[taught] for part in parts]), columns[taught]), int(columns.max()) + 2)
    points = [part[asked] for part in parts]
    scores, other = _scores(line, _joined(points))
    signs = signs_of(scores, other, points, [part[seen] for part in parts], columns[seen])
    return Held(signs, columns[asked] >= 0, scores.argmax(1) == columns[asked])


def _widened(line: Floats, rows: int) -> Floats:
    missing = np.zeros((rows - len(line), line.shape[1]))
    missing[:, -1] = -50.0
    return np.vstack([line[:-1], missing, line[-1:]])
