"""Telling kinds of mail by the words in them. A kind is a file in `agents/vocabulary`, in as many languages as it likes."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "vocabulary"
_COMMON = frozenset(
    {"about", "after", "also", "been", "being", "from", "have", "into", "that", "them", "then", "they", "this", "when", "with"}
)


@dataclass(frozen=True)
class Vocabulary:
    """The phrases of one kind, each with its weight; `words` says what the kind is."""

    words: str
    phrases: tuple[tuple[re.Pattern[str], int], ...]


@dataclass(frozen=True)
class Score:
    """How much a text speaks of a kind, and where: first and one-past-last character of each phrase, weightiest first."""

    points: int
    spans: tuple[tuple[int, int], ...] = ()

    def quotes(self, text: str, most: int = 4) -> list[str]:
        """The phrases as they stand in the text."""
        return [" ".join(text[start:end].split()) for start, end in self.spans[:most]]


def score(vocabulary: Vocabulary, text: str) -> Score:
    """Count each phrase once. A phrase inside one already counted adds nothing: `is broken` holds `broken`."""
    points = 0
    spans: list[tuple[int, int]] = []
    for pattern, weight in vocabulary.phrases:
        found = [match.span() for match in pattern.finditer(text)]
        fresh = next((span for span in found if not any(start <= span[0] and span[1] <= end for start, end in spans)), None)
        if fresh:
            points += weight
            spans.append(fresh)
    return Score(points, tuple(spans))


@lru_cache(maxsize=64)
def of_label(label: str, description: str) -> Vocabulary:
    """The vocabulary of a label; one without a file of its own is told by the words of its description."""
    if re.fullmatch(r"[a-z0-9_]+", label):
        for path in (FOLDER / f"{label}.toml", FOLDER / "elsewhere" / f"{label}.toml"):
            if path.is_file():
                return _read(path, description)
    told = [
        word for word in re.findall(r"[^\W\d_]{4,}", f"{label.replace('_', ' ')} {description}".lower()) if word not in _COMMON
    ]
    return Vocabulary(description, _compiled([], dict.fromkeys(told)))


@lru_cache(maxsize=8)
def elsewhere(offered: frozenset[str] = frozenset()) -> tuple[Vocabulary, ...]:
    """Kinds of mail that no process handles; one that is offered as a label is handled after all."""
    paths = sorted((FOLDER / "elsewhere").glob("*.toml"))
    return tuple(_read(path, path.stem) for path in paths if path.stem not in offered)


def _read(path: Path, words: str) -> Vocabulary:
    told = tomllib.loads(path.read_text("utf-8"))
    packs = [pack for pack in told.values() if isinstance(pack, dict)]
    strong = [phrase for pack in packs for phrase in pack.get("strong", [])]
    weak = [phrase for pack in packs for phrase in pack.get("weak", [])]
    return Vocabulary(told.get("words", words), _compiled(dict.fromkeys(strong), dict.fromkeys(weak)))


def _compiled(strong: Iterable[str], weak: Iterable[str]) -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((_pattern(phrase), weight) for phrases, weight in ((strong, 2), (weak, 1)) for phrase in phrases)


def _pattern(phrase: str) -> re.Pattern[str]:
    words = [re.escape(word).replace(r"\*", r"\w*").replace("'", "['’]?") for word in phrase.split()]
    joined = r"\s+".join(words)
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    return re.compile(rf"{before}{joined}(?!\w)", re.IGNORECASE)
