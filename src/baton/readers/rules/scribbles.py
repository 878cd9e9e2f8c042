"""What somebody wrote or stamped beside a printed name: a number, a signature, a tick, which is no part of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from baton.readers.layout import Piece, Row
from baton.readers.locales import Words, languages

_CODE = re.compile(r"\W*(?:[A-Z]{0,2}\d{4,}|\d{1,2}/\d{1,2}|[^\W\d_]{1,4}:\d+|[^\w(&]+)\W*")
_UNSURE = 0.8
_MOST = 2  # words at either end
_AFTER_FORM = re.compile(r"\s+[^\s(&]+(?:\s+[^\s(&]+)?\s*$")
_WEAK_FORM = re.compile(r"(?:co|company)\W*$", re.IGNORECASE)


def without_scribbles(row: Row, words: Words) -> Row:
    """The row as printed; its text is shorter where words at its ends are of another hand."""
    numberless = Words(languages()).numberless(row.text)
    pieces = [piece for piece in row.pieces if piece.start < len(numberless)]
    if not pieces:
        return replace(row, text=_to_its_form(numberless.strip(), words))
    for _ in range(_MOST):
        for edge, end in ((0, 1), (-1, -1)):
            rest = pieces[1:] if end == 1 else pieces[:-1]
            if _worded(rest, words) and _is_scribble(pieces[edge], rest, row.text, words):
                pieces = rest
    text = row.text[pieces[0].start : pieces[-1].end] if len(pieces) < len(row.pieces) else row.text
    return replace(row, text=_to_its_form(text, words))


def _worded(pieces: Sequence[Piece], words: Words) -> bool:
    """Whether a name is left: a legal form alone is none."""
    rest = words.pattern("seller", "legal").sub(" ", " ".join(piece.word.text for piece in pieces))
    return bool(re.search(r"[^\W\d_]{3,}", rest))


def _is_scribble(piece: Piece, rest: Sequence[Piece], text: str, words: Words) -> bool:
    said = piece.word.text
    if any(words.pattern("seller", name).search(said) for name in ("legal", "trade", "tail")) or re.match(r"[(&]", said):
        return False
    if _CODE.fullmatch(said):
        return True
    if re.search(r"[^\W\d_]{4,}", said) and not _other_case(said, rest):
        return False
    return _other_case(said, rest) or _other_size(piece, rest) or (_apart(piece, rest, text) and piece.word.confidence < _UNSURE)


def _other_case(said: str, rest: Sequence[Piece]) -> bool:
    """Small letters beside a name in capitals."""
    printed = "".join(piece.word.text for piece in rest)
    capitals, others = sum(map(str.isupper, printed)), sum(map(str.islower, printed))
    return capitals >= 6 and others * 4 <= capitals and sum(map(str.islower, said)) * 2 >= len(said)


def _other_size(piece: Piece, rest: Sequence[Piece]) -> bool:
    usual = median(_height(one) for one in rest)
    return usual > 0 and not 0.6 < _height(piece) / usual < 1.6


def _height(piece: Piece) -> float:
    corners = piece.word.polygon
    return abs(corners[3][1] - corners[0][1]) if len(corners) == 4 else 0.0


def _apart(piece: Piece, rest: Sequence[Piece], text: str) -> bool:
    between = text[piece.end : rest[0].start] if piece.start < rest[0].start else text[rest[-1].end : piece.start]
    return "\t" in between


def _to_its_form(text: str, words: Words) -> str:
    """A company's name ends with its legal form; a word or two behind it on the row are of another hand, or name a building."""
    forms = list(words.pattern("seller", "legal").finditer(text))
    last = forms[-1] if forms else None
    if last is None or last.start() < 4:
        return text
    behind = text[last.end() :]
    housed = words.pattern("seller", "building").search(behind) and not re.search(r"[(&]", behind)
    another = _AFTER_FORM.fullmatch(behind) and not _WEAK_FORM.search(last.group())
    return text[: last.end()] if housed or another else text
