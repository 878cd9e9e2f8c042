"""What a contract looks like from outside, told from its reading: whether it can be read, is whole and can be signed."""

import re
from collections.abc import Iterator
from typing import Final

from baton.documents.text import seen_text
from baton.types.documents import Page, Reading

_AGREEMENT: Final = re.compile(r"\b(?:agreement|contract|order form|terms of service)\b", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\b(?:between|by and among|parties|party)\b", re.IGNORECASE)
_COUNTED: Final = re.compile(r"\bpage\s+(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\b", re.IGNORECASE)
_SIGNATURES: Final = re.compile(
    r"\b(?:in witness whereof|signed (?:for|by|on behalf)|authori[sz]ed signator(?:y|ies)|signatures?\b|for and on behalf of)"
    r"|\bby:?\s*_{3,}|_{12,}",
    re.IGNORECASE,
)
_LAST: Final = 0.4
"""The signatures stand in this last part of a contract."""


def is_agreement(reading: Reading) -> bool:
    """Whether this reads like a contract at all."""
    text = _text(reading)[:4000]
    return bool(_AGREEMENT.search(text) and _BETWEEN.search(text))


def problems_of(reading: Reading) -> Iterator[str]:
    """What keeps a contract from being signed, in words for staff."""
    if reading.how == "unreadable":
        yield reading.problem or "it cannot be read: ask for it again"
        return
    if not is_complete(reading):
        yield "pages are missing: " + missing_pages(reading)
    if not has_signature_block(reading):
        yield "it has no place for signatures: ask for the contract with its signature page"


def is_complete(reading: Reading) -> bool:
    """Whether every page is there that the pages themselves count; a contract that counts none is taken as it is."""
    return not missing_pages(reading)


def missing_pages(reading: Reading) -> str:
    """Which pages are missing, as in `3 and 5 of 6`; empty where none is."""
    counted = [match for page in reading.pages if (match := _last_count(page))]
    if not counted:
        return ""
    of = max(int(match[2]) for match in counted)
    here = {int(match[1]) for match in counted}
    missing = [str(number) for number in range(1, min(of, 200) + 1) if number not in here]
    return f"{' and '.join(missing)} of {of}" if missing else ""


def has_signature_block(reading: Reading) -> bool:
    """Whether the end of the contract has a place where people sign."""
    text = _text(reading)
    return bool(_SIGNATURES.search(text[int(len(text) * (1 - _LAST)) :]))


def _last_count(page: Page) -> re.Match[str] | None:
    """What the page says of itself: the last such words, where a foot stands."""
    return next(reversed(list(_COUNTED.finditer(seen_text(page)))), None)


def _text(reading: Reading) -> str:
    return "\n".join(seen_text(page) for page in reading.pages)
