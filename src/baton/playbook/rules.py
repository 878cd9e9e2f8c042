"""The judge that needs no training: the patterns of the playbook itself."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from baton.playbook.book import Clause
from baton.playbook.heard import Heard
from baton.playbook.passages import Passage

MOST_SHOWN = 3
_DENIED = 0.75
_SILENT = 0.7
_SURELY_SILENT = 0.97
_SPLIT = 0.5
"""Where one passage says it and another denies it, nobody should be sure."""


class RulesJudge:
    """Hears by the words that the playbook lists for each clause."""

    name = "playbook-rules/1"

    def hear(self, clauses: Sequence[Clause], passages: Sequence[Passage]) -> Mapping[str, Heard]:
        """What the passages say, by pattern."""
        return {clause.id: self._hear(clause, passages) for clause in clauses}

    def _hear(self, clause: Clause, passages: Sequence[Passage]) -> Heard:
        denying = [one for one in passages if denies(clause, one)]
        saying = [one for one in passages if one not in denying and says(clause, one)]
        if denying:
            return Heard(words="denied", spans=_shown(denying), confidence=_SPLIT if saying else _DENIED)
        if saying:
            return Heard(words="said", spans=_shown(saying), confidence=clause.sure)
        untouched = clause.about and not any(_any(clause.about, one) for one in passages)
        return Heard(words="silent", confidence=_SURELY_SILENT if untouched else _SILENT)


def says(clause: Clause, passage: Passage) -> bool:
    """Whether a passage says what the clause wants, by its own words and those that lead into it."""
    return _any(clause.says, passage) and not any(_pattern(one).search(passage.whole) for one in clause.not_in)


def denies(clause: Clause, passage: Passage) -> bool:
    """Whether a passage says the opposite."""
    return _any(clause.denies, passage)


@lru_cache(maxsize=1 << 16)
def _any(patterns: tuple[str, ...], passage: Passage) -> bool:
    """A match has to touch the passage itself: what leads into a list is not repeated by each item."""
    begins = len(passage.whole) - len(passage.text)
    return any(match.end() > begins for one in patterns for match in _pattern(one).finditer(passage.whole))


@lru_cache(maxsize=2048)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _shown(passages: Sequence[Passage]) -> tuple[tuple[int, int], ...]:
    return tuple((one.start, one.end) for one in passages[:MOST_SHOWN])
