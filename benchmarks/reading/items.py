"""What a set of labelled documents consists of."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from baton.documents.store import FolderStore
from baton.readers.reader import Reader, Source
from baton.types.canonical import Json


@dataclass(frozen=True)
class Truth:
    """A label: as printed, and as a value to compare with; a list where the set accepts or asks for several."""

    printed: str
    value: Json


@dataclass(frozen=True)
class Labelled:
    """A document to read, and what its labels say."""

    id: str
    vendor: str
    """Who wrote it: all of one vendor's documents fall into one half. The id where nobody is named."""
    sources: tuple[Source, ...]
    truth: dict[str, Truth]
    """Only the fields that the set labels for this document."""
    pages: int
    seconds: float
    """Spent making words of the pages."""


class LabelledSet(Protocol):
    """What a module in `sets/` exposes. It may also define `training` (see `training_of`) and `matches` (see `measure`)."""

    NAME: str
    FORM: type[BaseModel]

    def documents(
        self, folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str
    ) -> Iterator[Labelled]:
        """The documents of one half, shuffled by the seed, with their words from OCR or as the set gives them."""
        ...

    def readers(self, trained_on: Sequence[Labelled]) -> Sequence[Reader]:
        """Readers that learned from these documents; with none, or where nothing learns, none: the readers as shipped."""
        ...


def half_of(vendor: str) -> str:
    """Which half a vendor belongs to: all its documents in one."""
    return ("calibration", "evaluation")[_digest(vendor) % 2]


def fold_of(vendor: str, folds: int) -> int:
    """Which of several parts of a half a vendor belongs to."""
    return (_digest(vendor) // 2) % folds


def _digest(vendor: str) -> int:
    return hashlib.sha256(re.sub(r"\W", "", vendor.upper())[:12].encode()).digest()[-1]
