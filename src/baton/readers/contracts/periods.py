"""Periods of time as agreements write them: `two (2) years`, `eighteen months`, `12-month`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_NUMBERS = {**{word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)}, **_TENS, "hundred": 100}
_LONGEST_FIRST = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_WORD = rf"(?:(?:{'|'.join(_TENS)})[\s-]+(?:{'|'.join(_ONES)})|{_LONGEST_FIRST})"
_PERIOD = re.compile(
    rf"\b(?:(?P<word>{_WORD})(?:\s*\(\s*(?P<inside>\d{{1,3}})\s*\))?|(?P<digits>\d{{1,3}})(?:\s*\(\s*{_WORD}\s*\))?)"
    r"[\s-]*(?:(?:full|consecutive|calendar|business|additional)\s+)?(?P<unit>year|month|week|day)(?P<s>s?)(?P<of>['’]?)\b",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    r"\b(?P<rank>first|second|third|fourth|fifth|tenth|\d+(?:st|nd|rd|th))(?:\s*\(\s*\d+(?:st|nd|rd|th)\s*\))?\s+(?:year\s+)?anniversary",
    re.IGNORECASE,
)
_RANKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}


@dataclass(frozen=True)
class Period:
    """So many of a unit, with the characters that say it."""

    count: int
    unit: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """As it is written down: `2 years`, `1 year`."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def periods_in(text: str) -> Iterator[Period]:
    """Every period in a text, in order; `the second anniversary` is two years."""
    found = [*_spelled(text), *_anniversaries(text)]
    yield from sorted(found, key=lambda one: one.start)


def _spelled(text: str) -> Iterator[Period]:
    for match in _PERIOD.finditer(text):
        digits = match["inside"] or match["digits"]
        count = int(digits) if digits else _number(match["word"])
        if count:
            yield Period(count, match["unit"].lower(), match.start(), match.end())


def _anniversaries(text: str) -> Iterator[Period]:
    for match in _ANNIVERSARY.finditer(text):
        rank = match["rank"].lower()
        yield Period(_RANKS.get(rank) or int(re.sub(r"\D", "", rank)), "year", match.start(), match.end())


def _number(words: str) -> int:
    return sum(_NUMBERS[word] for word in re.split(r"[\s-]+", words.lower()))


def in_days(value: str) -> int | None:
    """The length of a written period in days, a month as 30 and twelve of them as a year; None for anything else."""
    found = next(periods_in(value.replace("_", " ")), None)
    if found is None:
        return None
    if found.unit == "month":
        return found.count // 12 * 365 + found.count % 12 * 30
    return found.count * {"year": 365, "week": 7, "day": 1}[found.unit]
