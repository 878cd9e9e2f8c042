"""The comparison of a filed document: each finding with the place on the page."""

from baton.playbook.book import Playbook
from baton.playbook.compare import Compared, compare
from baton.playbook.heard import Judge
from baton.playbook.passages import passages_of
from baton.readers.contracts.running import running
from baton.readers.reader import Source
from baton.types.findings import Evidence
from baton.types.frozen import Frozen


class ClauseFinding(Frozen):
    """What the playbook says of one clause, and the passages of the document that it rests on."""

    compared: Compared
    evidence: tuple[Evidence, ...]


def compare_document(source: Source, playbook: Playbook, judge: Judge | None = None) -> tuple[ClauseFinding, ...]:
    """Every clause of the playbook against one document, in what a reader of the printed page sees."""
    text = running(source)
    found = compare(passages_of(text.text), playbook, judge)
    return tuple(ClauseFinding(compared=one, evidence=tuple(text.evidence(*span) for span in one.spans)) for one in found)
