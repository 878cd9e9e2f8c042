"""Word documents for tests: a claim with a table, a head and a foot, hidden words, and pictures."""

import io
from collections.abc import Sequence

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor


def claim(*, pictures: Sequence[bytes] = (), hidden: str = "", white: str = "", tiny: str = "") -> bytes:
    """A letter that claims a refund."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "KITCHEN WORLD LTD"
    document.sections[0].footer.paragraphs[0].text = "Registered in England 0077413"
    document.add_paragraph("Dear team,")
    paragraph = document.add_paragraph("my order ")
    paragraph.add_run("SO-1001").bold = True
    paragraph.add_run(" broke.")
    for text, look in ((hidden, _vanish), (white, _whiten), (tiny, _shrink)):
        if text:
            look(paragraph.add_run(f" {text}"))
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Item", "Paid"), ("Toaster", "45.00 EUR")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for picture in pictures:
        document.add_picture(io.BytesIO(picture))
    return saved(document)


def dark_table() -> bytes:
    """White words on a dark cell, which everybody sees."""
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    shade = OxmlElement("w:shd")
    shade.set(qn("w:fill"), "203040")
    cell._tc.get_or_add_tcPr().append(shade)
    _whiten(cell.paragraphs[0].add_run("Invoice 4711"))
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _vanish(run: docx.text.run.Run) -> None:
    run.font.hidden = True


def _whiten(run: docx.text.run.Run) -> None:
    run.font.color.rgb = RGBColor(255, 255, 255)


def _shrink(run: docx.text.run.Run) -> None:
    run.font.size = Pt(1)
