"""A new token reader out of made-up receipts and corrections, and whether it may replace the present one.

Never silently worse: it is compared on documents that it did not learn from.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, Field, create_model

from baton.readers.corrections import Correction
from baton.readers.fields import Kind, ReadAs
from baton.readers.made import made_receipts
from baton.readers.normalise import same
from baton.readers.reader import Reader, Source
from baton.readers.tokens.home import NAME, RECEIPTS, made_examples, shipped_model
from baton.readers.tokens.model import Model, learn
from baton.readers.tokens.reader import TokenReader
from baton.readers.tokens.tags import KINDS, Example, by_values, completed
from baton.types.canonical import Json, hash_of
from baton.types.frozen import Frozen

_HELD_BACK, _SEED = 150, 23  # made-up receipts that no reader learns from
_PARTS = 3


@dataclass(frozen=True)
class Lesson:
    """A correction with its document as it was read."""

    correction: Correction
    source: Source

    @property
    def truth(self) -> dict[str, tuple[Kind, Json]]:
        """What a reader should find, by the names that examples use."""
        return self.correction.named()

    def example(self, model: Model) -> Example:
        """What it teaches; of fields that nobody named it teaches what the model knew before."""
        example = by_values(self.source, self.truth)
        return completed(example, model.chances(example.page), self.truth.keys())


class Score(Frozen):
    """How many fields a reader got right."""

    right: int
    asked: int
    wrong: tuple[str, ...] = Field(default=(), description="document and field, of corrected ones")

    @property
    def share(self) -> float:
        """Right among asked; nothing asked is nothing wrong."""
        return self.right / self.asked if self.asked else 1.0


class Comparison(Frozen):
    """The present reader and a new one, on documents that neither learned from; each score is (present, new)."""

    present: str
    candidate: str
    lessons: int
    made: tuple[Score, Score] = Field(description="on made-up receipts")
    held_out: tuple[Score, Score] = Field(
        description="on corrections: the new one's by readers that learned from the others only"
    )
    regressions: tuple[str, ...] = Field(description="corrected fields that the present one reads right and the new one does not")

    @property
    def worse(self) -> str:
        """Why the new one must not be installed; empty where it may."""
        for what, (now, new), slack in (("held-out", self.held_out, 0), ("made-up", self.made, _slack(self.made[0].asked))):
            if new.right < now.right - slack:
                return f"of {now.asked} {what} fields it reads {new.right} right, the present one {now.right}"
        if self.regressions:
            return f"it misreads what people corrected: {', '.join(self.regressions[:5])}"
        return ""


def _slack(asked: int) -> int:
    """What chance alone moves: one field in two hundred."""
    return max(1, asked // 200)


def taught(lessons: Sequence[Lesson], folder: Path) -> Model:
    """Learn from made-up receipts and corrections; the name tells which corrections."""
    name = f"{NAME}+{hash_of([one.correction for one in lessons])[:8]}" if lessons else NAME
    examples = [*_made(), *(one.example(shipped_model()) for one in lessons)]
    learned_from = {"made": RECEIPTS, "corrections": len(lessons)}
    return learn(examples, folder / "tokens.crf", name, learned_from, documents=[one.correction.document for one in lessons])


@lru_cache(maxsize=1)
def _made() -> list[Example]:
    return made_examples()


def compared(present: TokenReader, candidate: TokenReader, lessons: Sequence[Lesson]) -> Comparison:
    """Read made-up receipts and corrections with both; what a reader learned from does not count for it."""
    made = [(one.source, _of_made(one.truth)) for one in made_receipts(_HELD_BACK, _SEED)]
    before, after = _marks(present, lessons), _marks(candidate, lessons)
    new = [one for one in lessons if one.correction.document not in present.learned_from]
    lost = [name for (name, right, corrected), (_, now, _) in zip(before, after, strict=True) if corrected and right and not now]
    return Comparison(
        present=present.name,
        candidate=candidate.name,
        lessons=len(lessons),
        made=(_score(_marked(present, made)), _score(_marked(candidate, made))),
        held_out=(_score(_marks(present, new)), _score(list(_held_out(new, lessons)))),
        regressions=tuple(lost),
    )


_Mark: TypeAlias = tuple[str, bool, bool]
"""Document and field, whether it was read right, whether a person had put it in."""


def _held_out(asked: Sequence[Lesson], lessons: Sequence[Lesson]) -> Iterator[_Mark]:
    """Each of these read once, by a reader that learned from all lessons but its part."""
    for part in range(min(_PARTS, len(asked))):
        some = asked[part::_PARTS]
        with TemporaryDirectory() as scratch:
            yield from _marks(TokenReader(taught([one for one in lessons if one not in some], Path(scratch))), some)


def _marks(reader: Reader, lessons: Sequence[Lesson]) -> list[_Mark]:
    found = []
    for lesson in lessons:
        said = [lesson.correction.values[name] for name in lesson.correction.corrected]
        for name, right in _read(reader, lesson.source, lesson.truth):
            found.append((f"{lesson.correction.document[:12]}:{name}", right, lesson.truth[name][1] in said))
    return found


def _marked(reader: Reader, documents: Iterable[tuple[Source, dict[str, tuple[Kind, Json]]]]) -> list[_Mark]:
    return [(name, right, False) for source, truth in documents for name, right in _read(reader, source, truth)]


def _read(reader: Reader, source: Source, truth: dict[str, tuple[Kind, Json]]) -> Iterator[tuple[str, bool]]:
    keyed = reader.read(form_of({name: kind for name, (kind, _) in truth.items()}), [source])
    for name, (kind, value) in truth.items():
        yield name, bool(keyed.get(name)) and same(kind, keyed[name][0].value, value)


def form_of(kinds: dict[str, Kind]) -> type[BaseModel]:
    """A form that asks for just these fields."""
    fields: dict[str, Any] = {name: (Annotated[Any, ReadAs(kind)], None) for name, kind in kinds.items()}
    return create_model("Asked", **fields)


def _of_made(truth: dict[str, Json]) -> dict[str, tuple[Kind, Json]]:
    return {name: (KINDS[name], value) for name, value in truth.items()}


def _score(marks: Sequence[_Mark]) -> Score:
    wrong = tuple(name for name, right, corrected in marks if corrected and not right)
    return Score(right=sum(right for _, right, _ in marks), asked=len(marks), wrong=wrong)
