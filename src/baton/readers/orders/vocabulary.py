"""The words that name values on orders, contracts and invoices; a new label is a new entry in `vocabulary.toml`."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

Concept: TypeAlias = Literal["contract", "invoice", "order", "party", "gross", "net", "period"]
CONCEPTS: Final[tuple[Concept, ...]] = get_args(Concept)


@dataclass(frozen=True)
class Entry:
    """A way to write a label. A label of no concept is one that nobody asks for."""

    pattern: re.Pattern[str]
    concept: Concept | None
    tier: int


@cache
def entries() -> tuple[Entry, ...]:
    """Every label that is known."""
    data = _data()
    asked = [
        Entry(_compiled([label]), concept, tier)
        for concept in CONCEPTS
        for tier, labels in enumerate(data[concept]["tiers"])
        for label in labels
    ]
    return (*asked, Entry(_compiled(data["other"]["labels"]), None, 9))


@cache
def concepts_of(field: str) -> tuple[Concept, ...]:
    """What a form means by a field of this name, the first before the others; nothing where the name is not known."""
    return tuple(_data()["asked"].get(field, ()))


@cache
def sums() -> re.Pattern[str]:
    """The words at the head of a row that holds the sums of its columns."""
    return _compiled(_data()["spoken"]["sum"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))


def _compiled(labels: Sequence[str]) -> re.Pattern[str]:
    """Whole words, the longest label first; a blank in a label is any gap in the text."""
    loose = [label.replace(" ?", r"\s*").replace(" ", r"\s+") for label in sorted(labels, key=len, reverse=True)]
    return re.compile(rf"(?<![\w/])(?:{'|'.join(loose)})(?![^\W_])(?:\s?[:#])?", re.IGNORECASE)
