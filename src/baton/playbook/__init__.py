"""Compares an agreement with the company's playbook: what it says, clause by clause, and whether that is acceptable."""

from baton.playbook.agreed import TwoJudges
from baton.playbook.book import Clause, Playbook, PlaybookBroken, load
from baton.playbook.compare import Compared, compare, deviations
from baton.playbook.document import ClauseFinding, compare_document
from baton.playbook.heard import Heard, Judge
from baton.playbook.passages import Passage, passages_of
from baton.playbook.rules import RulesJudge

__all__ = [
    "Clause",
    "ClauseFinding",
    "Compared",
    "Heard",
    "Judge",
    "Passage",
    "Playbook",
    "PlaybookBroken",
    "RulesJudge",
    "TwoJudges",
    "compare",
    "compare_document",
    "deviations",
    "load",
    "passages_of",
]
