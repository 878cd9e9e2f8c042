"""Dates in text: every way of writing them, the order of day and month, and what is ambiguous."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from baton.readers.locales import Order, Words

_YEAR = r"(?P<y>20\d\d|19\d\d|['’]?\d\d)(?!\d|[:.]\d\d\b)|(?P<y2>20\d\d|\d\d)(?=\d{1,2}:\d\d)"
_BEGINS = r"(?:(?<![\d.,/-])|(?<=[/.]\d\d-)|(?<=[/.]\d{4}-))"
"""Where a numeric date may begin: not within a number, but right behind another date and its dash, as `09/29/20-10/02/20`."""
_NUMERIC = re.compile(rf"{_BEGINS}(?P<a>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?(?:{_YEAR})")
_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)\s?(?P<sep>[-/.])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?(?P<a>\d{1,2})(?!\d(?!\d?:))")
_COMPACT = re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<b>0[1-9]|1[0-2])(?P<a>0[1-9]|[12]\d|3[01])(?!\d)")

_COMPACT_DAY_FIRST = re.compile(r"(?<!\d)(?P<a>0[1-9]|[12]\d|3[01])(?P<b>0[1-9]|1[0-2])(?P<y>20[0-4]\d)(?!\d)(?=\s+\d{1,2}:\d\d)")

_BARE = re.compile(r"(?:^|(?<=\t))(?P<a>0[1-9]|[12]\d|3[01])(?P<b>0[1-9]|1[0-2])(?P<y>20[0-4]\d)(?=\s|$)")
_HALF = re.compile(
    r"(?<![\w.,/-])(?:(?P<a>0[1-9]|[12]\d|3[01])(?P<b>0[1-9]|1[0-2])[-/.](?P<y>20[0-4]\d)"
    r"|(?P<a2>0[1-9]|[12]\d|3[01])[-/.](?P<b2>0[1-9]|1[0-2])(?P<y2>20[0-4]\d))(?![\w/-])"
)


@dataclass(frozen=True)
class Dated:
    """A date as printed: one reading, or two where day and month may be swapped."""

    readings: tuple[date, ...]
    start: int
    end: int

    @property
    def ambiguous(self) -> bool:
        """Whether the writing alone leaves two readings."""
        return len(self.readings) > 1


def dates_in(text: str, words: Words, order: Order | None = None, compact: bool = False) -> list[Dated]:
    """Every date in a text. With `order` unknown, `03/04/2025` has two readings, the day-first one first."""
    found: list[Dated] = []
    if not any(char.isdigit() for char in text):
        return found
    for one in (*_worded(text, words), *_iso(text), *_numeric(text, order), *(_plain(text) if compact else ())):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def bare_dates(text: str) -> list[Dated]:
    """Dates whose separators got lost, day first: one of two, as in `2703/2018`, or both, in a column of their own."""
    halves = ((match, match["y"] or match["y2"]) for match in _HALF.finditer(text))
    read = ((match, _date(int(year), int(match["b"] or match["b2"]), int(match["a"] or match["a2"]))) for match, year in halves)
    return [*_certain(text, _BARE), *(Dated((when,), match.start(), match.end()) for match, when in read if when)]


def order_told(texts: Sequence[str]) -> Order | None:
    """The order of day and month that a document itself shows, by a numeric date where one part is over 12."""
    shown: set[Order] = set()
    for match in (match for text in texts for match in _NUMERIC.finditer(text)):
        first, second = int(match["a"]), int(match["b"])
        if 12 < first <= 31 and second <= 12:
            shown.add("dmy")
        if 12 < second <= 31 and first <= 12:
            shown.add("mdy")
    return shown.pop() if len(shown) == 1 else None


def _numeric(text: str, order: Order | None) -> Iterator[Dated]:
    for match in _NUMERIC.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        year = _year(match["y"] or match["y2"])
        day_first, month_first = _date(year, second, first), _date(year, first, second)
        both = (month_first, day_first) if order == "mdy" else (day_first, month_first)
        readings = tuple(dict.fromkeys(one for one in both if one))
        if readings:
            yield Dated(readings[:1] if order else readings, match.start(), match.end())


def _iso(text: str) -> Iterator[Dated]:
    yield from _certain(text, _ISO)


def _plain(text: str) -> Iterator[Dated]:
    yield from _certain(text, _COMPACT)
    yield from _certain(text, _COMPACT_DAY_FIRST)


def _certain(text: str, pattern: re.Pattern[str]) -> Iterator[Dated]:
    for match in pattern.finditer(text):
        when = _date(int(match["y"]), int(match["b"]), int(match["a"]))
        if when:
            yield Dated((when,), match.start(), match.end())


def _worded(text: str, words: Words) -> Iterator[Dated]:
    numbers = _months(words.languages)
    for pattern in _month_patterns(words.languages):
        for match in pattern.finditer(text):
            when = _date(_year(match["y"]), numbers[match["m"].lower()], int(match["d"]))
            if when:
                yield Dated((when,), match.start(), match.end())


@lru_cache(maxsize=64)
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    names: dict[str, int] = {}
    for number, spellings in enumerate(zip(*(_twelve(code) for code in languages), strict=True), start=1):
        for name in (name for of_language in spellings for name in of_language):
            names.setdefault(name, number)
    return names


def _twelve(code: str) -> tuple[list[str], ...]:
    return tuple(Words((code,)).list("dates", "months"))  # type: ignore[arg-type]  # a list of twelve lists in the pack


@lru_cache(maxsize=64)
def _month_patterns(languages: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(re.escape, _months(languages)), key=len, reverse=True))
    year = r"(?P<y>20\d\d|19\d\d|['’]?\d\d)(?!\d|:\d)"
    gap, of = r"[\s\-/.,]{0,3}", r"(?:of |de |del |d['’])?"
    # a day is not the year of the date before it, nor a year the day of the date behind it: `Feb13/20 - Feb14/20`
    day = r"(?<!\d)(?<![A-Za-z]\d\d/)(?<![A-Za-z]\d/)(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|[.º°])?"
    before = rf"{day}{gap}{of}(?P<m>{names})\.?{gap}{of}{year}(?!/\d)"
    after = rf"(?<![^\W\d_])(?P<m>{names})\.?\s?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?:,\s?|\s|[-/.]){year}"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


def _year(text: str) -> int:
    digits = text.strip("'’")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year <= 2060 else None
    except ValueError:
        return None
