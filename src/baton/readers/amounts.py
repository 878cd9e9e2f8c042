"""Amounts of money in text: finding them, and reading sign, separators and currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

SYMBOLS: dict[str, str] = {
    "RM": "MYR",
    "MYR": "MYR",
    "€": "EUR",
    "EUR": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "CHF": "CHF",
    "SFR": "CHF",
    "FR.": "CHF",
    "US$": "USD",
    "USD": "USD",
    "DOLLARS": "USD",
    "S$": "SGD",
    "SGD": "SGD",
    "A$": "AUD",
    "AUD": "AUD",
    "C$": "CAD",
    "CAD": "CAD",
    "KR": "SEK",
    "SEK": "SEK",
    "NOK": "NOK",
    "DKK": "DKK",
    "ZŁ": "PLN",
    "PLN": "PLN",
    "¥": "JPY",
    "JPY": "JPY",
    "₹": "INR",
    "INR": "INR",
    "$": "$",
}
"""Printed sign to ISO 4217 code. A bare `$` names a family of currencies, so it stays `$` until the document says which."""

DOLLARS = frozenset({"USD", "SGD", "AUD", "CAD", "NZD", "HKD", "MYR"})
"""What a bare `$` may mean; ringgit receipts print it too."""

_SIGN = r"[-−–]"
_CODE = "|".join(sorted((re.escape(sign) for sign in SYMBOLS), key=len, reverse=True))
_NUMBER = (
    r"[1-9]\d{0,2}(?:[.,'’ ]\d{3})+[.,]\s?\d{2}|\d+\s?[.,]\s?\d{2}|[1-9]\d{0,2}(?:[.,'’]\d{3})+(?:[.,]\d{2})?"
    r"|\d+(?=[.,][-–]{1,2})|(?<!\d)\.\d{2}"
)
_UNIT = r"\s?(?:[km]g|[kcm]m|[mc]l|kwh|lbs?|ltr|pcs)\b"
"""What makes a number a weight, a length or a count: `5,000 kg` is no money."""
_AMOUNT = re.compile(
    rf"(?<![\w.,/:#-])(?:(?P<sign>{_SIGN})\s?)?(?P<before>{_CODE})?\s?(?P<sign2>{_SIGN})?"
    rf"(?P<number>{_NUMBER})(?:[.,][-–]{{1,2}})?(?P<sign3>{_SIGN}(?!\d))?(?:\s?(?P<after>{_CODE})\b|\s?(?P<euro>[€£]))?(?![\d%/:]|[.,-]\d|\s?%|{_UNIT})",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"(?<![\w.,/:-])(?:(?P<before>{_CODE})\s?(?P<number>\d{{1,6}})(?![\w%/:]|[.,-]\d)"
    rf"|(?P<number2>\d{{1,6}})\s?(?P<after>{_CODE}|€|£)(?![\w]))",
    re.IGNORECASE,
)
_FINE = re.compile(
    rf"(?<![\w.,/:-])(?:(?P<sign>{_SIGN})\s?)?(?P<before>{_CODE})?\s?(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}})\.\d{{4,6}}"
    rf"|(?:\d{{1,3}}(?:\.\d{{3}})+|\d{{1,7}}),\d{{4,6}})(?:\s?(?P<after>{_CODE}|€|£)(?!\w))?(?![\w%/:]|[.,-]\d|\s?%|{_UNIT})",
    re.IGNORECASE,
)
"""Prices of a single piece, finer than cents: `0.0475`."""


@dataclass(frozen=True)
class Amount:
    """An amount as printed: its value with sign, its currency if printed beside it, and where it stands in the text."""

    value: Decimal
    currency: str | None
    start: int
    end: int


@lru_cache(maxsize=8192)
def amounts_in(text: str, whole: bool = False) -> tuple[Amount, ...]:
    """Every amount with cents in a text; with `whole`, also round ones that carry their currency (`389 EUR`) and fine ones."""
    found = list(_found(text, _AMOUNT))
    for pattern in (_WHOLE, _FINE) if whole else ():
        found += [one for one in _found(text, pattern) if not any(a.start < one.end and one.start < a.end for a in found)]
    return tuple(sorted(found, key=lambda amount: amount.start))


def _found(text: str, pattern: re.Pattern[str]) -> Iterator[Amount]:
    for match in pattern.finditer(text):
        parts = match.groupdict()
        value = number(parts.get("number") or parts.get("number2") or "")
        if value is None:
            continue
        negative = any(parts.get(key) for key in ("sign", "sign2", "sign3"))
        sign = parts.get("before") or parts.get("after") or parts.get("euro")
        yield Amount(-value if negative else value, SYMBOLS.get((sign or "").upper()), match.start(), match.end())


def number(text: str) -> Decimal | None:
    """A decimal written in any convention: the last separator with two digits, or four and more, behind it parts the cents."""
    bare = re.sub(r"[\s'’]", "", text)
    cents = re.fullmatch(r"(.*)[.,](\d{2}|\d{4,})", bare)
    whole, part = (cents.group(1), cents.group(2)) if cents else (bare, "00")
    try:
        return Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{part}")
    except InvalidOperation:
        return None


def currencies_in(text: str) -> list[str]:
    """Every currency sign or code that stands alone or beside a number, in order."""
    pattern = rf"(?<![A-Za-z])({_CODE})(?![A-Za-z])"
    return [SYMBOLS[match.group(1).upper()] for match in re.finditer(pattern, text, re.IGNORECASE)]
