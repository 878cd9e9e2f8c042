"""Sentences of a mail, each with its place in the text, so that evidence can point at it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from baton.readers.layout import Held, Row
from baton.readers.reader import Role, Source
from baton.types.ids import DocumentId

_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_HISTORY = re.compile(
    r"^(?:-{3,} ?(?:original message|ursprüngliche nachricht|oorspronkelijk bericht|forwarded).*"
    r"|on .{5,80} wrote:|am .{5,80} schrieb.*:|op .{5,80} schreef.*:)",
    re.IGNORECASE | re.MULTILINE,
)
_SHORT = "no nr mr mrs ms dr st ca bzw ser incl inkl approx etc evtl resp bijv vgl zzgl usw No Nr Mr Mrs Ms Dr St Ser Hr Fr"
_ABBREVIATION = "".join(rf"(?<!\b{short})" for short in _SHORT.split())
_END = re.compile(
    rf"{_ABBREVIATION}(?<!\d)[.]\s+(?=[^\W\d_a-zà-ÿ]|\d)"
    r"|(?<=\d)\.\s+(?=(?:The|It|I|We|My|Es|Ich|Wir|Der|Die|Das|Ik|Het|De|Now|Since|After|Nun|Seit|Nach|Nu|Na)\b)"
    rf"|{_ABBREVIATION}(?<=[a-z]{{2}})\.\s+(?=[a-z])"
    r"|[!?]+\s+|\n[ \t]*\n\s*|\n(?=[ \t]*[-*•])|\n(?=[A-ZÄÖÜ][\w/ -]{1,28}:\s)|(?<=[,:;])\n(?=[A-Z])|(?<=:)\n",
)

_LABELLED = re.compile(r"\s*[^\W\d_][\w/ -]{1,28}:[ \t]+[^\n]{1,60}(?=\n)")


def sentences_of(source: Source) -> list[Row]:
    """The sentences the sender wrote, without quoted mails below."""
    return list(_sentences(Held(source.reading), source.role))


@lru_cache(maxsize=64)
def _sentences(held: Held, role: Role) -> tuple[Row, ...]:
    reading = held.it
    return tuple(one for page in reading.pages for one in _split(reading.document, role, page.number, own_words(page.text)))


def own_words(text: str) -> str:
    """The text with quoted mail blanked out, every character keeping its place."""
    kept = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    history = _HISTORY.search(kept)
    return kept[: history.start()] if history and kept[: history.start()].strip() else kept


def own_rows(source: Source, rows: Sequence[Row]) -> list[Row]:
    """The rows of a mail that its sender wrote."""
    kept = {page.number: own_words(page.text) for page in source.reading.pages}
    return [row for row in rows if row.offset is None or kept[row.page][row.offset : row.offset + len(row.text)].strip()]


def _split(document: DocumentId, role: Role, page: int, text: str) -> Iterator[Row]:
    start, number = 0, 0
    ends = [(match.start() + len(match.group().rstrip()), match.end()) for match in _END.finditer(text)]
    for end, after in [*ends, (len(text), len(text))]:
        for first, last in _lines_of_their_own(text, start, end):
            bare = text[first:last]
            if bare.strip():
                lead = len(bare) - len(bare.lstrip())
                yield Row(document, role, page, number, re.sub(r"\s", " ", bare.strip()), offset=first + lead)
                number += 1
        start = after


def _lines_of_their_own(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A line of the form `Shop: Haus & Heim` ends with its line, whatever follows."""
    match = _LABELLED.match(text[start:end])
    return [(start, start + match.end()), (start + match.end(), end)] if match else [(start, end)]
