"""Values that stand in a text, each with its characters: ids, dates, amounts, accounts, VAT ids, currencies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from stdnum import iban

from baton.readers.amounts import amounts_in, currencies_in
from baton.readers.dates import dates_in
from baton.readers.invoices.words import months
from baton.readers.locales import Order, Words, languages
from baton.types.canonical import Json

_ID = re.compile(r"(?<![\w./-])(?=[\w./-]*\d)[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?(?![\w/-])")
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]{4}){2,7}(?:[ \u00a0-]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_LENGTHS = {
    **{"AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27},
    **{"GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31},
    **{"NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27},
}
_VAT_IDS = r"""
    ATU\d{8} BE[01]\d{9} BG\d{9,10} CHE\d{9} CY\d{8}[A-Z] CZ\d{8,10} DE\d{9} DK\d{8} EE\d{9} EL\d{9} ES[A-Z0-9]\d{7}[A-Z0-9]
    FI\d{8} FR[A-Z0-9]{2}\d{9} (?:GB|XI)\d{9}(?:\d{3})? HR\d{11} HU\d{8} IE\d[A-Z0-9]\d{5}[A-Z]{1,2} IT\d{11} LT\d{9}(?:\d{3})?
    LU\d{8} LV\d{11} MT\d{8} NL\d{9}B\d{2} NO\d{9}(?:MVA)? PL\d{10} PT\d{9} RO\d{6,10} SE\d{12} SI\d{8} SK\d{10}
    \d{2}[A-Z]{5}\d{4}[A-Z]\dZ\w
"""
_VAT_ID = re.compile(rf"(?:{'|'.join(_VAT_IDS.split())})")
_SPACED = re.compile(r"(?<![A-Za-z0-9])[A-Z0-9]{2,4}(?:[ .-]?[A-Z0-9]){6,16}(?![A-Za-z0-9])")
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN"}
CODES = tuple(
    "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF INR ISK JPY MXN MYR NOK NZD PLN RON SEK SGD TRY USD ZAR".split()  # noqa: SIM905
)
"""Currencies by their codes of ISO 4217, as invoices print them."""
_CURRENCY = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(CODES)})(?![A-Za-z])|€|£|₹|zł")
_YEAR = r"(?P<y>(?:19|20)\d\d|['’]\d\d)"


@dataclass(frozen=True)
class Value:
    """A value with its characters in the text; `also` is its second reading where day and month may be swapped."""

    value: str
    start: int
    end: int
    also: str | None = None
    currency: str | None = None


@lru_cache(maxsize=8192)
def ids_in(text: str) -> tuple[Value, ...]:
    """Everything that may number a document: letters, digits and the marks between them, at least one digit."""
    return tuple(Value(match.group(), *match.span()) for match in _ID.finditer(text))


@lru_cache(maxsize=8192)
def dates_on(text: str, order: Order | None = None) -> tuple[Value, ...]:
    """Every date, in every language that has a pack."""
    named = list(_named_dates(text))
    found = [*named]
    for one in dates_in(text, Words(languages()), order):
        if not any(one.start < other.end and other.start < one.end for other in named):
            told = [reading.isoformat() for reading in one.readings]
            found.append(Value(told[0], one.start, one.end, told[1] if len(told) > 1 else None))
    return tuple(sorted(found, key=lambda value: value.start))


def _named_dates(text: str) -> Iterator[Value]:
    for match in _named().finditer(text):
        year = match["y"].lstrip("'’")
        try:
            when = date(int(year) + (2000 if len(year) == 2 else 0), months()[match["m"].lower()], int(match["d"]))
        except ValueError:
            continue
        yield Value(when.isoformat(), *match.span())


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    between = r"[\s\-/.]{0,3}(?:de |of |del )?"
    return re.compile(
        rf"(?<!\d)(?P<d>[0-3]?\d)(?:er|st|nd|rd|th|\.|º)?{between}(?P<m>{names})\.?,?{between}{_YEAR}(?!\d)", re.IGNORECASE
    )


@lru_cache(maxsize=8192)
def money_in(text: str) -> tuple[Value, ...]:
    """Every amount with cents, and round ones beside their currency."""
    return tuple(Value(str(one.value), one.start, one.end, currency=one.currency) for one in amounts_in(text, whole=True))


@lru_cache(maxsize=8192)
def accounts_in(text: str) -> tuple[Value, ...]:
    """Every IBAN, spaces left out, cut where its country's accounts end; check digits are not asked for."""
    found = []
    for match in _ACCOUNT.finditer(text):
        length = _LENGTHS.get(match.group()[:2])
        end, count = match.start(), 0
        while end < match.end() and (length is None or count < length):
            count += text[end].isalnum()
            end += 1
        squeezed = re.sub(r"[^A-Z0-9]", "", text[match.start() : end])
        if (length == count and (end == len(text) or not text[end].isalnum())) or (length is None and iban.is_valid(squeezed)):
            found.append(Value(squeezed, match.start(), end))
    return tuple(found)


@lru_cache(maxsize=8192)
def numbers_of_accounts(text: str) -> tuple[Value, ...]:
    """IBANs, and what is written like one though too short or too long: behind a label it still is what the page says."""
    sound = accounts_in(text)
    odd = [Value(re.sub(r"[^A-Z0-9]", "", match.group()), *match.span()) for match in _ACCOUNT.finditer(text)]
    alone = [one for one in odd if not any(one.start < other.end and other.start < one.end for other in sound)]
    return tuple(sorted([*sound, *alone], key=lambda value: value.start))


@lru_cache(maxsize=8192)
def vat_ids_in(text: str) -> tuple[Value, ...]:
    """Everything written like a VAT id of a European country, or an Indian one."""
    found = []
    for match in _SPACED.finditer(text):
        inside = _VAT_ID.match(re.sub(r"[ .-]", "", match.group()))
        end = _reached(text, match.start(), len(inside.group())) if inside else 0
        if inside and (end == len(text) or not text[end].isalnum()):
            found.append(Value(inside.group(), match.start(), end))
    return tuple(found)


def _reached(text: str, start: int, letters: int) -> int:
    """Where so many letters and digits from a start end."""
    places = [place for place in range(start, len(text)) if text[place].isalnum()]
    return places[letters - 1] + 1


@lru_cache(maxsize=8192)
def tax_ids_in(text: str) -> tuple[Value, ...]:
    """VAT ids, and any other id with seven digits or more: behind a label it is what the page calls one."""
    sound = vat_ids_in(text)
    odd = [one for one in ids_in(text) if sum(char.isdigit() for char in one.value) >= 7]
    alone = [one for one in odd if not any(one.start < other.end and other.start < one.end for other in sound)]
    return tuple(sorted([*sound, *alone], key=lambda value: value.start))


def currency_on(text: str) -> str | None:
    """The currency that a text prints most, codes and signs before words such as `kr`; None where it prints only a bare `$`."""
    plain = [_SIGNS.get(sign, sign) for sign in _CURRENCY.findall(text)]
    printed = plain or [code for code in currencies_in(text) if code != "$"]
    return max(sorted(set(printed)), key=printed.count) if printed else None


def amount(value: Json) -> Decimal:
    """The number of a value that was found as money."""
    return Decimal(str(value))
