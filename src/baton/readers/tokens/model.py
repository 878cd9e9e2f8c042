"""What was learned: a conditional random field over the words of a page, kept as two files."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pycrfsuite

from baton.errors import BatonError
from baton.readers.tokens.features import VERSION, features_of
from baton.readers.tokens.laid import Laid
from baton.readers.tokens.tags import OUTSIDE, Example

_ROUNDS = 60


class NoModel(BatonError):
    """The token reader's model is missing or cannot be read."""


@dataclass(frozen=True)
class Card:
    """What a model is: the name on record, the fields that it knows, and what it learned from."""

    name: str
    fields: tuple[str, ...]
    learned_from: dict[str, int]
    documents: tuple[str, ...] = ()
    """The real ones among them, by id: what they show of the reader proves nothing."""
    features: str = VERSION


class Model:
    """Says for every word of a page how probably it carries each field."""

    def __init__(self, path: Path, card: Card) -> None:
        self.card = card
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._labels = frozenset(self._tagger.labels())
        self._one_at_a_time = Lock()

    def chances(self, page: Laid) -> list[dict[str, float]]:
        """For each word the probability of each tag; tags that nothing speaks for are left out."""
        if not page.tokens:
            return []
        with self._one_at_a_time:  # a tagger holds the sequence it was last given
            self._tagger.set(pycrfsuite.ItemSequence(features_of(page)))
            labels = [label for label in self._labels if label != OUTSIDE]
            rows = [[self._tagger.marginal(label, index) for label in labels] for index in range(len(page.tokens))]
        return [{label: chance for label, chance in zip(labels, row, strict=True) if chance > 0.001} for row in rows]


def learn(
    examples: Sequence[Example],
    path: Path,
    name: str,
    learned_from: dict[str, int],
    rounds: int = _ROUNDS,
    documents: Sequence[str] = (),
) -> Model:
    """Learn from examples and keep the result at `path`, with its card beside it; what stood there is replaced at once."""
    import sklearn_crfsuite  # takes a second to load, and reading does without it

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        made = Path(scratch) / path.name
        field: Any = sklearn_crfsuite.CRF(
            algorithm="lbfgs", c1=0.05, c2=0.05, max_iterations=rounds, min_freq=2, model_filename=str(made), keep_tempfiles=True
        )
        field.fit([one.features for one in examples], [list(one.tags) for one in examples])
        fields = tuple(sorted({tag[2:] for one in examples for tag in one.tags if tag != OUTSIDE}))
        card = Card(name, fields, learned_from, tuple(documents))
        _card_of(made).write_text(json.dumps(card.__dict__, indent=2), "utf-8")
        os.replace(made, path)
        os.replace(_card_of(made), _card_of(path))
    return Model(path, card)


def load(path: Path) -> Model:
    """The model kept at `path`. Raises `NoModel` where there is none, or one that another version made."""
    try:
        said = json.loads(_card_of(path).read_text("utf-8"))
        card = Card(said["name"], tuple(said["fields"]), said["learned_from"], tuple(said["documents"]), said["features"])
        if card.features != VERSION or not path.is_file():
            raise NoModel(f"the model at `{path}` is of another version: run `baton readers train`")
        return Model(path, card)
    except (OSError, ValueError, KeyError) as error:
        raise NoModel(f"no model can be read at `{path}`: {error}; run `baton readers train`") from error


def _card_of(path: Path) -> Path:
    return path.with_suffix(".json")
