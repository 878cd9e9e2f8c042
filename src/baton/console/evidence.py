"""What a case's findings rest on: each field with its readings, each document with the places that carry them."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Text, bindparam, cast, select

from baton.cases import tables
from baton.console.bench import Bench
from baton.console.i18n import spoken
from baton.console.shown import Crop, Field, Mark, Paper, Piece, Proof, Sheet, Shown, State
from baton.console.wording import said, words
from baton.documents.read import read_document
from baton.errors import BatonError
from baton.store.lookup import column, look_up
from baton.types.documents import Document, Message, Page, Point, Reading
from baton.types.findings import Evidence, FieldFinding, Keyed
from baton.types.ids import CaseId

_LONGEST_TEXT = 20_000
_MOST_PAGES = 40
_CASE: BindParameter[str] = bindparam("case")
_FINDINGS = select(tables.finding.c.form, cast(tables.finding.c.body, Text).label("body"))
_FINDINGS = _FINDINGS.where(tables.finding.c.case == _CASE).order_by(tables.finding.c.position)
_MESSAGES = select(cast(tables.message.c.body, Text)).where(tables.message.c.case == _CASE).order_by(tables.message.c.at)


def evidence(bench: Bench, connection: Connection, case: CaseId, rests_on: Sequence[str] = ()) -> Shown:
    """Fields with those in dispute first, and documents with those that carry them first."""
    found = tuple((row.form, row.body) for row in look_up(connection, _FINDINGS, {"case": case}))
    texts = tuple(column(connection, _MESSAGES, {"case": case}))
    readings = {one.id: _reading(bench, one) for one in _documents(texts).values()}
    return _shown(found, texts, _Readings(readings), tuple(rests_on), spoken())


class _Readings:
    """What was read in documents: the same as before only where it is the very same."""

    def __init__(self, readings: dict[Any, Reading | None]) -> None:
        self.found = {id: reading for id, reading in readings.items() if reading}
        self._known = tuple(readings.values())

    def __hash__(self) -> int:
        return hash(tuple(id(one) for one in self._known))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Readings) or len(other._known) != len(self._known):
            return False
        return all(one is another for one, another in zip(self._known, other._known, strict=True))


@lru_cache(maxsize=1024)
def _message(text: str) -> Message:
    return Message.model_validate_json(text)


def _documents(texts: Sequence[str]) -> dict[Any, Document]:
    messages = [_message(text) for text in texts]
    return {one.id: one for message in messages for one in (*message.attachments, message.body)}


@lru_cache(maxsize=256)
def _shown(
    bodies: tuple[tuple[str, str], ...], texts: tuple[str, ...], readings: _Readings, rests_on: tuple[str, ...], language: str
) -> Shown:
    """Laid out once for the same findings, messages and readings: whoever looks again, or polls, finds it there."""
    found: dict[str, dict[str, Any]] = {form: json.loads(body) for form, body in bodies}
    messages = [_message(text) for text in texts]
    look = _Look(_documents(texts), readings.found, {message.body.id for message in messages})
    everything = [FieldFinding.model_validate(field) for body in found.values() for field in body["fields"]]
    fields = [look.field(one, rests_on) for one in everything if not (one.agreement == "missing" and one.name not in rests_on)]
    notes = tuple(dict.fromkeys(note for body in found.values() for note in body.get("notes", ())))
    return Shown(
        fields=tuple(sorted(fields, key=lambda one: (one.state != "open", not one.weighs, one.state == "missing"))),
        papers=tuple(look.papers(messages, everything)),
        notes=notes,
        suspicious=any(body.get("instruction_like_text") for body in found.values()),
    )


def _reading(bench: Bench, document: Document) -> Reading | None:
    """What was read in it; a text is read at once where it was not yet, which takes no time."""
    known = bench.documents.reading(document.id)
    if known or not document.media_type.startswith("text/"):
        return known
    try:
        return read_document(document, bench.documents)
    except BatonError:
        return None


class _Look:
    def __init__(self, documents: dict[Any, Document], readings: dict[Any, Reading], bodies: set[Any]) -> None:
        self._documents, self._readings, self._bodies = documents, readings, bodies

    def field(self, found: FieldFinding, rests_on: Sequence[str]) -> Field:
        """The field with every reading that differs, each with its proof."""
        in_dispute = found.agreement == "disputed"
        distinct: dict[str, Keyed] = {}
        for keyed in found.readings if in_dispute else ():
            if keyed.value is not None:
                distinct.setdefault(said(keyed.value), keyed)
        state: State = "open" if in_dispute else "missing" if found.agreement == "missing" else "agreed"
        return Field(
            name=found.name,
            label=words(found.name),
            value=said(found.value),
            note=self._note(found),
            state=state,
            weighs=found.name in rests_on,
            readings=tuple(self._reading(value, keyed) for value, keyed in distinct.items()),
            detail=f"{found.agreement}, {round(found.confidence * 100)} %",
        )

    def _note(self, found: FieldFinding) -> str:
        if found.evidence is None:
            return ""
        printed = " ".join(found.evidence.text.split())
        return f"“{printed}”" if printed and len(printed) < 60 and printed != said(found.value) else ""

    def _reading(self, value: str, keyed: Keyed) -> Proof:
        if keyed.evidence is None:
            return Proof(value=value, source=keyed.reader)
        document = self._documents.get(keyed.evidence.document)
        crop = self._crop(keyed.evidence)
        return Proof(
            value=value,
            source=document.name if document else keyed.reader,
            document=keyed.evidence.document,
            crop=crop,
            quote=None if crop else self._quote(keyed.evidence),
        )

    def _page(self, evidence: Evidence) -> Page | None:
        reading = self._readings.get(evidence.document)
        return next((page for page in reading.pages if page.number == evidence.page), None) if reading else None

    def _crop(self, evidence: Evidence) -> Crop | None:
        page = self._page(evidence)
        if page is None or not page.width or not evidence.polygons:
            return None
        ratio = 1000 * page.height / page.width
        xs = [1000 * x for polygon in evidence.polygons for x, _ in polygon]
        ys = [ratio * y for polygon in evidence.polygons for _, y in polygon]
        high = max(ys) - min(ys)
        x, y = max(min(xs) - 2 * high, 0), max(min(ys) - 0.6 * high, 0)
        width = min(max(xs) - x + 2 * high, 1000 - x)
        return Crop(document=evidence.document, page=page.number, x=x, y=y, width=width, height=high * 2.2, ratio=ratio)

    def _quote(self, evidence: Evidence) -> tuple[str, str, str] | None:
        page = self._page(evidence)
        if page is None or evidence.span is None:
            return ("", evidence.text, "") if evidence.text else None
        start, end = evidence.span
        before, after = page.text[max(start - 60, 0) : start], page.text[end : end + 40]
        return (" ".join(before.split()), page.text[start:end], " ".join(after.split()))

    def papers(self, messages: Sequence[Message], fields: Sequence[FieldFinding]) -> Iterator[Paper]:
        """Attachments that carry a field, then messages, then the rest."""
        carry = {one.evidence.document for one in fields if one.evidence} | {
            keyed.evidence.document for one in fields for keyed in one.readings if keyed.evidence
        }
        weight = {id: sum(1 for one in fields if one.evidence and one.evidence.document == id) for id in self._documents}
        order = sorted(
            self._documents, key=lambda id: (id not in carry or id in self._bodies, id not in self._bodies, -weight[id])
        )
        for id in order:
            yield self._paper(self._documents[id], fields)

    def _paper(self, document: Document, fields: Sequence[FieldFinding]) -> Paper:
        reading = self._readings.get(document.id)
        pages = reading.pages[:_MOST_PAGES] if reading else ()
        pictured = bool(pages and pages[0].width)
        about = {"id": document.id, "name": document.name, "media_type": document.media_type, "size": document.size}
        problem = (reading.problem or "") if reading else ""
        if document.id in self._bodies or (pages and not pictured):
            text = "\n\n".join(page.text for page in pages)[:_LONGEST_TEXT]
            cut = bool(reading and sum(len(page.text) for page in reading.pages) > _LONGEST_TEXT)
            pieces = tuple(_pieces(text, list(self._spans(document.id, fields))))
            kind: Literal["message", "text"] = "message" if document.id in self._bodies else "text"
            return Paper(kind=kind, problem=problem, pieces=pieces, cut=cut, **about)  # type: ignore[arg-type]  # four plain fields
        if not pages:
            pages = tuple(self._unread(document.id, fields))
            pictured = bool(pages)
        if pictured:
            sheets = tuple(self._sheet(page, document.id, fields) for page in pages)
            cut = bool(reading and len(reading.pages) > _MOST_PAGES)
            return Paper(kind="pages", problem=problem, sheets=sheets, cut=cut, **about)  # type: ignore[arg-type]  # four plain fields
        kind_: Literal["picture", "other"] = "picture" if document.media_type.startswith("image/") else "other"
        return Paper(kind=kind_, problem=problem, **about)  # type: ignore[arg-type]  # four plain fields

    def _unread(self, document: str, fields: Sequence[FieldFinding]) -> Iterator[Page]:
        """Pages that evidence names and whose reading is not kept any more: their size is the picture's own."""
        numbers = {place.page for _, place in self._places(fields) if place.document == document and place.polygons}
        for number in sorted(numbers):
            yield Page(number=number, width=1000, height=1000, text="", words=(), lines=())

    def _places(self, fields: Sequence[FieldFinding]) -> Iterator[tuple[FieldFinding, Evidence]]:
        for one in fields:
            seen = [keyed.evidence for keyed in one.readings if keyed.evidence] if one.agreement == "disputed" else []
            yield from ((one, place) for place in dict.fromkeys(filter(None, (one.evidence, *seen))))

    def _spans(self, document: str, fields: Sequence[FieldFinding]) -> Iterator[tuple[int, int, FieldFinding]]:
        for one, place in self._places(fields):
            if place.document == document and place.span and place.page == 1:
                yield (*place.span, one)

    def _sheet(self, page: Page, document: str, fields: Sequence[FieldFinding]) -> Sheet:
        ratio = 1000 * page.height / page.width
        marks = []
        for one, place in self._places(fields):
            if place.document != document or place.page != page.number:
                continue
            for polygon in _runs(place.polygons):
                points = [(round(1000 * x, 1), round(ratio * y, 1)) for x, y in polygon]
                corners = " ".join(f"{x},{y}" for x, y in points)
                x, y = max(px for px, _ in points), sum(py for _, py in points) / len(points)
                marks.append(
                    Mark(field=one.name, label=words(one.name), points=corners, x=x, y=y, open=one.agreement == "disputed")
                )
        return Sheet(
            number=page.number,
            ratio=ratio,
            width=round(page.width),
            height=round(page.height) if page.lines or page.text else 0,
            marks=tuple(marks),
        )


def _runs(polygons: Sequence[tuple[Point, ...]]) -> Iterator[tuple[Point, ...]]:
    """Words that stand beside each other on one line become one polygon, turned as they are turned."""
    run: list[tuple[Point, ...]] = []
    for polygon in polygons:
        if len(polygon) != 4:
            continue
        if run and not _beside(run[-1], polygon):
            yield _around(run)
            run = []
        run.append(polygon)
    if run:
        yield _around(run)


def _beside(left: tuple[Point, ...], right: tuple[Point, ...]) -> bool:
    high = max(abs(left[3][1] - left[0][1]), abs(left[2][1] - left[1][1]), 0.002)
    return abs(left[1][1] - right[0][1]) < 0.7 * high and -high < right[0][0] - left[1][0] < 5 * high


def _around(run: list[tuple[Point, ...]]) -> tuple[Point, ...]:
    """The first word's left side and the last one's right side, a little wider than the letters."""
    a, b, c, d = run[0][0], run[-1][1], run[-1][2], run[0][3]
    more = 0.0025
    return (a[0] - more, a[1] - more), (b[0] + more, b[1] - more), (c[0] + more, c[1] + more), (d[0] - more, d[1] + more)


def _pieces(text: str, spans: list[tuple[int, int, FieldFinding]]) -> Iterator[Piece]:
    """The text in stretches, those marked that carry a field; where two overlap, the first is marked."""
    at = 0
    for start, end, one in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at or end > len(text):
            continue
        if text[at:start]:
            yield Piece(text=text[at:start])
        yield Piece(text=text[start:end], field=one.name, label=words(one.name), open=one.agreement == "disputed")
        at = end
    if text[at:]:
        yield Piece(text=text[at:])
