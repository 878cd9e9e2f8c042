"""Which law governs an agreement."""

import re
from collections.abc import Iterator

from baton.readers.contracts.facts import facts, places
from baton.readers.contracts.found import Found

_LAW = r"(?:laws?|statutes|jurisprudence)"
_GOVERNED = re.compile(
    rf"\b(?:govern(?:ed|ing|s)?|constru(?:ed|ction)|interpret(?:ed|ation)|enforced|subject to)\b[^.;]{{0,180}}?\b{_LAW}\b",
    re.IGNORECASE,
)
_HEADED = re.compile(r"\b(?:governing law|applicable law|choice of law)\b", re.IGNORECASE)
_COURTS = re.compile(r"\b(?:courts?|jurisdiction|venue)\b", re.IGNORECASE)
_NOT_THE_LAW = re.compile(
    r"\b(?:corporation|company|organi[sz]ed|incorporated|resident|existing) (?:under|of|in)\b[^.;]{0,30}$", re.IGNORECASE
)
_REACH = 160
_OF_A_COUNTRY = 0.1
"""`The State of New York, United States of America`: the law is the state's."""


def governing_law(text: str) -> list[Found]:
    """Candidates for the governing law, best first."""
    scores: dict[str, list[tuple[float, tuple[int, int]]]] = {}
    for match in places().finditer(text):
        score = _score(text, match.start(), match.end()) - _OF_A_COUNTRY * (match.group() in facts()["places"]["countries"])
        if score > 0:
            scores.setdefault(_name(match.group()), []).append((score, match.span()))
    best = {name: max(one, key=lambda pair: (pair[0], -pair[1][0])) for name, one in scores.items()}
    ranked = [(score + 0.02 * (len(scores[name]) - 1), name, place) for name, (score, place) in best.items()]
    return list(_weighed(sorted(ranked, key=lambda one: (-one[0], one[2]))))


def _weighed(ranked: list[tuple[float, str, tuple[int, int]]]) -> Iterator[Found]:
    """The best is the surer the farther the next one is behind."""
    for rank, (score, name, place) in enumerate(ranked[:3]):
        behind = ranked[1][0] if len(ranked) > 1 else 0.0
        sure = min(score, 0.97) if score - behind > 0.2 else 0.6
        yield Found(name, (place,), sure if rank == 0 else min(score, 0.4))


def _score(text: str, start: int, end: int) -> float:
    before, after = text[max(0, start - _REACH) : start], text[end : end + 60]
    clause = re.split(r"(?<=[a-z)])[.;] (?=[A-Z0-9(])", before)[-1]
    if _NOT_THE_LAW.search(clause):
        return 0.0
    law_of = re.search(rf"\b{_LAW}\b (?:of|in|prevailing in|applicable (?:in|to))\b[^.;]{{0,60}}$", clause, re.IGNORECASE)
    own_law = re.match(rf"[’']?s? (?:state )?{_LAW}\b", after, re.IGNORECASE)
    governed = _GOVERNED.search(f"{clause}{text[start:end]} law" if own_law else clause) or _HEADED.search(before)
    governed = governed or (own_law and re.search(r"\b(?:govern|appl)", after))
    if (law_of or own_law) and governed:
        return 0.97
    if governed and re.search(rf"\b{_LAW}\b", clause + after[:12], re.IGNORECASE):
        return 0.8
    if law_of and re.search(r"\bunder\b|\baccordance\b", clause, re.IGNORECASE):
        return 0.45
    return 0.3 if _COURTS.search(clause[-80:] + after[:30]) else 0.0


def _name(printed: str) -> str:
    """A place as it is usually written."""
    words = printed.split()
    if not printed.isupper():
        return " ".join(words)
    return " ".join(word.lower() if word in ("AND", "OF") else word.capitalize() for word in words)
