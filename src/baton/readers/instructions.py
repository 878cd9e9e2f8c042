"""Text that tells a machine or an approver what to do. It is reported, never obeyed."""

import base64
import binascii
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from baton.readers.reader import Source
from baton.types.documents import Page
from baton.types.findings import Evidence

_TAGS = range(0xE0020, 0xE007F)  # letters that no screen shows
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_SPLIT_WORD = re.compile("(?<=[a-zA-Z])[\u200b-\u200d\u2060\ufeff](?=[a-zA-Z])")
_BLOB = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/=])")
_HIDDEN_WORDS = 4  # a stray glyph is no message


@dataclass(frozen=True)
class Suspicion:
    """A passage that reads like an instruction to the reader, and why."""

    evidence: Evidence
    why: str


def instructions_in(source: Source) -> Iterator[Suspicion]:
    """Every such passage of a document, hidden text included."""
    for page in source.reading.pages:
        for start, end, why in suspicious(page.text):
            yield Suspicion(_evidence(source, page, start, end), why)
        hidden = [word for word in page.words if word.hidden]
        if sum(bool(re.search(r"[^\W\d_]{2,}", word.text)) for word in hidden) >= _HIDDEN_WORDS:
            spans = [word.span for word in hidden if word.span]
            text = " ".join(word.text for word in hidden)
            where = (spans[0][0], spans[-1][1]) if spans else None
            evidence = Evidence(document=source.document.id, page=page.number, text=text, span=where)
            yield Suspicion(evidence, "is hidden from people")


def suspicious(text: str) -> list[tuple[int, int, str]]:
    """First and one-past-last character of each such passage, and why; passages never overlap."""
    seen, at = _visible(text)
    found = [(at[start], at[end - 1] + 1, why) for start, end, why in _phrased(seen)]
    found += _unseen(text) + _encoded(text)
    kept: list[tuple[int, int, str]] = []
    for one in sorted(found, key=lambda passage: (passage[0], -passage[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _phrased(text: str) -> Iterator[tuple[int, int, str]]:
    for why, pattern in _phrases():
        yield from ((match.start(), match.end(), why) for match in pattern.finditer(text) if match.group().strip())


def _visible(text: str) -> tuple[str, list[int]]:
    """The text without invisible characters, typographic quotes made plain, and where each character came from."""
    kept = [(char, index) for index, char in enumerate(text) if not _UNSEEN.match(char)]
    plain = "".join(char for char, _ in kept).translate(str.maketrans("’‘`“”", "'''\"\""))
    return plain, [index for _, index in kept]


def _unseen(text: str) -> list[tuple[int, int, str]]:
    """Letters in invisible code points, or words cut by characters without width."""
    tags = [index for index, char in enumerate(text) if ord(char) in _TAGS and not _in_flag(text, index)]
    cuts = [match.start() for match in _SPLIT_WORD.finditer(text)]
    runs = [places for places, fewest in ((tags, 4), (cuts, 3)) if len(places) >= fewest]
    return [(places[0], places[-1] + 1, "is hidden from people") for places in runs]


def _in_flag(text: str, index: int) -> bool:
    return "\U0001f3f4" in text[max(0, index - 6) : index]


def _encoded(text: str) -> list[tuple[int, int, str]]:
    """Base64 that spells such a passage."""
    found = []
    for match in _BLOB.finditer(text):
        for skip in range(2):  # one stray letter in front is a known trick
            blob = match.group()[skip:]
            try:
                said = base64.b64decode(blob + "=" * (-len(blob) % 4)).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
            if any(True for _ in _phrased(said)):
                found.append((match.start(), match.end(), "is hidden from people"))
    return found


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = tomllib.loads((Path(__file__).parent / "instructions.toml").read_text("utf-8"))
    return tuple((group["why"], _pattern(group["phrases"])) for group in data.values())


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    joined = "|".join(f"(?:{phrase})" for phrase in phrases).replace(" ", r"\s+").replace(r"\s+?", r"\s*")
    return re.compile(rf"(?<![^\W_])(?:{joined})", re.IGNORECASE | re.MULTILINE)


def _evidence(source: Source, page: Page, start: int, end: int) -> Evidence:
    touched = [word for word in page.words if word.span and word.span[0] < end and word.span[1] > start]
    polygons = tuple(word.polygon for word in touched if word.polygon)
    text = " ".join(page.text[start:end].split())
    return Evidence(document=source.document.id, page=page.number, text=text, polygons=polygons, span=(start, end))
