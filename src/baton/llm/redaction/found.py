"""Every place in a text that carries personal data."""

import re
from collections.abc import Collection, Iterator, Sequence

from baton.llm.redaction.kinds import KINDS, Place
from baton.llm.redaction.names import names
from baton.llm.redaction.numbers import cards, ibans, ids
from baton.llm.redaction.phones import phones

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]*[\w+%]@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
TOKEN = re.compile(r"<?\b(EMAIL|IBAN|CARD|ID|PHONE|NAME|QUOTED)_(\d{1,6})\b>?")
"""How a token looks, also where a model left its brackets out."""


def places(text: str, kinds: Collection[str] = KINDS, parties: Sequence[str] = ()) -> list[Place]:
    """Where personal data of these kinds stands, in order, never overlapping; also what already looks like a token of ours.

    A stranger who writes `<EMAIL_1>` must not be handed the address that the token stands for: it is replaced like the rest.
    """
    found: list[Place] = []
    taken = bytearray(len(text))
    for place in _every(text, kinds, parties):
        if place.end > place.start and not any(taken[place.start : place.end]):
            taken[place.start : place.end] = b"\1" * (place.end - place.start)
            found.append(place)
    return sorted(found)


def _every(text: str, kinds: Collection[str], parties: Sequence[str]) -> Iterator[Place]:
    yield from (Place(match.start(), match.end(), "quoted", match.group()) for match in TOKEN.finditer(text))
    if "email" in kinds:
        yield from (Place(match.start(), match.end(), "email", match.group().lower()) for match in _EMAIL.finditer(text))
    for kind, search in (("iban", ibans), ("card", cards), ("id", ids), ("phone", phones)):
        if kind in kinds:
            yield from search(text)
    if "name" in kinds:
        yield from names(text, parties)
