"""The seller's address on a receipt: the rows between the name and how to reach the shop."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baton.readers.amounts import amounts_in
from baton.readers.layout import Row
from baton.readers.locales import Words, languages
from baton.readers.rules.shop import apart, bare_name, shops

_HEAD = 16
_LONGEST = 7
_REACH = 6  # rows between the name and its address
_POSTCODE = re.compile(
    r"(?<![\d-])\d{5}(?!\d|-\d{3})[\s,.]*[^\W\d_]{3,}|(?<!\d)\d{5}[\s.]*$"
    r"|\b\d{4} ?[A-Z]{2}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
    r"|\b(?:[A-Z]{1,2}-)?\d{4,5} [A-ZÄÖÜ][a-zäöüß]{2,}|\b[A-Z]{2} \d{5}\b"
)
_HOUSE = re.compile(r"^(?:no\.?\s?:?\s?)?[A-Z]{0,3}-?\d{1,4}[A-Z]?(?:[ -]?[&,/-] ?\d+\w*)*\s?[,.]", re.IGNORECASE)
_PHONE = re.compile(r"^\W*(?:\+?\d[\d\s./()-]{7,}\d)[\d\s./-]*$|\d{2,4}[-. ]\d{3,4} ?\d{4}$")
_DATE_OR_TIME = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\b\d{1,2}:\d{2}\b")
_LABEL = re.compile(r"^(?!no\b)[^\W\d_][\w .]{1,14}(?:\bno\b|#|\bid\b)?\s*[:#]", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{9,}")
_REGISTRATION = re.compile(r"^[\W_]*(?:[A-Z]{0,3}\d{5,12}\s?-\s?[A-Z0-9]{1,2}|\d{9,})[\W_]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A candidate for the seller's address, with what speaks for it."""

    rows: tuple[Row, ...]
    strong: int
    postcode: bool
    after_name: bool

    @property
    def text(self) -> str:
        """The address on one line."""
        return " ".join(" ".join(row.text.split()) for row in self.rows).strip(" -")


def address_on(rows: Sequence[Row], words: Words) -> Place | None:
    """The address below the seller's name, else the first block in the head of the page that reads like one."""
    name = next(iter(shops(rows, words)), None)
    after = rows.index(name.rows[-1]) + 1 if name else 0
    found = next(_blocks(rows, after, min(after + _REACH, len(rows)), words), None)
    if found:
        return _place(found, words, name is not None)
    elsewhere = list(_blocks(rows, 0, min(_HEAD, len(rows)), words))
    best = max(elsewhere, key=lambda block: _strength(block, words), default=None)
    return _place(best, words, False) if best else None


def _place(block: Sequence[Row], words: Words, after_name: bool) -> Place:
    postcode = any(_POSTCODE.search(row.text) for row in block)
    return Place(tuple(block), _strength(block, words), postcode, after_name)


def _strength(block: Sequence[Row], words: Words) -> int:
    return sum(looks_like_address(row.text, words) for row in block)


def _blocks(rows: Sequence[Row], first: int, last: int, words: Words) -> Iterator[list[Row]]:
    """Runs of rows that begin between these two and hold at least one row that plainly is part of an address."""
    start = first
    while start < last:
        if stops(rows[start].text, words):
            start += 1
            continue
        block = _from(rows, start, words)
        if any(looks_like_address(row.text, words) for row in block):
            yield block
        start += max(1, len(block))


def _from(rows: Sequence[Row], start: int, words: Words) -> list[Row]:
    run: list[Row] = []
    for row in rows[start : start + _LONGEST]:
        if stops(row.text, words) or (run and row.page != run[0].page):
            break
        if run and not _goes_on(run, row, _after(rows, row), words):
            break
        run.append(row)
    return _from_its_head(run, words)


def _from_its_head(run: list[Row], words: Words) -> list[Row]:
    """Without rows of the name or of a slogan before it: at most one plain row may open an address, as a building's name does."""
    plain = [looks_like_address(row.text, words) for row in run]
    if True not in plain:
        return run
    head = plain.index(True)
    bare = head and _POSTCODE.search(run[head].text) and not words.pattern("address", "words").search(run[head].text)
    keep = head - 1 if head and (_opens(run[head - 1].text, words) or (bare and _may_open(run[head - 1].text, words))) else head
    return run[keep:]


def _may_open(text: str, words: Words) -> bool:
    """Above a postcode there is a street, whatever it is called."""
    legal = words.pattern("seller", "legal").search(text) or words.pattern("seller", "trade").search(text)
    return bool(re.search(r"[^\W\d_]{3,}", text)) and not legal


def _after(rows: Sequence[Row], row: Row) -> str:
    place = rows.index(row) + 1
    return rows[place].text if place < len(rows) else ""


def _opens(text: str, words: Words) -> bool:
    """Whether a plain row may open an address: it is not the tail of the name, and it ends as the parts of an address do."""
    if words.pattern("seller", "trade").search(text) or not re.search(r"[^\W\d_]{3,}", text):
        return False
    return text.rstrip().endswith(",") or bool(words.pattern("address", "words").search(text) or re.search(r"\d", text))


def _goes_on(run: Sequence[Row], row: Row, after: str, words: Words) -> bool:
    """Behind the postcode only what names a region, or stands alone between the address and how to reach the shop."""
    if looks_like_address(row.text, words) or not _POSTCODE.search(" ".join(one.text for one in run)):
        return True
    region = words.pattern("address", "regions").search(row.text)
    last = bool(words.pattern("address", "contact").search(after)) and _POSTCODE.search(run[-1].text)
    return bool(region or last) or run[-1].text.rstrip().endswith((",", "-"))


def _numbered(text: str, words: Words) -> bool:
    """Whether a row gives the number of a document: `INV NO #`."""
    labels, numbers = ("|".join(words.list("receipt_number", name)) for name in ("labels", "number_words"))
    return bool(re.search(rf"(?<![^\W_])(?:{labels})[\s.]*(?:{numbers})(?![^\W_])", text, re.IGNORECASE))


def looks_like_address(text: str, words: Words) -> bool:
    """Whether a row plainly is part of an address: a street, a postcode, a house number, a region."""
    named = words.pattern("address", "words").search(apart(text))
    region = words.pattern("address", "regions").fullmatch(text.strip(" .,"))
    return bool(_POSTCODE.search(text) or region or (named and re.search(r"\d|,", text)) or _HOUSE.search(text.strip()))


def stops(text: str, words: Words) -> bool:
    """Whether a row is something else: contact, registration, heading, date, amount."""
    plain = re.sub(r"[^\w\s]", " ", text.lower())
    if words.pattern("address", "contact").search(text) or words.pattern("seller", "owner").search(text):
        return True
    if (
        words.pattern("seller", "not_names").search(plain)
        or words.pattern("dates", "labels").search(text)
        or _numbered(text, words)
    ):
        return True
    if _LONG_NUMBER.search(text) or not Words(languages()).numberless(text).strip():
        return True
    telling = bare_name(text)
    if sum(char.isalpha() for char in telling) < 2 or _REGISTRATION.search(text):
        return not _POSTCODE.search(text)
    if looks_like_address(text, words) and not (amounts_in(text) and not words.pattern("address", "words").search(text)):
        return False
    return bool(_PHONE.search(text) or _DATE_OR_TIME.search(text) or _LABEL.match(text) or amounts_in(text))
