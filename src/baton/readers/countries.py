"""Where a document comes from, as far as it tells: its currency, and whether the day or the month comes first."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from baton.readers.amounts import DOLLARS, currencies_in
from baton.readers.locales import Order, Words, words_of


@dataclass(frozen=True)
class Country:
    """What holds in one country."""

    code: str
    language: str
    currency: str
    order: Order
    marks: re.Pattern[str]


@cache
def countries() -> tuple[Country, ...]:
    """Every country that the data file knows."""
    data = tomllib.loads((Path(__file__).parent / "countries.toml").read_text("utf-8"))
    return tuple(
        Country(code, one["language"], one["currency"], one["order"], _marks(one["marks"])) for code, one in data.items()
    )


def _marks(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=256)
def country_of(text: str, locale: str | None = None) -> Country | None:
    """The country whose marks stand most often in a text; a locale with a region (`en-US`) decides where the text is silent."""
    scored = [(len({match.group().lower() for match in one.marks.finditer(text)}), one) for one in countries()]
    best = max(scored, key=lambda pair: pair[0])
    if best[0] > 0 and sum(score == best[0] for score, _ in scored) == 1:
        return best[1]
    region = (locale or "").upper().split("-")[-1]
    return next((one for one in countries() if one.code == region), None)


def currency_of(text: str, beside: str | None = None, locale: str | None = None) -> str | None:
    """The currency of an amount: the sign beside it, else the only one printed in the document, else the country's."""
    home = country_of(text, locale)
    if beside and beside != "$":
        return beside
    printed = [code for code in currencies_in(text) if code != "$"]
    if printed and beside is None:
        return max(set(printed), key=printed.count)
    if beside == "$":
        dollars = [code for code in printed if code in DOLLARS]
        return dollars[0] if dollars else (home.currency if home and home.currency in DOLLARS else "USD")
    return home.currency if home else None


@lru_cache(maxsize=256)
def words_for(text: str, locale: str | None = None) -> Words:
    """The locale packs for a text: by its words and by its country."""
    home = country_of(text, locale)
    found = words_of(text, locale)
    return Words(tuple(sorted({*found.languages, *([home.language] if home else [])})))
