"""An agreement in passages: sentences and items of lists, each with the words that lead into it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BREAK = re.compile(
    r"(?<=[a-z0-9)”\"’][.;:])\s+(?=[A-Z(“\"\d•])"
    r"|(?:(?<=[:;,])|(?<=\band)|(?<=\bor))\s+(?=\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s)"
    r"|\n[ \t]*\n\s*"
    r"|\n(?=\s*(?:\d{1,2}\.|[a-z]\)|•|-\s))"
)
_LEADS_IN = re.compile(r"(?:[:—–-]|\b(?:that|which|who|to|if|shall|will|not|and|or|by|means))\s*$")
_ITEM = re.compile(r"\s*(?:\(?(?:[a-z]{1,2}|[ivx]{1,4}|\d{1,2}(?:\.\d{1,2})?)[.)]|[•\uf0b7-])\s")
_FARTHEST = 8


@dataclass(frozen=True)
class Passage:
    """A stretch of the text; `lead` is what stands before it and belongs to it, as `shall not:` before an item of a list."""

    start: int
    end: int
    text: str
    lead: str = ""

    @property
    def whole(self) -> str:
        """The passage with the words that lead into it."""
        return f"{self.lead} {self.text}".strip()


def passages_of(text: str, cuts: Sequence[tuple[int, int]] | None = None) -> tuple[Passage, ...]:
    """The passages of a text, cut here or where the caller says."""
    return tuple(_led([Passage(start, end, " ".join(text[start:end].split())) for start, end in cuts or _cut(text)]))


def _cut(text: str) -> Iterator[tuple[int, int]]:
    begins = 0
    for match in _BREAK.finditer(text):
        if text[begins : match.start()].strip():
            yield begins, match.start()
        begins = match.end()
    if text[begins:].strip():
        yield begins, len(text)


def _led(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Each passage with the last one that leads into a list, as long as the list goes on."""
    lead, since = "", 0
    for passage in passages:
        goes_on = bool(lead) and since < _FARTHEST and bool(_ITEM.match(passage.text) or since == 0)
        yield Passage(passage.start, passage.end, passage.text, lead if goes_on else "")
        if _LEADS_IN.search(passage.text) and not (goes_on and _ITEM.match(passage.text)):
            lead, since = passage.text, 0
        elif goes_on:
            since += 1
        else:
            lead, since = "", 0
