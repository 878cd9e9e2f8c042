"""The judge that learned from agreements whose clauses people have judged: which passages matter, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from baton.errors import BatonError
from baton.playbook.book import Clause, Words
from baton.playbook.heard import Heard
from baton.playbook.passages import Passage
from baton.playbook.rules import denies, says

FOLDS = 5
_WORDS: tuple[Words, ...] = ("said", "denied", "silent")
_SHOWN = 0.28
"""From this chance on a passage is shown as evidence."""
_MOST_SHOWN = 5
_OF_PATTERNS = 0.15
"""How much the playbook's own patterns weigh beside what was learned."""
Numbers = npt.NDArray[np.float64]


class TooFewJudged(BatonError):
    """Not enough judged agreements to learn from."""


@dataclass(frozen=True)
class Judged:
    """An agreement in passages, and for each clause what people heard and the passages (by index) that show it."""

    passages: tuple[Passage, ...]
    words: Mapping[str, Words]
    shown: Mapping[str, frozenset[int]]


class LearnedJudge:
    """Finds the passages that matter for a clause, and weighs what they and the playbook's patterns say."""

    name = "playbook-learned/1"

    def __init__(self, clauses: Sequence[Clause], judged: Sequence[Judged]) -> None:
        if len(judged) < 2 * FOLDS:
            raise TooFewJudged(f"`{len(judged)}` judged agreements are too few to learn from: bring at least `{2 * FOLDS}`")
        self._clauses = tuple(clauses)
        self._finders, self._verdicts = _learn(self._clauses, judged)

    def hear(self, clauses: Sequence[Clause], passages: Sequence[Passage]) -> Mapping[str, Heard]:
        """What the passages say about each clause; an agreement without words says nothing."""
        if not passages:
            return {clause.id: Heard(words="silent", confidence=0.5) for clause in clauses}
        finders = self._finders.chances(passages)
        return {clause.id: self._hear(clause, passages, finders[clause.id]) for clause in clauses}

    def _hear(self, clause: Clause, passages: Sequence[Passage], found: Numbers) -> Heard:
        chances = self._verdicts.chances(clause, _signs(clause, passages, found))
        best = int(np.argmax(chances))
        words = _WORDS[best]
        return Heard(words=words, spans=_spans(passages, found, words), confidence=min(float(chances[best]), 0.999))


class _Finders:
    """For each clause, how likely a passage says or denies it."""

    def __init__(self, clauses: Sequence[Clause], judged: Sequence[Judged]) -> None:
        self._terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=30_000)
        given: Any = self._terms.fit_transform([one.whole for paper in judged for one in paper.passages])
        self._clauses = tuple(clauses)
        self._models = {clause.id: _finder(given, _labels(clause, judged)) for clause in clauses}

    def chances(self, passages: Sequence[Passage]) -> dict[str, Numbers]:
        """For each clause one row a passage: the chance that it says it, and that it denies it."""
        given: Any = self._terms.transform([one.whole for one in passages])
        found = {}
        for clause in self._clauses:
            chances = _two_columns(self._models[clause.id], given, len(passages))
            patterns = np.array([[says(clause, one), denies(clause, one)] for one in passages], dtype=float)
            found[clause.id] = chances * (1 - _OF_PATTERNS) + patterns * _OF_PATTERNS
        return found


def _labels(clause: Clause, judged: Sequence[Judged]) -> list[Words]:
    return [
        paper.words[clause.id] if index in paper.shown[clause.id] else "silent"
        for paper in judged
        for index in range(len(paper.passages))
    ]


def _finder(given: Any, labels: Sequence[Words]) -> LogisticRegression | None:
    """None where nothing but silence was ever seen."""
    if len(set(labels)) < 2:
        return None
    return LogisticRegression(C=20.0, class_weight={"silent": 1.0, "said": 4.0, "denied": 4.0}, max_iter=300).fit(
        given, list(labels)
    )


def _two_columns(model: LogisticRegression | None, given: Any, rows: int) -> Numbers:
    columns: Numbers = np.zeros((rows, 2))
    if model is not None:
        told = model.predict_proba(given)
        for at, words in enumerate(model.classes_):
            if words in ("said", "denied"):
                columns[:, ("said", "denied").index(words)] = told[:, at]
    return columns


class _Verdicts:
    """What an agreement says about a clause, by its likeliest passages, its patterns, and how such agreements usually are."""

    def __init__(self, clauses: Sequence[Clause], judged: Sequence[Judged], found: Sequence[Mapping[str, Numbers]]) -> None:
        self._usual = {clause.id: _usual([paper.words[clause.id] for paper in judged]) for clause in clauses}
        rows, right = [], []
        for paper, chances in zip(judged, found, strict=True):
            for clause in clauses:
                rows.append(self._row(clause, _signs(clause, paper.passages, chances[clause.id])))
                right.append(paper.words[clause.id])
        self._model = LogisticRegression(C=0.5, max_iter=2000).fit(np.array(rows), right)

    def chances(self, clause: Clause, signs: Numbers) -> Numbers:
        """The chances of `said`, `denied` and `silent`."""
        told = self._model.predict_proba(self._row(clause, signs).reshape(1, -1))[0]
        by = dict(zip(self._model.classes_, told, strict=True))
        return np.array([float(by.get(words, 0.0)) for words in _WORDS])

    def _row(self, clause: Clause, signs: Numbers) -> Numbers:
        return np.concatenate([signs, self._usual[clause.id]])


def _usual(words: Sequence[Words]) -> Numbers:
    """Log odds of each answer among all, with one imagined agreement for each."""
    counts = np.array([words.count(one) + 1.0 for one in _WORDS])
    odds: Numbers = np.log(counts / counts.sum())
    return odds


def _signs(clause: Clause, passages: Sequence[Passage], found: Numbers) -> Numbers:
    """The likeliest passages as log odds, and whether the patterns match anywhere."""
    said, denied = (np.sort(found[:, column])[::-1] for column in (0, 1))
    tops = [float(column[rank]) if rank < len(column) else 0.0 for column in (said, denied) for rank in (0, 1)]
    odds = [float(np.log((one + 0.01) / (1.01 - one))) for one in tops]
    saying = any(says(clause, one) for one in passages)
    denying = any(denies(clause, one) for one in passages)
    return np.array(
        [*odds, float(saying), float(denying), float(saying and not denying), clause.sure * float(saying and not denying)]
    )


def _spans(passages: Sequence[Passage], found: Numbers, words: Words) -> tuple[tuple[int, int], ...]:
    if words == "silent":
        return ()
    column = found[:, 0 if words == "said" else 1]
    ranked = [int(index) for index in np.argsort(-column)[:_MOST_SHOWN]]
    kept = [index for rank, index in enumerate(ranked) if rank == 0 or column[index] >= _SHOWN]
    return tuple((passages[index].start, passages[index].end) for index in sorted(kept))


def _learn(clauses: Sequence[Clause], judged: Sequence[Judged]) -> tuple[_Finders, _Verdicts]:
    """Verdicts are learned from what finders say of agreements that they have not seen."""
    unseen: list[Mapping[str, Numbers]] = [{} for _ in judged]
    for fold in range(FOLDS):
        finders = _Finders(clauses, [paper for at, paper in enumerate(judged) if at % FOLDS != fold])
        for at in range(fold, len(judged), FOLDS):
            unseen[at] = finders.chances(judged[at].passages)
    return _Finders(clauses, judged), _Verdicts(clauses, judged, unseen)
