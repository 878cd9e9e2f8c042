"""The seller of a receipt: the name at its head, above the address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from baton.readers.layout import Row
from baton.readers.locales import Words, languages
from baton.readers.rules.scribbles import without_scribbles

_HEAD = 14
_REGISTRATION = re.compile(
    r"\s*[\[(]?\s*(?:co\.?\s*(?:reg\.?|no\.?)?\s*(?:no\.?)?\s*:?\s*)?[\[(]?\s?\d{4,9}\s?-\s?[A-Z0-9]{1,2}\s?[\])]?"
    r"|\s*\(\s*[A-Z]{0,3}\d{4,12}(?:[ -]?[A-Z])?\s*\)"
    r"|\s*\((?=(?:[^\W_]*\d){4})[\w-]{6,14}\s?-\s?[A-Z0-9]{1,2}\)",
    re.IGNORECASE,
)
_REG_LABEL = re.compile(
    r"[\s(]*(?:(?:company|co|roc|gst|sst|rob)\.?\s?)?(?:reg\.?\s?)?(?:no|id|number)\b\.?\s?[:.]*[\s)]*$", re.IGNORECASE
)
_POSTCODE = re.compile(r"(?<!\w)\d{5}\s*[^\W\d_]{3,}")
_VALUE = re.compile(r"^[^\W\d_]+\s*:\s*\S")  # `Table: Bar 7`
_ONE_SHORT_WORD = re.compile(r"\W*[^\W\d_]{1,4}\W*")
_MONOGRAM = re.compile(r"^([A-Za-z]) (?=\1[a-z])")  # a logo letter before the name that begins with it
_OPEN = re.compile(r"\([^\W\d_][^)]*$")
_FORMER = re.compile(r"(?<!^)\b(?:f\.?k\.?a\.?|formerly(?: known as)?|vormals|voorheen)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Shop:
    """A candidate for the seller's name: rows from `first` to `last` (one or two), and what speaks for it."""

    name: str
    rows: tuple[Row, ...]
    score: float
    legal: bool


def shops(rows: Sequence[Row], words: Words) -> list[Shop]:
    """Candidates for the seller, best first."""
    printed = [without_scribbles(row, words) if index < _HEAD else row for index, row in enumerate(rows)]
    names = _names(printed, words)
    found = [_weigh(name, printed, rows, words) for name in names if name[0] < _HEAD or _is_legal(_joined(name, printed), words)]
    found = [replace(shop, rows=tuple(rows[printed.index(row)] for row in shop.rows)) for shop in found]
    return sorted((shop for shop in found if _may_be_name(shop.name, words)), key=lambda shop: -shop.score)


def _names(rows: Sequence[Row], words: Words) -> list[tuple[int, ...]]:
    """Rows by index, each with the rows that complete its name: an open bracket, a legal form alone, a branch in brackets."""
    names: list[tuple[int, ...]] = []
    for index in range(len(rows)):
        if names and len(names[-1]) < 3 and _goes_on(_joined(names[-1], rows), rows[index].text, words):
            names[-1] += (index,)
        else:
            names.append((index,))
    return names


def _goes_on(before: str, text: str, words: Words) -> bool:
    if not re.search(r"[^\W\d_]{3,}", before) or words.pattern("address", "contact").search(text) or _is_address(before, words):
        return False
    name = bare_name(text)
    if _is_address(text, words) and not _is_legal(text, words):
        return False
    opened = (before.count("(") > before.count(")") and bool(_OPEN.search(before))) or before.rstrip().endswith("&")
    opened = opened or bool(re.match(r"& ?[^\W\d_]{2}", name))
    tail = words.pattern("seller", "tail").match(name)
    branch = re.fullmatch(r"\([A-Z][A-Z .&']{4,}\)", text.strip())
    completes = not _is_legal(before, words) and not _is_heading(before, words) and _completes(name, words)
    return bool(opened or tail or branch or completes or words.pattern("seller", "trade").fullmatch(name.strip(" .")))


def _completes(name: str, words: Words) -> bool:
    """Whether a row is the end of a name: it begins with a legal form or a bracket, or holds only a trade and a legal form."""
    legal = words.pattern("seller", "legal")
    rest = words.pattern("seller", "trade").sub(" ", legal.sub(" ", name))
    return bool(legal.search(name) and (legal.match(name) or name.startswith("(") or not re.search(r"[^\W\d_]{2,}", rest)))


def _is_heading(text: str, words: Words) -> bool:
    return bool(words.pattern("seller", "not_names").search(re.sub(r"[^\w\s]", " ", text.lower())))


def _joined(name: tuple[int, ...], rows: Sequence[Row]) -> str:
    return " ".join(rows[index].text for index in name)


def _may_be_name(text: str, words: Words) -> bool:
    name = bare_name(text)
    letters = sum(char.isalpha() for char in name)
    if letters < 3 or letters < 0.5 * len(name.replace(" ", "")):
        return False
    plain = re.sub(r"[^\w\s]", " ", name.lower())
    rest = words.pattern("seller", "not_names").sub("", plain)
    return bool(re.search(r"[^\W\d_]{2,}", rest))


def _is_numbered(text: str) -> bool:
    """Whether a row carries a company's registration, or the number of a branch."""
    return bool(_REGISTRATION.search(text)) or Words(languages()).numberless(text) != text


def _weigh(name: tuple[int, ...], rows: Sequence[Row], seen: Sequence[Row], words: Words) -> Shop:
    below = seen[name[-1] + 1 :]  # as recognised: a number is no scribble there
    index, text = name[0], _joined(name, rows)
    above = rows[index - 1].text if index else ""
    legal = _is_legal(text, words)
    placed = 2.0 - 0.25 * _said_before(index, rows) if index < _HEAD else -2.5
    for_it = 2.6 * legal + 1.2 * bool(words.pattern("seller", "trade").search(text))
    for_it += 0.8 * any(_is_address(row.text, words) or _is_numbered(row.text) for row in below[:2])
    for_it += 0.3 * any(_is_numbered(row.text) for row in below[:1])
    for_it += 0.8 * (rows[index].height > 1.35 * _usual_height(rows))
    against = 3.0 * (_is_address(text, words) and not legal) + 2.5 * _is_heading(text, words)
    against += 2.0 * bool(words.pattern("address", "contact").search(bare_name(text)))
    against += 2.0 * bool(_VALUE.search(text)) + 1.2 * bool(_ONE_SHORT_WORD.fullmatch(text))
    against += 1.5 * bool(words.pattern("seller", "owner").search(f"{above} {text}")) + 1.5 * _says_trade_only(text, words)
    shown = _tidy(" ".join(bare_name(rows[one].text) for one in name))
    return Shop(shown, tuple(rows[one] for one in name), placed + for_it - against, legal)


def _said_before(index: int, rows: Sequence[Row]) -> int:
    """How many rows with a word stand above: what somebody scribbled on the paper does not count."""
    return sum(bool(re.search(r"[^\W\d_]{3,}", row.text)) for row in rows[:index])


def _says_trade_only(text: str, words: Words) -> bool:
    """Whether the words say what is sold and not who sells it: `Bistro & Cafe`."""
    rest = words.pattern("seller", "legal").sub(" ", words.pattern("seller", "trade").sub(" ", bare_name(text)))
    return not re.search(r"[^\W\d_]{3,}", rest)


def _is_legal(text: str, words: Words) -> bool:
    return bool(words.pattern("seller", "legal").search(bare_name(text)))


def _is_address(text: str, words: Words) -> bool:
    street = words.pattern("address", "words").search(apart(text)) and re.search(r"\d|,", text)
    return bool(street or _POSTCODE.search(text))


def apart(text: str) -> str:
    """Words and the numbers behind them parted, where recognition lost the blank: `LOT1626`."""
    return re.sub(r"(?<=[^\W\d_]{3})(?=\d)", " ", text)


def _usual_height(rows: Sequence[Row]) -> float:
    heights = sorted(row.height for row in rows)
    return heights[len(heights) // 2] if heights else 0.0


def bare_name(text: str) -> str:
    """A name without the registration number or the number of the branch behind it."""
    every = Words(languages())
    name = _FORMER.split(every.unglued(text.replace("\t", " ")))[0]
    number = _REGISTRATION.search(name)
    if number and every.pattern("seller", "legal").search(name[: number.start()]):
        name = name[: number.start()]  # what stands behind both the legal form and the number tells a branch
    name = _REGISTRATION.sub(" ", name)
    name = _REG_LABEL.sub("", every.numberless(name))
    return name.strip(" -:*.,#=") if name.strip() else ""


def _tidy(name: str) -> str:
    """Spaces and brackets as one would write them."""
    plain = re.sub(r"\s+([),.])", r"\1", re.sub(r"([(])\s+", r"\1", " ".join(name.split()))).strip()
    return _MONOGRAM.sub("", plain)
