"""Readers and confidence that learned from labelled documents of a set."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from baton.readers.confidence import Calibration
from baton.readers.fields import fields_of
from baton.readers.outcomes import Outcome, learned, outcome_of
from baton.readers.reader import Reader
from baton.readers.tokens import TokenReader
from baton.readers.tokens.home import made_examples
from baton.readers.tokens.model import learn
from baton.readers.tokens.reader import names_of
from baton.readers.tokens.tags import NAMES, Example, by_values
from benchmarks.reading.items import Labelled, Truth, fold_of
from benchmarks.reading.measure import Matches, Run, joined, run

_MADE = 150
_ROUNDS = 45
_FOLDS = 4


class School:
    """Teaches a set's readers, where they can learn, and how far to believe them on documents that they did not learn from."""

    def __init__(
        self,
        chosen: Any,
        shipped: Callable[[], list[Reader]],
        match: Matches,
        lessons: Sequence[Labelled],
        beside: Sequence[Reader] = (),
    ) -> None:
        self._set, self._shipped, self._match, self._lessons, self._beside = chosen, shipped, match, lessons, beside
        self._folds = [(fold, self._readers([one for one in lessons if _fold(one) != fold])) for fold in range(_FOLDS)]
        self._names = sorted({reader.name.split("/")[0] for _, readers in self._folds for reader in readers})
        self._outcomes = {fold: list(self._outcomes_of(fold, readers)) for fold, readers in self._folds}

    def run(self, documents: Sequence[Labelled]) -> Run:
        """Read documents of other vendors than the lessons'."""
        return run(self._set.FORM, documents, self._readers(self._lessons), self._match, self._calibration())

    def run_within(self, documents: Sequence[Labelled]) -> Run:
        """Read documents of the lessons' vendors: each with readers and confidence that learned from other vendors."""
        runs = []
        for fold, readers in self._folds:
            part = [one for one in documents if _fold(one) == fold]
            runs.append(run(self._set.FORM, part, readers, self._match, self._calibration(but=fold)))
        return joined(runs)

    def _readers(self, lessons: Sequence[Labelled]) -> list[Reader]:
        return [*(self._set.readers(lessons) or self._set.readers(()) or self._shipped()), *self._beside]

    def _calibration(self, but: int | None = None) -> Calibration:
        outcomes = [one for fold, some in self._outcomes.items() if fold != but for one in some]
        return learned(outcomes, self._names, "measured/1", f"{len(self._lessons)} labelled documents")

    def _outcomes_of(self, fold: int, readers: Sequence[Reader]) -> Iterator[Outcome]:
        fields = {field.name: field for field in fields_of(self._set.FORM)}
        done = run(self._set.FORM, [one for one in self._lessons if _fold(one) == fold], readers, self._match)
        sources = {document.id: document.sources for document in self._lessons}
        for name, column in done.fields.items():
            for one in column:
                if one.finding.readings:
                    yield outcome_of(fields[name], one.finding, one.right, sources[one.document], self._names, name)


def _fold(document: Labelled) -> int:
    return fold_of(document.vendor, _FOLDS)


def taught(form: type[BaseModel], documents: Sequence[Labelled]) -> TokenReader:
    """A token reader that learned from made-up receipts and these documents; nothing is kept."""
    examples = [*_made(), *(one for document in documents for one in _examples(form, document))]
    with tempfile.TemporaryDirectory() as scratch:
        model = learn(
            examples, Path(scratch) / "tokens.crf", "tokens/taught", {"made": _MADE, "labelled": len(documents)}, _ROUNDS
        )
        return TokenReader(model)


@cache
def _made() -> list[Example]:
    return made_examples(_MADE)


_KNOWN: dict[int, list[Example]] = {}


def _examples(form: type[BaseModel], document: Labelled) -> list[Example]:
    """Worked out once a document, though it gives lessons many times."""
    if id(document) not in _KNOWN:
        _KNOWN[id(document)] = _made_of(form, document)
    return _KNOWN[id(document)]


def _made_of(form: type[BaseModel], document: Labelled) -> list[Example]:
    names = names_of(form, [*NAMES.values(), *(field.name for field in fields_of(form))])
    values = {
        names.get(field.name, field.name): (field.kind, _first(document.truth[field.name]))
        for field in fields_of(form)
        if field.name in document.truth
    }
    return [by_values(source, values) for source in document.sources]


def _first(truth: Truth) -> Any:
    return truth.value[0] if isinstance(truth.value, list) and truth.value else truth.value
