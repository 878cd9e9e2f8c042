"""Two judges are surer than one: what only one of them hears is never accepted without a person."""

from collections.abc import Mapping, Sequence

from baton.playbook.book import Clause
from baton.playbook.heard import Heard, Judge
from baton.playbook.passages import Passage

_DISPUTED = 0.4


class TwoJudges:
    """Hears with both; the first one's word and passages stand, and its confidence where the second says the same."""

    def __init__(self, first: Judge, second: Judge) -> None:
        self._first, self._second = first, second
        self.name = f"{first.name} and {second.name}"

    def hear(self, clauses: Sequence[Clause], passages: Sequence[Passage]) -> Mapping[str, Heard]:
        """What the passages say about each clause."""
        first, second = self._first.hear(clauses, passages), self._second.hear(clauses, passages)
        return {clause.id: _together(first[clause.id], second[clause.id]) for clause in clauses}


def _together(first: Heard, second: Heard) -> Heard:
    if first.words == second.words:
        return first
    return first.model_copy(update={"confidence": min(first.confidence, _DISPUTED)})
