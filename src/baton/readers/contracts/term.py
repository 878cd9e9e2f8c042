"""How long an agreement runs."""

import re

from baton.readers.contracts.facts import cue
from baton.readers.contracts.found import Found
from baton.readers.contracts.periods import Period, periods_in
from baton.readers.contracts.weighing import Weights

_TERM = re.compile(
    r"\bterm\b[^.;]{0,60}\b(?:shall be|is|of|means|be for)\b|[“\"]Term[”\"]|\bTerm(?: and Termination)?[.:]", re.IGNORECASE
)
_FROM = re.compile(
    r"^[^.;]{0,12}\b(?:from|after|following|beginning|commencing|of)\b[^.;]{0,30}?\b(?:date|hereof|agreement|execution|signing)",
    re.IGNORECASE,
)
_UNLESS = re.compile(r"^[^.;]{0,40}\b(?:unless|or until|whichever)\b", re.IGNORECASE)
_THEREAFTER = re.compile(
    r"\W{0,3}(?:thereafter|after (?:the |such |your |my |his )?(?:termination|employment|expiration|return|disclosure))"
)
_AFTER = r"^[^.;]{0,14}\b(?:after|following|from|of)\b[^.;]{0,45}"


def terms(text: str, weights: Weights) -> list[Found]:
    """Candidates for the term, best first; of several places that say the same, the one that says it best."""
    best: dict[str, Found] = {}
    for period in periods_in(text):
        signs = signs_of(text, period)
        one = Found(period.value, ((period.start, period.end),), weights.chance(signs), signs)
        if period.value not in best or one.confidence > best[period.value].confidence:
            best[period.value] = one
    return sorted(best.values(), key=lambda one: -one.confidence)


def signs_of(text: str, period: Period) -> dict[str, float]:
    """What speaks for and against a period being the agreement's term."""
    before, after = text[max(0, period.start - 260) : period.start], text[period.end : period.end + 120]
    sentence = re.split(r"(?<=[a-z)])[.;] (?=[A-Z0-9(])", before)[-1]
    near = sentence[-130:]
    held = {
        "agreement": cue("of_an_agreement").search(sentence),
        "ends": cue("ends").search(near),
        "term": _TERM.search(near),
        "from_its_date": _FROM.search(after),
        "unless": _UNLESS.search(after),
        "other_matter": cue("other_matter").search(near[-90:]) or cue("other_matter").search(after[:40]),
        "survives": cue("survives").search(near),
        "after_its_end": cue("after_its_end", _AFTER).search(after),
        "thereafter": _THEREAFTER.match(after),
        "days": period.unit in ("day", "week") or (period.count > 20 and period.unit == "year"),
        "late": period.start > len(text) * 0.5,
    }
    return {name: float(bool(one)) for name, one in held.items()}
