"""Pages from words, and words from a plain text: every span gives back its word."""

import re
from collections.abc import Sequence

from baton.documents.layout import rows_of
from baton.types.documents import Line, Page, Word


def page_of(
    words: Sequence[Word], *, number: int, width: float, height: float, turned: float = 0.0, papers: Sequence[Sequence[Word]] = ()
) -> Page:
    """A page of words with boxes: lines found, text spelled out line by line, spans set.

    Where the words stand on several papers, each has lines of its own, one paper after the other.

    What nobody sees on the printed page comes last, on lines of its own, so that it never mixes with what is printed.
    """
    seen = [word for word in words if not word.hidden and word.polygon]
    hidden = [word for word in words if word.hidden or not word.polygon]
    rows = [[paper[index] for index in line.words] for paper in papers or [seen] for line in rows_of(paper, width, height)]
    rows += [[hidden[index] for index in line.words] for line in rows_of(hidden, width, height)]
    rows += [[word] for word in hidden if not word.polygon]
    page = _spelled(rows, number=number, width=width, height=height, turned=turned)
    return page.model_copy(update={"papers": len(papers)}) if len(papers) > 1 else page


def page_of_text(text: str, number: int = 1, hidden: Sequence[tuple[int, int]] = ()) -> Page:
    """A page of plain text: the words are its runs of visible characters; `hidden` says which characters nobody sees."""
    words = [
        Word(text=found.group(), span=found.span(), hidden=any(a <= found.start() and found.end() <= b for a, b in hidden))
        for found in re.finditer(r"\S+", text)
    ]
    lines, start = [], 0
    for index, word in enumerate(words):
        if index and "\n" in text[(words[index - 1].span or (0, 0))[1] : (word.span or (0, 0))[0]]:
            lines.append(Line(words=tuple(range(start, index))))
            start = index
    if words:
        lines.append(Line(words=tuple(range(start, len(words)))))
    return Page(number=number, width=0, height=0, text=text, words=tuple(words), lines=tuple(lines))


def _spelled(rows: list[list[Word]], *, number: int, width: float, height: float, turned: float) -> Page:
    words: list[Word] = []
    lines: list[Line] = []
    text = ""
    for row in rows:
        text += "\n" if text else ""
        for place, word in enumerate(row):
            text += " " if place else ""
            words.append(word.model_copy(update={"span": (len(text), len(text) + len(word.text))}))
            text += word.text
        lines.append(Line(words=tuple(range(len(words) - len(row), len(words)))))
    return Page(number=number, width=width, height=height, text=text, words=tuple(words), lines=tuple(lines), turned=turned)


def seen_text(page: Page) -> str:
    """What a reader of the printed page sees, line by line: hidden words left out."""
    if not any(word.hidden for word in page.words):
        return page.text
    rows = ([page.words[index] for index in line.words if not page.words[index].hidden] for line in page.lines)
    return "\n".join(" ".join(word.text for word in row) for row in rows if row)
