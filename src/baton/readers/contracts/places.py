"""Where the running text of an agreement carries a value; lines and pages break where they like."""

import re
from collections.abc import Iterator

from baton.readers.contracts.dates import dates_of
from baton.readers.contracts.periods import in_days, periods_in
from baton.readers.contracts.running import Running, running
from baton.readers.fields import Field
from baton.readers.normalise import as_date, tokens
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.findings import Evidence


def places_in_prose(field: Field, value: Json, source: Source) -> Iterator[Evidence]:
    """Every place of a value in a document that is written in sentences; a list needs each of its values there."""
    text = running(source)
    if isinstance(value, list):
        found = [list(_name(str(one), text)) for one in value]
        if found and all(found):
            yield text.together([places[0] for places in found])
    else:
        yield from (text.evidence(start, end) for start, end in _spans(field, value, text))


def _spans(field: Field, value: Json, text: Running) -> Iterator[tuple[int, int]]:
    if field.kind == "date":
        wanted = as_date(value)
        yield from ((start, end) for when, start, end in dates_of(text.text) if when == wanted)
    elif in_days(str(value)):
        days = in_days(str(value))
        yield from ((one.start, one.end) for one in periods_in(text.text) if in_days(one.value) == days)
    elif field.kind in ("name", "seller"):
        yield from _name(str(value), text)


def _name(name: str, text: Running) -> Iterator[tuple[int, int]]:
    """The name as printed; its last word, a legal form, may be spelled another way."""
    words = tokens(name)
    for wanted in (words, words[:-1] if len(words) > 1 else []):
        if wanted:
            pattern = re.compile(r"(?<!\w)" + r"(?:\W{0,3}|\sand\s)".join(map(re.escape, wanted)) + r"(?!\w)", re.IGNORECASE)
            found = [match.span() for match in pattern.finditer(text.text)]
            if found:
                yield from found
                return
