"""Grounding: where whole tokens of a document carry a value. Computed for every reader's value, never taken from a reader."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from baton.readers.amounts import DOLLARS, amounts_in, currencies_in
from baton.readers.contracts.places import places_in_prose
from baton.readers.countries import country_of, words_for
from baton.readers.dates import bare_dates, dates_in
from baton.readers.fields import Field, Kind
from baton.readers.layout import Held, Row, rows_in, rows_of
from baton.readers.locales import Words
from baton.readers.normalise import UNKNOWN, as_date, as_money, as_number, name_key, normal, squeeze, tokens
from baton.readers.prose import sentences_of
from baton.readers.reader import Role, Source
from baton.readers.rules.labels import meaning_of
from baton.readers.rules.mail import option_pattern
from baton.readers.structured.source import places_in_xml
from baton.types.canonical import Json
from baton.types.findings import Evidence, Keyed

_OF_THE_RECEIPT: frozenset[Kind] = frozenset({"money", "date", "seller", "receipt_number"})
_GAP = 3  # tokens that may stand inside a name, as a registration number does
_NUMBER = re.compile(r"(?<![\w.,])-?(?:\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?)(?![\w]|[.,]\d)")
_CODE_BEGINS = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-_/])"
_CODE_ENDS = r"(?![A-Za-z0-9])(?![-_][A-Za-z0-9])(?!/[A-Za-z]|/\d{3})"
"""A code is a whole token: `20471` does not stand in `KK-20471`. A revision may stand behind it, as in `20471/2`."""


def grounded(field: Field, keyed: Keyed, sources: Sequence[Source]) -> Keyed:
    """The same value with the evidence found for it, or with none. A reader's own claim only chooses among places found."""
    found = places(field, keyed.value, sources)
    claimed = next((place for place in found if keyed.evidence and _overlaps(place, keyed.evidence)), None)
    return keyed.model_copy(update={"evidence": claimed or (found[0] if found else None)})


def places(field: Field, value: Json, sources: Sequence[Source]) -> list[Evidence]:
    """Every place that carries the value, the most telling first: receipts for price, date and seller, mails for the rest."""
    search = _SEARCHES.get(field.kind, _wording)
    of_receipt = field.kind in _OF_THE_RECEIPT
    stated = [place for source in sources if source.reading.how == "xml" for place in places_in_xml(field, value, source)]
    pages = [source for source in sources if source.reading.how != "xml"]
    ordered = sorted(pages, key=lambda source: (source.role == "mail_body") == of_receipt)
    printed = [place for source in ordered for place in search(field, value, source)]
    prose = [place for source in ordered if source.role == "other" for place in places_in_prose(field, value, source)]
    return [*stated, *printed, *prose]


def _money(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    wanted = as_money(value)
    if wanted is None or not _currency_fits(wanted[1], source):
        return
    words = _words(source)
    found = [
        (row, amount)
        for row in rows_of([source])
        for amount in amounts_in(row.text, whole=True)
        if amount.value == wanted[0] and (amount.currency in (None, "$", wanted[1]) or wanted[1] == UNKNOWN)
    ]
    telling = sorted(found, key=lambda pair: meaning_of(_label(pair[0].text), words) not in ("final", "total"))
    yield from (row.evidence(amount.start, amount.end) for row, amount in telling)


def _currency_fits(currency: str, source: Source) -> bool:
    """Whether the document prints this currency, prints none, or prints a dollar sign that may mean it."""
    text = "\n".join(page.text for page in source.reading.pages)
    printed = set(currencies_in(text))
    home = country_of(text)
    if currency in printed or currency == UNKNOWN:
        return True
    return (not printed and (home is None or home.currency == currency)) or (printed == {"$"} and currency in DOLLARS)


def _date(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    wanted = as_date(value)
    words = _words(source)
    for row in _passages(source):
        found = dates_in(row.text, words, compact=True) or bare_dates(row.text)
        yield from (row.evidence(one.start, one.end) for one in found if wanted in one.readings)


def _code(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    wanted = squeeze(str(value))
    if not wanted:
        return
    pattern = re.compile(_CODE_BEGINS + r"[\W_]{0,2}".join(map(re.escape, wanted)) + _CODE_ENDS, re.IGNORECASE)
    for row in _passages(source):
        yield from (row.evidence(match.start(), match.end()) for match in pattern.finditer(row.text))


def _choice(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    meaning = field.means.options.get(str(value), (str(value).replace("_", " "),))
    for row in _passages(source):
        yield from (row.evidence(match.start(), match.end()) for match in option_pattern(meaning).finditer(row.text))


def _wording(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    yield from _sequence(tokens(str(value)), source, gap=0)


def _name(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    """The name as printed; else the name without its legal form, which readers spell out or shorten."""
    found = list(_sequence(tokens(str(value)), source, gap=_GAP))
    if not found:
        found = list(_squeezed(name_key(str(value)), source))
    yield from found


def _number(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    wanted = normal("number", value)
    for row in _passages(source):
        for match in _NUMBER.finditer(row.text):
            if as_number(match.group()) == wanted:
                yield row.evidence(match.start(), match.end())


_SEARCHES: Mapping[Kind, Callable[[Field, Json, Source], Iterator[Evidence]]] = {
    "money": _money,
    "date": _date,
    "serial": _code,
    "identifier": _code,
    "receipt_number": _code,
    "seller": _name,
    "name": _name,
    "product": _name,
    "address": _name,
    "choice": _choice,
    "number": _number,
}


def _sequence(wanted: list[str], source: Source, gap: int) -> Iterator[Evidence]:
    """Places where these tokens stand in order, across rows, with at most so many others between them."""
    if not wanted:
        return
    for page in _tokens_by_page(source):
        index = 0
        while index < len(page):
            run = _run(wanted, page, index, gap)
            if run:
                yield _joined(run)
            index = (page.index(run[-1]) if run else index) + 1


def _run(wanted: list[str], page: list[tuple[str, Row, int, int]], start: int, gap: int) -> list[tuple[str, Row, int, int]]:
    run: list[tuple[str, Row, int, int]] = []
    at = start
    for token in wanted:
        reach = at + 1 + (gap if run else 0)
        hit = next((place for place in range(at, min(reach, len(page))) if page[place][0] == token), None)
        if hit is None:
            return []
        run.append(page[hit])
        at = hit + 1
    return run


def _squeezed(key: str, source: Source) -> Iterator[Evidence]:
    """Rows where whole tokens, written together, spell the key: `B & B`, `SHOP.COM`."""
    if len(key) < 4:
        return
    pattern = re.compile(r"(?<![A-Za-z0-9])" + r"[\W_]*".join(map(re.escape, key)) + r"(?![A-Za-z0-9])", re.IGNORECASE)
    for row in _passages(source):
        yield from (row.evidence(match.start(), match.end()) for match in pattern.finditer(row.text))


def _joined(run: Sequence[tuple[str, Row, int, int]]) -> Evidence:
    """One place out of tokens on one row or several."""
    by_row: dict[int, list[tuple[str, Row, int, int]]] = {}
    for token in run:
        by_row.setdefault(id(token[1]), []).append(token)
    parts = [tokens_[0][1].evidence(tokens_[0][2], tokens_[-1][3]) for tokens_ in by_row.values()]
    spans = [part.span for part in parts if part.span]
    return parts[0].model_copy(
        update={
            "text": " ".join(part.text for part in parts),
            "polygons": tuple(polygon for part in parts for polygon in part.polygons),
            "span": (spans[0][0], spans[-1][1]) if spans else None,
        }
    )


def _passages(source: Source) -> list[Row]:
    """Rows, and for a mail its sentences too: a value may be broken over two lines."""
    rows = rows_of([source])
    return [*sentences_of(source), *rows] if source.role == "mail_body" else rows


def _tokens_by_page(source: Source) -> list[list[tuple[str, Row, int, int]]]:
    return _tokens(Held(source.reading), source.role)


@lru_cache(maxsize=64)
def _tokens(held: Held, role: Role) -> list[list[tuple[str, Row, int, int]]]:
    pages: dict[int, list[tuple[str, Row, int, int]]] = {}
    for row in rows_in(held, role):
        for match in re.finditer(r"[^\W_]+", row.text):
            folded = tokens(match.group())
            if folded:
                pages.setdefault(row.page, []).append((folded[0], row, match.start(), match.end()))
    return list(pages.values())


@lru_cache(maxsize=256)
def _words_of_text(text: str) -> Words:
    return words_for(text)


def _words(source: Source) -> Words:
    return _words_of_text("\n".join(page.text for page in source.reading.pages))


def _label(text: str) -> str:
    return " ".join(re.sub(r"[\d.,]+", " ", text.lower()).split())


def _overlaps(one: Evidence, other: Evidence) -> bool:
    if (one.document, one.page) != (other.document, other.page):
        return False
    if one.span and other.span:
        return one.span[0] < other.span[1] and other.span[0] < one.span[1]
    return bool(set(one.polygons) & set(other.polygons))
