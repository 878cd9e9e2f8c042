"""Where an agreement names its parties."""

from dataclasses import dataclass

from baton.readers.contracts.facts import printed

EARLY = 3500
"""Characters from the start in which parties are introduced."""
_LONGEST_PREAMBLE = 1800


@dataclass(frozen=True)
class Layout:
    """Where an agreement names its parties: after `between`, before a salutation, and in its signatures."""

    scope: tuple[int, int]
    salutation: int
    closing: int


def layout_of(text: str) -> Layout:
    """Where to look."""
    salutation = printed("salutation").search(text, 0, EARLY)
    begins = next(
        (at for at in printed("between").finditer(text, 0, EARLY) if _of_the_agreement(text, at.start(), at.end())), None
    )
    scope = (0, 0)
    if begins and not (salutation and begins.start() > salutation.end() + 400):
        ends = printed("preamble_ends").search(text, begins.end() + 20, begins.end() + _LONGEST_PREAMBLE)
        scope = (begins.end(), ends.start() if ends else min(begins.end() + _LONGEST_PREAMBLE // 2, len(text)))
    closing = printed("closing").search(text, int(len(text) * 0.4))
    return Layout(scope, salutation.start() if salutation else 0, closing.start() if closing else max(0, len(text) - 1200))


def _of_the_agreement(text: str, start: int, end: int) -> bool:
    """Whether this `between` is the agreement's: not the trust between two people."""
    return bool(printed("of_the_agreement").search(text, max(0, start - 260), end))
