"""Which attachment belongs to which part of a message: by the numbers and words they share, and by its own kind."""

import asyncio
import re
from typing import Any

from agents.graphs import routed
from agents.graphs.filed import reading_of, text_of
from agents.graphs.sort import options
from agents.sort import Part, ShareRequest, Sorted
from baton.documents.text import seen_text
from baton.governance.context import current
from baton.types.documents import Document, Message
from baton.types.findings import FieldFinding, Finding
from baton.types.ids import DocumentId

_NUMBER, _WORD = re.compile(r"\b(?=[\w-]*\d)[\w-]{5,}\b"), re.compile(r"[^\W\d_]{5,}")
_CLEAR = 2
"""How far one part must lead."""
_LONGEST = 4000


async def run(request: ShareRequest) -> Finding[Sorted]:
    """The parts with their attachments, as a finding under the step's own decision."""
    given = request.sorted
    shares = await asyncio.to_thread(_shared, request.message, given.parts)
    parts = tuple(part.model_copy(update={"attachments": mine}) for part, mine in zip(given.parts, shares, strict=True))
    fields = tuple(
        FieldFinding(
            name="open_case" if part.opens else "answer",
            value=part.label,
            agreement="single" if part.label else "missing",
            grounded=bool(part.text),
            confidence=part.confidence,
        )
        for part in parts
    )
    values = given.model_copy(update={"parts": parts})
    return Finding[Sorted](id=current().decision, values=values, fields=fields, made_with={"by": "shared words"})


def _shared(message: Message, parts: tuple[Part, ...]) -> list[tuple[DocumentId, ...]]:
    shares: list[list[DocumentId]] = [[] for _ in parts]
    for file in message.attachments:
        for number in _belongs_to(file, message, parts):
            shares[number].append(file.id)
    return [tuple(share) for share in shares]


def _belongs_to(file: Document, message: Message, parts: tuple[Part, ...]) -> list[int]:
    """The one part it clearly belongs to, or every part."""
    points = [_points(file, _words_of(message, part), part) for part in parts]
    best = max(points)
    leading = [number for number, score in enumerate(points) if score > best - _CLEAR]
    return leading if len(leading) == 1 else list(range(len(parts)))


def _points(file: Document, said: str, part: Part) -> int:
    text = _text(file)
    numbers = {one.lower() for one in _NUMBER.findall(said)} & {one.lower() for one in _NUMBER.findall(text)}
    words = {one.lower() for one in _WORD.findall(said)} & {one.lower() for one in _WORD.findall(f"{text} {file.name}")}
    kind = routed.opinion(options(), "", text)["label"] if text.strip() else None
    named = file.name.lower() in said.lower()
    return 4 * len(numbers) + len(words) + 6 * named + 3 * (kind is not None and kind == part.label)


def _text(file: Document) -> str:
    reading: Any = reading_of(file)
    return "\n".join(seen_text(page) for page in reading.pages)[:_LONGEST] if reading else ""


def _words_of(message: Message, part: Part) -> str:
    text = text_of(message.body)
    return "\n\n".join(text[slice(*map(int, span.split("-")))] for span in part.spans)
