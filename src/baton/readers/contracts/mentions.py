"""Every place of an agreement where a name of a party may stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from baton.readers.contracts.facts import facts, legal_forms, printed
from baton.readers.contracts.names import name_after, name_before
from baton.readers.contracts.preamble import EARLY, Layout

_QUOTED = r"[“\"'‘]\s?[A-Z][^”\"’)]{0,60}[”\"’]"
_BEFORE_QUOTED = "|".join(facts("cues.toml")["as_printed"]["defining"])
_DEFINED = re.compile(
    rf",?\s*\((?:[^()“\"]{{0,80}}?\b(?:{_BEFORE_QUOTED}),?\s*)?{_QUOTED}[^()]{{0,120}}\)|\s*\((?:the )?(?:[A-Z]{{3,20}})\)"
)
"""`(the “Company”)`, `(hereinafter referred to as “Employee”)`, `(EMPLOYEE)`."""


@cache
def _described() -> re.Pattern[str]:
    """`, a Delaware corporation`, `, an individual`."""
    return printed("described", r"(?:,\s*|\s\(?)(?:an?|the)\s(?:[A-Z][\w.]*\s){0,3}?(?:[a-z-]+\s){0,4}?", r"\b")


@dataclass
class Mention:
    """One place where a name stands, and how it was noticed there."""

    start: int
    end: int
    sign: str


def mentions_in(text: str, where: Layout) -> Iterator[Mention]:
    """Every place where a name seems to stand, the same name often more than once."""
    yield from _with_legal_form(text, where)
    for pattern, sign in ((_DEFINED, "defined"), (_described(), "described")):
        for match in pattern.finditer(text, 0, EARLY):
            found = name_before(text, match.start())
            if found:
                yield Mention(*found, sign)
    yield from _after_between(text, where)
    yield from _at_the_end(text, where)


def _with_legal_form(text: str, where: Layout) -> Iterator[Mention]:
    for begin, end in ((0, EARLY), (max(where.closing, EARLY), len(text))):
        for match in legal_forms().finditer(text, begin, end):
            if not match.group()[0].isupper() and match.group().lower().strip(".") not in ("plc",):
                continue
            if legal_forms().match(text[match.end() :].lstrip(" ,")[:20]) or re.match(r",? of [A-Z]", text[match.end() :]):
                continue
            found = name_before(text, match.end())
            if found:
                yield Mention(found[0], match.end(), "legal")


def _at_the_end(text: str, where: Layout) -> Iterator[Mention]:
    """People by their signatures, organisations by whoever signs for them."""
    for name, sign in (("signed", "signed"), ("signing", "signs")):
        for match in printed(name).finditer(text, where.closing):
            found = name_after(text, match.end())
            if found:
                yield Mention(*found, sign)
    for match in re.finditer(r"\b(?:By|BY)\b:?", text[where.closing :]):
        found = name_before(text, where.closing + match.start())
        if found and found[1] - found[0] > 3:
            yield Mention(*found, "signs")


def _after_between(text: str, where: Layout) -> Iterator[Mention]:
    begin, end = where.scope
    if end <= begin:
        return
    starts = [begin, *(begin + match.end() for match in re.finditer(r"\band,?\s|[,;]\s|\(\d\)\s|\([a-z]\)\s", text[begin:end]))]
    for index, start in enumerate(starts):
        found = name_after(text, start)
        if found and found[1] <= end + 40:
            after_and = text[max(0, start - 6) : start].strip(" ,").endswith("and")
            yield Mention(*found, "between" if index == 0 or after_and else "listed")
