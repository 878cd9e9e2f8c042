"""Teaching the learned reader: from labelled forms to weights."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from baton.readers.fields import Field, Kind, fields_of
from baton.readers.orders.features import Features
from baton.readers.orders.form import form_of
from baton.readers.orders.learned import Learned, LearnedForms, Seen, Weights, seen_on
from baton.readers.reader import Source
from baton.types.canonical import Json

_FREEDOM: Final = 5.0
_ROUNDS: Final = 2

Accepts: TypeAlias = Callable[[Field, Json], bool]
"""Whether a value is what the label of a field says."""


@dataclass(frozen=True, eq=False)
class Example:
    """A form with its labels: which fields are labelled, and a test for each value."""

    sources: tuple[Source, ...]
    labelled: frozenset[str]
    accepts: Accepts
    _kept: dict[Kind, Seen] = field(default_factory=dict)

    def seen(self, kind: Kind) -> Seen:
        """The candidates of its form; kept, since an example is learned from more than once."""
        if kind not in self._kept:
            self._kept[kind] = seen_on(form_of(self.sources), kind)
        return self._kept[kind]


def learn(form: type[BaseModel], examples: Sequence[Example], learned_from: str = "") -> LearnedForms:
    """A reader taught by these examples; a field that none of them shows is not learned."""
    weights = {
        one.name: _weights(one, [example for example in examples if one.name in example.labelled]) for one in fields_of(form)
    }
    fields = {name: learned for name, learned in weights.items() if learned}
    return LearnedForms(Learned(learned_from=learned_from or f"{len(examples)} labelled forms", fields=fields))


@dataclass(frozen=True)
class _Lesson:
    """One form: what each candidate shows, and whether it is right."""

    told: list[Features]
    right: list[bool]

    def narrowed(self, weights: Weights) -> "_Lesson":
        """Of the right places only the likeliest; the others teach nothing."""
        best = max((index for index, right in enumerate(self.right) if right), key=lambda index: weights.chance(self.told[index]))
        kept = [index for index, right in enumerate(self.right) if not right or index == best]
        return _Lesson([self.told[index] for index in kept], [self.right[index] for index in kept])


def _weights(asked: Field, examples: Sequence[Example]) -> Weights | None:
    """By chance a line of the order, too, carries its first day: so the telling place of each form is found, and learned anew."""
    lessons = [_lesson(asked, example) for example in examples]
    names = _repeated(name for lesson in lessons for told in lesson.told for name in told)
    weights = _fitted(lessons, names)
    for _ in range(_ROUNDS):
        if weights is None:
            return None
        lessons = [lesson.narrowed(weights) for lesson in lessons if any(lesson.right)]
        weights = _fitted(lessons, names)
    return weights


def _lesson(asked: Field, example: Example) -> _Lesson:
    every, told = example.seen(asked.kind)
    return _Lesson(told, [example.accepts(asked, one.value) for one in every])


def _repeated(names: Iterable[str]) -> dict[str, int]:
    """Features seen more than once, numbered; one that was seen once only tells nothing."""
    return {name: place for place, name in enumerate(sorted(name for name, n in Counter(names).items() if n > 1))}


def _fitted(lessons: Sequence[_Lesson], names: Mapping[str, int]) -> Weights | None:
    # here, because scikit-learn takes long to import and only learning needs it
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped,unused-ignore]  # it has no stubs

    right = [one for lesson in lessons for one in lesson.right]
    if len(set(right)) < 2:
        return None
    fitted = LogisticRegression(C=_FREEDOM, max_iter=300)
    fitted.fit(_matrix([told for lesson in lessons for told in lesson.told], names), right)
    by_feature = {name: round(float(fitted.coef_[0][place]), 4) for name, place in names.items()}
    return Weights(by_feature={name: weight for name, weight in by_feature.items() if weight}, always=float(fitted.intercept_[0]))


def _matrix(every: Sequence[Features], names: Mapping[str, int]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped,unused-ignore]  # it has no stubs

    rows = [[names[name] for name in one if name in names] for one in every]
    ends = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)
    columns = np.array([place for row in rows for place in row], dtype=np.int32)
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(every), len(names)))
