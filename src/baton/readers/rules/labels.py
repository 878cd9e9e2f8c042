"""What each row of a receipt says its amount is: the total, a part of it, the tax, what was handed over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from baton.readers.amounts import Amount, amounts_in
from baton.readers.layout import Row
from baton.readers.locales import Words

Meaning: TypeAlias = Literal[
    "final", "total", "subtotal", "tax", "rounding", "discount", "tender", "card", "change", "count", "summary", "none"
]
_CARDS = re.compile(r"visa|master|amex|maestro|debit|credit|card|karte|pin\b|girocard|paypal|ideal", re.IGNORECASE)
_INCLUSIVE = re.compile(r"\b(?:incl\w*|inc\.?|with|inkl\w*|inclusief|inklusive)\b", re.IGNORECASE)

_INCLUDED = re.compile(r"\bincluded\b", re.IGNORECASE)


@dataclass(frozen=True)
class Labelled:
    """An amount with what its label says about it. `late` marks rows below the heading of a tax summary."""

    row: Row
    amount: Amount
    meaning: Meaning
    label: str
    late: bool
    order: int


def labelled(rows: Sequence[Row], words: Words) -> list[Labelled]:
    """Every amount on these rows with its meaning; an amount without a label takes the one above or below it."""
    plain = [_label(row, words) for row in rows]
    amounts = [amounts_in(row.text) for row in rows]
    found: list[Labelled] = []
    late = False
    for index, row in enumerate(rows):
        meaning = meaning_of(plain[index], words)
        late = late or (meaning == "summary" and index > 3)
        label = plain[index]
        if not _has_word(label):
            label = next((plain[near] for near in _neighbours(index, rows, plain, amounts)), label)
            meaning = meaning_of(label, words)
        for amount in _telling(amounts[index], meaning):
            said = "final" if meaning == "rounding" and abs(amount.value) >= 1 else meaning
            found.append(Labelled(row, amount, said, label, late and said != "final", index))
    return found


def _telling(amounts: tuple[Amount, ...], meaning: Meaning) -> Iterator[Amount]:
    """A labelled row's amount is its last; every amount of an unlabelled one counts."""
    yield from amounts if meaning in ("none", "summary", "count") else amounts[-1:]


def _neighbours(index: int, rows: Sequence[Row], plain: Sequence[str], amounts: Sequence[tuple[Amount, ...]]) -> Iterator[int]:
    """Rows beside this one that carry a label and no amount of their own: the nearer one first."""
    for near in (index + 1, index - 1):
        if 0 <= near < len(rows) and rows[near].page == rows[index].page and _has_word(plain[near]) and not amounts[near]:
            yield near


def _label(row: Row, words: Words) -> str:
    """The words beside the last amount; those of the nearest column where the row has several that mean something."""
    text = row.text
    for amount in reversed(amounts_in(text)):
        text = text[: amount.start] + " " + text[amount.end :]
    cells = [_clean(cell) for cell in text.split("\t")]
    telling = [cell for cell in cells if _has_word(cell) and meaning_of(cell, words) != "none"]
    return telling[-1] if len(telling) > 1 and meaning_of(_clean(text), words) != "summary" else _clean(text)


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """Lower case, with the digits that OCR puts for letters turned back inside words."""
    fixed = re.sub(r"(?<=[A-Za-z])0(?=[A-Za-z])", "o", text)
    fixed = re.sub(r"(?<=[A-Za-z])1(?=[A-Za-z]|\b)", "l", fixed)
    return " ".join(fixed.lower().replace("*", " ").split())


def _has_word(label: str) -> bool:
    return bool(re.search(r"[^\W\d_]{3,}", re.sub(r"\b(?:myr|eur|usd|chf|gbp|sgd)\b", "", label)))


@lru_cache(maxsize=8192)
def meaning_of(label: str, words: Words) -> Meaning:
    """What a label says, most telling words first."""

    def says(name: str) -> bool:
        return bool(words.pattern("amounts", name).search(label))

    inclusive = bool(_INCLUSIVE.search(label))
    if says("summary"):
        return "summary"
    if says("subtotal") and not (inclusive and says("total")):
        return "subtotal"
    if says("count") and not says("final"):
        return "count"
    if says("rounding"):
        return "rounding"
    if says("change") and not says("final"):
        return "change"
    if says("final"):
        return "final"
    if says("tender"):
        return "card" if _CARDS.search(label) else "tender"
    if says("discount"):
        return "discount"
    if says("tax") and not (inclusive and says("total")):
        return "tax"
    if says("total"):
        return "subtotal" if _INCLUDED.search(label) else "total"  # `total included tax` is as often the tax as the total
    return "none"
