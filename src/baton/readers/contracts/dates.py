"""From when an agreement is in force."""

import re
from collections.abc import Iterator
from datetime import date

from baton.readers.contracts.facts import cue, printed
from baton.readers.contracts.found import Found
from baton.readers.contracts.preamble import EARLY
from baton.readers.contracts.weighing import Weights
from baton.readers.dates import dates_in
from baton.readers.locales import Words

_ENGLISH = Words(("en",))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<m>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)\.?"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)\b"
_FIRST_TO_NINTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TENTH_ON = (
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
)
_ORDINALS = {
    **{word: number for number, word in enumerate((*_FIRST_TO_NINTH, *_TENTH_ON, "twentieth"), start=1)},
    **{f"twenty-{word}": 20 + number for number, word in enumerate(_FIRST_TO_NINTH, start=1)},
    "thirtieth": 30,
    "thirty-first": 31,
}
_SPELLED = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_DAY_OF = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th)?|(?P<o>{_SPELLED}))\s+(?:day\s+)?of\s+{_MONTH},?\s+(?:in the year\s+)?{_YEAR}",
    re.IGNORECASE,
)
_LONG = re.compile(rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th)?\s?[,.]?\s+{_YEAR}", re.IGNORECASE)
_SHORT = re.compile(r"(?<![\d/.-])(?P<m>\d{1,2})\s?(?P<s>[/.-])\s?(?P<d>\d{1,2})\s?(?P=s)\s?(?P<y>(?:19|20)?\d\d)(?![\d/-]|\.\d)")
_IN_FORCE = re.compile(r"\beffective\b(?:[^.;]{0,40}?)(?:\bas of\b|\bon\b|\bdate\b|\bfrom\b)?[^.;]{0,25}$", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:Date[d]?|DATE[D]?)\s?(?:of [A-Z]?[a-z]+)?\s*[:_]?[\s_]*$")
_DEFINES = re.compile(
    r"^[\s,]*\(?[^.;()]{0,40}\(?(?:the|this|hereinafter)?[^.;()“]{0,25}[“\"']\s?"
    r"(?:Effective|Agreement Date|Execution Date|Commencement Date)",
    re.IGNORECASE,
)


def effective_dates(text: str, weights: Weights) -> list[Found]:
    """Candidates for the date from which the agreement binds, best first; the latest where those who sign differ."""
    best: dict[str, Found] = {}
    for value, start, end in dates_of(text):
        signs = signs_of(text, start, end)
        one = Found(value.isoformat(), ((start, end),), weights.chance(signs), signs)
        if str(one.value) not in best or one.confidence > best[str(one.value)].confidence:
            best[str(one.value)] = one
    latest_first = sorted(best.values(), key=lambda one: str(one.value), reverse=True)
    return sorted(latest_first, key=lambda one: -one.confidence)


def signs_of(text: str, start: int, end: int) -> dict[str, float]:
    """What speaks for and against a date."""
    before, after = text[max(0, start - 110) : start], text[end : end + 90]
    clause = re.split(r"(?<=[a-z)])[.;] (?=[A-Z])|WHEREAS|\)", before)[-1]
    salutation = printed("salutation").search(text, 0, EARLY)
    held = {
        "in_force": _IN_FORCE.search(clause),
        "defines": _DEFINES.search(after),
        "as_of": cue("dated", after=r"[^.;]{0,45}$").search(clause),
        "label": _LABEL.search(before),
        "early": start < 1500,
        "first_lines": start < 400,
        "letter": salutation is not None and start < salutation.start(),
        "at_the_end": start > len(text) - 1500,
        "middle": 1500 <= start <= len(text) - 1500,
        "other_paper": cue("other_paper", after=r"[^.;]{0,60}$").search(clause),
    }
    return {name: float(bool(one)) for name, one in held.items()}


def dates_of(text: str) -> Iterator[tuple[date, int, int]]:
    """Every date of a text, with where it begins and ends; `03/04/2005` is in March."""
    seen: list[tuple[int, int]] = []
    for pattern in (_DAY_OF, _LONG, _SHORT):
        for match in pattern.finditer(text):
            when = _date(match)
            if when and not any(match.start() < end and start < match.end() for start, end in seen):
                seen.append(match.span())
                yield when, match.start(), match.end()
    for dated in dates_in(text, _ENGLISH, "mdy"):
        if not any(dated.start < end and start < dated.end for start, end in seen):
            yield dated.readings[0], dated.start, dated.end


def _date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year, month = int(parts["y"]), parts["m"]
    year += 0 if year > 99 else 1900 if year > 60 else 2000
    number = int(month) if month.isdigit() else _MONTHS.index(month.lower()[:3]) + 1
    day = int(parts["d"]) if parts.get("d") else _ORDINALS[parts["o"].lower()]
    try:
        return date(year, number, day) if 1980 <= year <= 2060 else None
    except ValueError:
        return None
