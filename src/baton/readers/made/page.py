"""A made-up receipt as OCR would hand it over: words with boxes, some of them misread."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from baton.readers.made.chance import Cell, Slip
from baton.readers.made.receipt import Maker
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.documents import Document, Line, Page, Reading, Word
from baton.types.ids import DocumentId

_SHARES = {"MY": 0.42, "GB": 0.14, "DE": 0.18, "NL": 0.12, "US": 0.14}
_WIDE = 46  # letters in a row
_MISREAD = dict(zip("O01lISB,.e6873", "0Ol1l58.,c8618", strict=True))


@dataclass(frozen=True)
class Made:
    """A made-up receipt: its words, what each of them means (by index), and the values on it."""

    source: Source
    means: dict[int, str]
    truth: dict[str, Json]
    country: str


def made_receipts(count: int, seed: int = 7, misread: bool = False) -> Iterator[Made]:
    """So many receipts; the same seed makes the same ones. With `misread`, OCR may have changed a total or a date too."""
    for number in range(count):
        random = Random(f"{seed}/{number}")
        country = random.choices(list(_SHARES), list(_SHARES.values()))[0]
        yield laid_out(Maker(random, country).slip(), random, DocumentId(f"made-{seed}-{number}"), misread)


def laid_out(slip: Slip, random: Random, id: DocumentId, misread: bool = False) -> Made:
    """The receipt on a page. One in three is read without a slip of OCR; what is to be learned from is read right."""
    careless = random.choice((0.0, 0.004, 0.015))
    wide, high, line = _WIDE * 10.0, len(slip.rows) * 22.0 + 40.0, 22.0
    words: list[Word] = []
    lines: list[Line] = []
    means: dict[int, str] = {}
    big = random.random() < 0.3
    for number, row in enumerate(slip.rows):
        size = 13.0 if not (big and any(cell.means == "seller" for cell in row)) else 18.0
        first = len(words)
        for text, left, meant in _placed(row, size * 0.72, wide):
            if meant:
                means[len(words)] = meant
            seen = _misread(text, careless if misread or meant not in ("total", "date") else 0.0, random)
            words.append(_word(seen, left, 20 + number * line, size, (wide, high), _clear(seen == text, random)))
        lines.append(Line(words=tuple(range(first, len(words)))))
    text = "\n".join(" ".join(words[index].text for index in line.words) for line in lines)
    page = Page(number=1, width=wide, height=high, text=text, words=tuple(words), lines=tuple(lines))
    document = Document(id=id, name=str(id), media_type="image/png", size=0)
    reading = Reading(document=id, how="ocr", reader="made", pages=(page,))
    return Made(Source(document=document, reading=reading, role="receipt"), means, dict(slip.truth), slip.country)


def _placed(row: tuple[Cell, ...], letter: float, wide: float) -> Iterator[tuple[str, float, str]]:
    at = 10.0
    for cell in row:
        length = len(cell.text) * letter
        start = {"left": 10.0, "middle": (wide - length) / 2, "right": wide - 10 - length}.get(cell.place, at + letter)
        at = max(start, at + letter if at > 10 else start)
        for text in cell.text.split():
            yield text, at, cell.means
            at += (len(text) + 1) * letter


def _word(text: str, left: float, top: float, size: float, page: tuple[float, float], clear: float) -> Word:
    right, bottom = left + len(text) * size * 0.72, top + size
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Word(text=text, polygon=tuple((x / page[0], y / page[1]) for x, y in corners), confidence=clear)


def _clear(right: bool, random: Random) -> float:
    """How sure OCR is of a word: less so of most that it misreads."""
    return round(max(0.3, min(1.0, random.gauss(0.98, 0.02) if right else random.gauss(0.82, 0.13))), 3)


def _misread(text: str, careless: float, random: Random) -> str:
    """Letters that OCR takes for others."""
    return "".join(_MISREAD.get(char, char) if random.random() < careless * 2 else char for char in text)
