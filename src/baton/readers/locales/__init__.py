"""Locale packs: what stands on receipts and in mails, in each language. A new language is a new `.toml` file."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from baton.errors import BatonError

_FOLDER = Path(__file__).parent
Order: TypeAlias = Literal["dmy", "mdy", "ymd"]


class NoPack(BatonError):
    """A locale pack is missing or does not parse."""


@dataclass(frozen=True)
class Words:
    """The packs that apply to one document, merged: patterns by section and name."""

    languages: tuple[str, ...]

    def pattern(self, section: str, name: str) -> re.Pattern[str]:
        """Whole-word alternatives of this list in every language of the document."""
        return _pattern(self.languages, section, name)

    def list(self, section: str, name: str) -> tuple[str, ...]:
        """The list itself, in every language of the document."""
        return _list(self.languages, section, name)

    def unglued(self, name: str) -> str:
        """A company's name with the blank before its legal form, which recognition may have lost."""
        return _glued(self.languages).sub(r" \g<0>", name)

    def numberless(self, name: str) -> str:
        """A company's name without the number of its registration or branch, and the words before that number."""
        return _numbered(self.languages).sub("", name)

    def regexes(self, section: str, name: str) -> tuple[re.Pattern[str], ...]:
        """Entries of a list that are whole patterns with named groups; they mind the case of names."""
        return tuple(re.compile(entry) for entry in _list(self.languages, section, name))


@cache
def languages() -> tuple[str, ...]:
    """Every language that has a pack."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def pack(code: str) -> dict[str, Any]:
    """One pack as data."""
    path = _FOLDER / f"{code}.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise NoPack(f"locale pack `{code}` cannot be read: {error}; put a valid `{code}.toml` beside the others") from error


def words_of(text: str, locale: str | None = None) -> Words:
    """The packs for a text: those whose everyday words it uses, the locale's own, and English."""
    told = (locale or "").split("-")[0].lower()
    tokens = set(re.findall(r"[^\W\d_]+", text.lower()))
    counts = {code: len(tokens & _everyday(code)) for code in languages()}
    used = [code for code in languages() if counts[code] >= 2 and counts[code] >= 0.3 * max(counts.values())]
    return Words(tuple(sorted({*used, "en", *([told] if told in counts else [])})))


@cache
def _everyday(code: str) -> frozenset[str]:
    return frozenset(pack(code)["detect"]["words"])


@lru_cache(maxsize=512)
def _list(codes: tuple[str, ...], section: str, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for code in codes:
        part: Any = pack(code)
        for step in section.split("."):
            part = part.get(step, {})
        found += [entry for entry in part.get(name, []) if entry not in found]
    return tuple(found)


@lru_cache(maxsize=512)
def _pattern(codes: tuple[str, ...], section: str, name: str) -> re.Pattern[str]:
    entries = sorted(_list(codes, section, name), key=len, reverse=True)
    joined = "|".join(entries) or r"(?!)"
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _glued(codes: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(_list(codes, "seller", "glued")) or r"(?!)"
    return re.compile(rf"(?<=[^\W_][^\W_])(?:{joined})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _numbered(codes: tuple[str, ...]) -> re.Pattern[str]:
    entries = sorted(_list(codes, "seller", "numbered"), key=len, reverse=True)
    labels = rf"(?<![^\W_])(?:{'|'.join(entries) or '(?!)'})(?![^\W_])"
    number = r"[\s.:#-]*(?:n[or]\b)?[\s.:#]*\d[\d\s./-]*[A-Z]?[\s)\].]*$"
    return re.compile(rf"[\s(\[,;-]*{labels}{number}", re.IGNORECASE)
