"""The explanation of a decision as a PDF of one page, to hand on or to file; tagged, so that it can be read aloud."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from baton.console.decisionview import DecisionLook
from baton.console.i18n import _, spoken
from baton.console.tagged import Role, Tags
from baton.console.told import Read
from baton.console.wording import agent, words

_INK, _GREY = HexColor("#1b1c1a"), HexColor("#55574f")
_WIDTH, _TOP, _BOTTOM = A4[0] - 40 * mm, A4[1] - 20 * mm, 26 * mm
_ROLES: dict[str, Role] = {"title": "H1", "head": "H2", "item": "LI"}
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)


def one_page(look: DecisionLook, by: str, at: datetime) -> bytes:
    """The page, in the largest type in which it fits; what does not fit at all is counted at its end."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True, lang=spoken())
    _fonts()
    canvas.setTitle(f"{look.row.id}: {look.title}")
    canvas.setAuthor("Baton")
    canvas.setSubject(_("Why this was decided so, made from the record alone"))
    tags = Tags(canvas)
    _lay(canvas, tags, _fitting(list(_lines(look))))
    _foot(canvas, tags, look, by, at)
    canvas.showPage()
    tags.close()
    canvas.save()
    return file.getvalue()


def _lines(look: DecisionLook) -> Iterator[tuple[str, str]]:
    """What the page says: each line with its kind."""
    row = look.row
    who = look.names.get(row.by.id) or agent(row.by.id)
    yield "quiet", f"{row.id} · {row.case or ''} · {row.at:%Y-%m-%d %H:%M:%S} UTC"
    yield "title", look.title
    yield "plain", f"{words(row.kind)}: {words(row.outcome)} · {who}" + (f" ({', '.join(row.by.roles)})" if row.by.roles else "")
    yield "plain", look.summary
    for section in look.sections:
        yield "head", section.title
        yield from (("item", line) for line in section.lines)
    if look.fields:
        yield "head", _("What was read, and where")
        yield "plain", "; ".join(f"{one.label} {one.value}{_where(one)}" for one in look.fields)
    if look.facts:
        yield "head", _("Facts")
        yield "plain", "; ".join(f"{one.label} {one.value}{' (!)' if one.failed else ''}" for one in look.facts)
    if look.rules:
        yield "head", _("Rules, as they stood then")
        yield from (("item", f"{one.id}: {one.reason}") for one in look.rules)
    if look.changes:
        yield "head", _("What would have changed it")
        for change in look.changes:
            needs = "; ".join(f"{need.now} → {need.op} {need.value}" for need in change.needs)
            yield "item", f"{change.clause.words}{f': {needs}' if needs else ''} [{change.clause.policy}]"
    if look.answers:
        yield "head", _("People")
        for one in look.answers:
            said = one.reason or one.code
            yield "item", f"{one.name}: {words(one.outcome)}{f', “{said}”' if said else ''} ({one.at:%Y-%m-%d %H:%M} UTC)"


def _where(read: Read) -> str:
    return (
        f" ({read.place.name or read.place.document[:12]}, {_('page %(page)s') % {'page': read.place.page}})"
        if read.place
        else ""
    )


def _fitting(lines: list[tuple[str, str]]) -> list[Paragraph]:
    room = _TOP - _BOTTOM
    for size in _SIZES:
        made = [_paragraph(kind, text, size) for kind, text in lines]
        if sum(_height(one) for one in made) <= room:
            return made
    kept: list[Paragraph] = []
    last = _paragraph("quiet", _("%(count)s more lines stand on the decision’s page.") % {"count": len(lines)}, _SIZES[-1])
    for one in made:
        if sum(_height(other) for other in (*kept, one, last)) > room:
            break
        kept.append(one)
    left = {"count": len(lines) - len(kept)}
    return [*kept, _paragraph("quiet", _("%(count)s more lines stand on the decision’s page.") % left, _SIZES[-1])]


def _paragraph(kind: str, text: str, size: float) -> Paragraph:
    heading = kind in ("title", "head")
    style = ParagraphStyle(
        kind,
        fontName="VeraBd" if heading else "Vera",
        fontSize=size * (1.5 if kind == "title" else 1),
        leading=size * (1.9 if kind == "title" else 1.4),
        spaceBefore=size * (0.9 if kind == "head" else 0.2),
        leftIndent=9 if kind == "item" else 0,
        bulletIndent=1,
        textColor=_GREY if kind == "quiet" else _INK,
        splitLongWords=1,
    )
    return Paragraph(escape(_spellable(text)), style, bulletText="–" if kind == "item" else None)


def _height(one: Paragraph) -> float:
    return float(one.wrap(_WIDTH, A4[1])[1] + one.style.spaceBefore)


def _lay(canvas: Canvas, tags: Tags, made: list[Paragraph]) -> None:
    y = _TOP
    for one in made:
        height = one.wrap(_WIDTH, A4[1])[1]
        y -= height + one.style.spaceBefore
        with tags.tag(_ROLES.get(one.style.name, "P")):
            one.drawOn(canvas, 20 * mm, y)


def _foot(canvas: Canvas, tags: Tags, look: DecisionLook, by: str, at: datetime) -> None:
    record = look.record
    lines = [_("Printed by %(name)s, %(at)s. The ledger is the record.") % {"name": by, "at": f"{at:%Y-%m-%d %H:%M} UTC"}]
    if record:
        place = {"position": record.inclusion.position, "size": record.inclusion.size}
        root = {"leaf": record.inclusion.leaf.hex(), "root": record.inclusion.root.hex()}
        lines = [_("Entry %(position)s of %(size)s") % place, *(f"{name} {value}" for name, value in root.items()), *lines]
    canvas.setFillColor(_GREY)
    canvas.setFont("Vera", 6.5)
    for number, line in enumerate(lines):
        with tags.tag("P"):
            canvas.drawString(20 * mm, 20 * mm - number * 9, _spellable(line))


@cache
def _fonts() -> None:
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _spellable(text: str) -> str:
    """The text in letters that the font has: an accent that it lacks is dropped, never the letter."""
    _fonts()
    known = pdfmetrics.getFont("Vera").face.charToGlyph

    def letter(one: str) -> str:
        if ord(one) in known or one == "\n":
            return one
        return "".join(part for part in unicodedata.normalize("NFKD", one) if ord(part) in known) or "?"

    return "".join(letter(one) for one in text)
