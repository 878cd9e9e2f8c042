"""What an agreement was heard to say about one clause."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import Field

from baton.playbook.book import Clause, Words
from baton.playbook.passages import Passage
from baton.types.frozen import Frozen


class Heard(Frozen):
    """Whether a statement is said, denied or not spoken of, where, and how sure that is."""

    words: Words
    spans: tuple[tuple[int, int], ...] = Field(default=(), description="the passages that show it; none where nothing does")
    confidence: float = Field(ge=0, le=1)


class Judge(Protocol):
    """Hears what passages say about clauses. It may be wrong, and says how sure it is."""

    @property
    def name(self) -> str:
        """Name and version, as kept on record."""
        ...

    def hear(self, clauses: Sequence[Clause], passages: Sequence[Passage]) -> Mapping[str, Heard]:
        """What the passages say about each clause, by its id."""
        ...
