"""One mail that asks several things becomes several requests, each with its place in the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from baton.routing.router import Route, Router
from baton.routing.wrote import Span, own_spans
from baton.types.frozen import Frozen

_ENTRY = re.compile(r"[ \t]*(?:[-*•–][ \t]+|\(?[0-9a-h][.)][ \t]+)", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])[ \t]*\n|(?<=[!?])[ \t]+"
    r"|(?<![\d.\s]\w)(?<!\bNr)(?<!\bNo)(?<!\bno)\.[ \t]+(?=[^\W\da-z_]|[¿¡])"
)
_BESIDES = re.compile(
    r"[ \t]*(?:p\.? ?s\.?\b|also\b|besides\b|in addition|additionally|furthermore|moreover|(?:and )?another (?:thing|matter"
    r"|question|point)"
    r"|(?:one|two) more thing|on another (?:note|matter)|by the way|separately|apart from that|(?:and )?second(?:ly)?\b,?"
    r"|finally,|lastly"
    r"|außerdem|zudem|des weiteren|weiterhin|darüber hinaus|übrigens|zweitens|noch etwas|eine weitere (?:frage|sache)"
    r"|und noch|davon abgesehen|nebenbei"
    r"|además|por otr[oa] (?:lado|parte)|otra (?:cosa|cuestión|pregunta)|asimismo|en segundo lugar|aparte de eso|por cierto"
    r"|de paso|también)",
    re.IGNORECASE,
)
_ALONE = 0.8
"""How sure a paragraph must be to ask for something else than the one before it."""
_INTRODUCED = 0.5
"""How sure it must be where the writer says so: `also`, `by the way`, an item of a list."""
_FEW_LETTERS = 12


class Request(Frozen):
    """One thing that a mail asks for."""

    text: str
    spans: tuple[Span, ...] = Field(description="its parts: first and one-past-last character in the mail's text")
    route: Route


@dataclass(frozen=True)
class _Part:
    """A paragraph, an item of a list, or a sentence that begins something else."""

    span: Span
    introduced: bool


def split(text: str, router: Router) -> list[Request]:
    """What a mail asks for, in order; one request where nothing clearly asks for another kind of work, none for no text."""
    parts = list(_parts(text))
    if not parts:
        return []
    whole = "\n\n".join(text[slice(*part.span)] for part in parts)
    routes = router.routes([text[slice(*part.span)] for part in parts], quoting=False) if len(parts) > 1 else []
    groups = _groups(parts, routes, router) if routes else [parts]
    if len(groups) == 1:
        return [Request(text=whole, spans=tuple(part.span for part in parts), route=router.route(whole))]
    texts = ["\n\n".join(text[slice(*part.span)] for part in group) for group in groups]
    return [
        Request(text=said, spans=tuple(part.span for part in group), route=route)
        for group, said, route in zip(groups, texts, router.routes(texts), strict=True)
    ]


def _groups(parts: Sequence[_Part], routes: Sequence[Route], router: Router) -> list[list[_Part]]:
    """Parts that belong to one request together; what does not tell belongs to the request before it, or the first."""
    groups: list[tuple[str | None, list[_Part]]] = []
    for part, route in zip(parts, routes, strict=True):
        kind = _asked_for(part, route, router)
        if not groups:
            groups.append((kind, [part]))
        elif kind is None or kind == groups[-1][0]:
            groups[-1][1].append(part)
        elif groups[-1][0] is None:
            groups[-1] = (kind, [*groups[-1][1], part])
        else:
            known = next((group for group in groups if group[0] == kind), None)
            known[1].append(part) if known else groups.append((kind, [part]))
    return [group for _, group in groups]


def _asked_for(part: _Part, route: Route, router: Router) -> str | None:
    """The kind that this part asks for by itself; None where it only tells more."""
    if route.kind is None or part.span[1] - part.span[0] < _FEW_LETTERS:
        return None
    known = router.learnt.kinds[route.kind]
    if known.aside or not known.process:
        # Said in passing, thanks and questions belong to what they are said about, unless set apart by their writer.
        return route.kind if part.introduced and known.aside and route.confidence >= _ALONE else None
    return route.kind if route.confidence >= (_INTRODUCED if part.introduced else _ALONE) else None


def _parts(text: str) -> Iterator[_Part]:
    for start, end in own_spans(text):
        yield from _entries(text, start, end)


def _entries(text: str, start: int, end: int) -> Iterator[_Part]:
    """A paragraph, cut where an item of a list begins and where a sentence says that it is about something else."""
    cuts = {start: bool(_ENTRY.match(text, start) or _BESIDES.match(text, start))}
    for line in _LINE.finditer(text, start, end):
        if _ENTRY.match(text, line.start(), end):
            cuts[line.start()] = True
    for stop in _SENTENCE_END.finditer(text, start, end):
        if _BESIDES.match(text, stop.end(), end):
            cuts[stop.end()] = True
    places = sorted(cuts)
    for first, last in zip(places, [*places[1:], end], strict=True):
        bare = text[first:last].rstrip()
        if bare.strip():
            yield _Part((first + len(bare) - len(bare.lstrip()), first + len(bare)), cuts[first])
