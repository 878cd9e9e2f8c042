"""Typed comparison: when are two keyed values the same? Values come in JSON form, from any reader."""

import re
import unicodedata
from collections.abc import Hashable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import token_set_ratio

from baton.readers.amounts import amounts_in
from baton.readers.dates import dates_in
from baton.readers.fields import Kind
from baton.readers.locales import Words, languages
from baton.types.canonical import Json

UNKNOWN = "XXX"
"""ISO 4217 for "no currency": an amount whose currency nothing in the documents tells."""

_PRINTED = re.compile(
    r"(?P<number>[-+]?(?:\d{1,3}(?:[,'’\s]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?))\s?[^\W\d_]{0,12}\.?"
)
_LETTERS = dict(zip("014568", "OIASGB", strict=True))
_DIGIT_IN_WORD = re.compile(r"(?<=[^\W\d_]{2})[014568](?=[^\W\d_])|(?<=[^\W\d_])[014568](?=[^\W\d_]{2})")
_LETTERS_A_SLIP = 10  # a long name may have one letter misread, a short one none
_WORDING = 85


def same(kind: Kind, one: Json, other: Json) -> bool:
    """Whether two values of this kind say the same."""
    if one is None or other is None:
        return one is other
    left, right = normal(kind, one), normal(kind, other)
    if left is None or right is None:
        return False
    match kind:
        case "seller" | "name":
            return _nearly(str(left), str(right)) or squeeze(str(one)) == squeeze(str(other)) or _turned(str(one), str(other))
        case "address":
            return _numbers(str(one)) == _numbers(str(other)) and _nearly(str(left), str(right))
        case "money":
            return _same_money(one, other)
        case "product" | "text" | "defect":
            return token_set_ratio(str(left), str(right)) >= _WORDING
        case _:
            return left == right


def normal(kind: Kind, value: Json) -> Hashable:
    """The one spelling of a value of this kind, or None when it is no such value."""
    match kind:
        case "money":
            return _money(value)
        case "date":
            return as_date(value)
        case "serial" | "identifier" | "receipt_number":
            return squeeze(str(value)) or None
        case "seller" | "name":
            return name_key(str(value)) or None
        case "address":
            return address_key(str(value)) or None
        case "number":
            return as_number(value)
        case "flag" | "choice":
            return value if isinstance(value, str | bool) else str(value)
        case _:
            return " ".join(tokens(str(value))) or None


def as_date(value: Json) -> date | None:
    """A date from ISO form or from any certain way of writing it; None for an ambiguous one."""
    text = str(value)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        found = dates_in(text, Words(languages()), compact=True)
        return found[0].readings[0] if len(found) == 1 and not found[0].ambiguous else None


def as_money(value: Json) -> tuple[Decimal, str] | None:
    """Amount and currency from `{"amount", "currency"}` or from text such as `1.299,00 EUR`."""
    if isinstance(value, dict):
        amount, currency = _decimal(value.get("amount")), value.get("currency")
        return (amount, str(currency or UNKNOWN).upper()) if amount is not None else None
    found = amounts_in(str(value), whole=True)
    if len(found) != 1:
        return None
    return found[0].value, found[0].currency or UNKNOWN


def as_number(value: Json) -> Decimal | None:
    """A number from JSON, or as printed, its unit left out: `5,000 kg` is five thousand, `2,5 l` two and a half."""
    plain = _decimal(value)
    if plain is not None:
        return plain
    found = _PRINTED.fullmatch(str(value).strip())
    if found is None:
        return None
    text = re.sub(r"[\s'’]", "", found["number"])
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
        return _decimal(text.replace(",", ""))
    return _decimal(text.replace(".", "").replace(",", ".") if "," in text else text)


def _money(value: Json) -> Hashable:
    return as_money(value)


def _decimal(value: Json) -> Decimal | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def squeeze(text: str) -> str:
    """Letters and digits only, upper case: how ids are compared."""
    return re.sub(r"[^A-Z0-9]", "", fold(text).upper())


def name_key(text: str) -> str:
    """A company's name without its legal form, accents, spaces and punctuation, and with letters that were taken for digits."""
    lettered = _DIGIT_IN_WORD.sub(lambda one: _LETTERS[one.group()], text)
    bare = _every_language().pattern("seller", "legal").sub(" ", _every_language().unglued(lettered))
    return squeeze(bare) or squeeze(lettered)


def address_key(text: str) -> str:
    """An address as letters and digits, with the usual short forms written out."""
    written_out = (re.sub(r"str$", "strasse", token) for token in tokens(text))
    return squeeze("".join(_long_forms().get(token, token) for token in written_out))


@cache
def _long_forms() -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in _every_language().list("address", "short"))


def _nearly(one: str, other: str) -> bool:
    return Levenshtein.distance(one, other) <= min(len(one), len(other)) // _LETTERS_A_SLIP


def _numbers(text: str) -> str:
    """The digits of house numbers and postcodes in any order: they may stand on either side, but never differ."""
    numbers = re.findall(r"(?<![^\W_])[A-Za-z]{0,3}\d+[A-Za-z]?(?![^\W_])", text)  # not the `0` that OCR made of a letter
    return "".join(sorted(re.sub(r"\D", "", "".join(numbers))))


def _turned(one: str, other: str) -> bool:
    """`Doe, Jane` is Jane Doe."""
    return ("," in one) != ("," in other) and sorted(tokens(one)) == sorted(tokens(other))


def _same_money(one: Json, other: Json) -> bool:
    """The same amount with its sign, in the same currency; a currency that a reader could not tell is no difference."""
    left, right = as_money(one), as_money(other)
    if left is None or right is None or left[0] != right[0]:
        return False
    return left[1] == right[1] or UNKNOWN in (left[1], right[1])


def tokens(text: str) -> list[str]:
    """Words and numbers, folded."""
    return re.findall(r"[^\W_]+", fold(text).casefold())


def fold(text: str) -> str:
    """Without accents and ligatures."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _every_language() -> Words:
    return Words(languages())
