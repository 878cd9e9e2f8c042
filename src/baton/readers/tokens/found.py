"""From what each word probably carries to values: amounts, dates, and runs of words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from baton.readers.amounts import Amount, amounts_in
from baton.readers.dates import Dated, bare_dates, dates_in
from baton.readers.layout import Row
from baton.readers.locales import Order
from baton.readers.rules.shop import bare_name
from baton.readers.tokens.laid import Laid
from baton.types.findings import Evidence

_LIKELY = 0.5
_POSSIBLE = 0.12

Chances = Sequence[float]
"""For each word of a page how probably it carries one field."""


@dataclass(frozen=True)
class Spot:
    """A stretch of a row that may carry the field, and how probably."""

    row: Row
    start: int
    end: int
    chance: float


@dataclass(frozen=True)
class Run:
    """Words that together may carry the field: their text, their place, and how probably they are all of it and no more."""

    text: str
    evidence: Evidence
    chance: float


def amounts(page: Laid, chances: Chances) -> list[tuple[Amount, Spot]]:
    """Amounts that may be the field, each value once, the most probable first."""
    best: dict[Decimal, tuple[Amount, Spot]] = {}
    for number, row in enumerate(page.rows):
        for amount in amounts_in(row.text):
            spot = _spot(page, number, amount.start, amount.end, chances)
            if spot.chance >= _POSSIBLE and (amount.value not in best or best[amount.value][1].chance < spot.chance):
                best[amount.value] = amount, spot
    return sorted(best.values(), key=lambda found: -found[1].chance)


def dates(page: Laid, chances: Chances, order: Order | None) -> list[tuple[Dated, Spot]]:
    """Dates that may be the field, each once, the most probable first."""
    best: dict[tuple[date, ...], tuple[Dated, Spot]] = {}
    for number, row in enumerate(page.rows):
        for dated in dates_in(row.text, page.words, order, compact=True) or bare_dates(row.text):
            spot = _spot(page, number, dated.start, dated.end, chances)
            if spot.chance >= _POSSIBLE and (dated.readings not in best or best[dated.readings][1].chance < spot.chance):
                best[dated.readings] = dated, spot
    return sorted(best.values(), key=lambda found: -found[1].chance)


def _spot(page: Laid, number: int, start: int, end: int, chances: Chances) -> Spot:
    touched = [
        chances[index] for index, one in enumerate(page.tokens) if one.row == number and one.start < end and one.end > start
    ]
    return Spot(page.rows[number], start, end, max(touched, default=0.0))


def runs(page: Laid, chances: Chances, begins: Chances) -> list[Run]:
    """Runs of words that may be the field, the most probable first. `begins` says how probably one starts at each word."""
    found = [run for limit in (_LIKELY, _POSSIBLE) for run in _over(page, chances, begins, limit)]
    return sorted(found, key=lambda run: -run.chance)


def _over(page: Laid, chances: Chances, begins: Chances, limit: float) -> Iterator[Run]:
    start: int | None = None
    for index in range(len(chances) + 1):
        goes_on = index < len(chances) and chances[index] >= limit
        if start is not None and (not goes_on or begins[index] > _LIKELY):
            yield _run(page, chances, begins, start, index)
            start = None
        if goes_on and start is None:
            start = index


def _run(page: Laid, chances: Chances, begins: Chances, start: int, end: int) -> Run:
    inside = [chances[index] for index in range(start, end)]
    beside = [1 - chances[start - 1] if begins[start] <= _LIKELY else begins[start]] if start else []
    beside += [1 - (chances[end] - begins[end])] if end < len(chances) else []
    tokens = page.tokens[start:end]
    text = " ".join(token.text for token in tokens)
    first = page.rows[tokens[0].row]
    polygons = tuple(token.word.polygon for token in tokens)
    evidence = Evidence(document=first.document, page=first.page, text=text, polygons=polygons)
    return Run(text, evidence, min(*inside, *beside) if len(inside) + len(beside) > 1 else inside[0])


def as_name(text: str) -> str:
    """A name as one would write it, without a registration number that came along."""
    return bare_name(text).strip(" -,.:*") or text
