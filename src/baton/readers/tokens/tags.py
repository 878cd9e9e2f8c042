"""Which words of a document carry which value: what an example teaches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from baton.readers.fields import Field, Kind
from baton.readers.ground import places
from baton.readers.normalise import squeeze
from baton.readers.reader import Source
from baton.readers.rules.labels import labelled
from baton.readers.tokens.features import features_of
from baton.readers.tokens.laid import Laid, laid
from baton.types.canonical import Json

OUTSIDE = "O"
NAMES: dict[Kind, str] = {
    "seller": "seller",
    "address": "address",
    "date": "date",
    "money": "total",
    "receipt_number": "receipt_number",
    "serial": "serial",
}
"""What a value of this kind is called in examples, where a form has only one of the kind."""

KINDS: dict[str, Kind] = {name: kind for kind, name in NAMES.items()}
_ALIKE, _LIKELY = 0.8, 0.5
_HEAD = 120  # words of a page among which names and addresses are sought


@dataclass(frozen=True)
class Example:
    """A document with what each of its words carries: `B-seller`, `I-seller`, `O`."""

    page: Laid
    tags: tuple[str, ...]

    @cached_property
    def features(self) -> list[list[str]]:
        """What is told of each word; worked out once, however often it is learned from."""
        return features_of(self.page)


def by_words(source: Source, means: Mapping[int, str]) -> Example:
    """An example whose words are known by their index on the page."""
    page = laid(source)
    words = {id(word): means.get(index, "") for index, word in enumerate(source.reading.pages[0].words)}
    return Example(page, _tags([words.get(id(token.word), "") for token in page.tokens]))


def by_values(source: Source, values: Mapping[str, tuple[Kind, Json]]) -> Example:
    """An example of which only the values are known, by name with their kind: the words that carry them are sought."""
    page = laid(source)
    carried = [""] * len(page.tokens)
    for name, (kind, value) in values.items():
        for index in _carriers(page, source, Field(name, kind), value):
            carried[index] = carried[index] or name
    return Example(page, _tags(carried))


def completed(example: Example, chances: Sequence[Mapping[str, float]], known: Collection[str]) -> Example:
    """The same example, with words of fields that nobody named marked as a model sees them: nobody said they carry nothing."""
    tags = list(example.tags)
    for index, of_word in enumerate(chances):
        likely = max(of_word, key=lambda tag: of_word[tag], default=OUTSIDE)
        if tags[index] == OUTSIDE and of_word.get(likely, 0.0) > _LIKELY and likely[2:] not in known:
            tags[index] = likely
    return Example(example.page, tuple(tags))


def _carriers(page: Laid, source: Source, field: Field, value: Json) -> list[int]:
    if field.kind in ("seller", "address", "name"):
        return _alike(page, squeeze(str(value)))
    polygons = {polygon for place in places(field, value, [source]) for polygon in place.polygons}
    found = [index for index, token in enumerate(page.tokens) if token.word.polygon in polygons]
    return _telling(page, found) if field.kind == "money" else found


def _telling(page: Laid, found: Sequence[int]) -> list[int]:
    """Of all places of an amount those that a label calls the total, if there are such."""
    told = {id(one.row) for one in labelled(page.rows, page.words) if one.meaning in ("final", "total") and not one.late}
    named = [index for index in found if id(page.rows[page.tokens[index].row]) in told]
    return named or list(found)


def _alike(page: Laid, wanted: str) -> list[int]:
    """The run of words near the head that spells the value most nearly."""
    spelt = [squeeze(token.text) for token in page.tokens[:_HEAD]]
    best, where = 0.0, (0, 0)
    for start in range(len(spelt)):
        text = ""
        for end in range(start, len(spelt)):
            text += spelt[end]
            if len(text) > 1.3 * len(wanted) + 4:
                break
            if len(text) >= 0.6 * len(wanted) and (near := Levenshtein.normalized_similarity(text, wanted)) > best:
                best, where = near, (start, end + 1)
    return list(range(*where)) if best >= _ALIKE else []


def _tags(carried: Sequence[str]) -> tuple[str, ...]:
    before = ["", *carried]
    return tuple(
        OUTSIDE if not name else f"I-{name}" if before[index] == name else f"B-{name}" for index, name in enumerate(carried)
    )
