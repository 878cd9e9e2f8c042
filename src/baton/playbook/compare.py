"""The comparison: an agreement against a playbook, with a verdict and the passages for each clause."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from baton.playbook.book import Clause, Playbook, Verdict, Words
from baton.playbook.heard import Heard, Judge
from baton.playbook.passages import Passage
from baton.playbook.rules import RulesJudge
from baton.types.frozen import Frozen


class Compared(Frozen):
    """One clause of the playbook and what the agreement does with it."""

    clause: str
    title: str
    verdict: Verdict
    words: Words = Field(description="whether the agreement says what we want, denies it, or is silent")
    spans: tuple[tuple[int, int], ...] = Field(description="the passages, as characters of the text that was compared")
    confidence: float = Field(ge=0, le=1)
    why: str = Field(description="the reason, in words for legal")
    fallback: str = Field(default="", description="our own wording, where the verdict is `fallback`")
    judge: str = Field(description="name and version of what heard it")


def compare(passages: Sequence[Passage], playbook: Playbook, judge: Judge | None = None) -> tuple[Compared, ...]:
    """Every clause of the playbook, in its order. Only what is sure enough is accepted; the rest is a deviation for people."""
    by = judge or RulesJudge()
    heard = by.hear(playbook.clauses, passages)
    return tuple(_compared(clause, heard[clause.id], playbook.gate, by.name) for clause in playbook.clauses)


def deviations(compared: Sequence[Compared]) -> Iterator[Compared]:
    """What legal has to see."""
    yield from (one for one in compared if one.verdict != "accept")


def _compared(clause: Clause, heard: Heard, gate: float, judge: str) -> Compared:
    verdict = clause.position.on(heard.words)
    held = verdict == "accept" and (clause.always_seen or heard.confidence < gate)
    verdict = "escalate" if held else verdict
    return Compared(
        clause=clause.id,
        title=clause.title,
        verdict=verdict,
        words=heard.words,
        spans=heard.spans,
        confidence=round(heard.confidence, 3),
        why=_why(heard.words, held),
        fallback=clause.fallback if verdict == "fallback" else "",
        judge=judge,
    )


def _why(words: Words, held: bool) -> str:
    told = {
        "said": "it says what we want",
        "denied": "it says the opposite of what we want",
        "silent": "it says nothing about this",
    }
    return f"{told[words]}, as far as can be told: please look" if held else told[words]
