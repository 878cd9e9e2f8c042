"""Serial numbers, receipt numbers and other ids: tokens that stand behind their label."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from baton.readers.layout import Row
from baton.readers.locales import Words

_LINK = r"(?:\s*(?:is|are|ist|lautet|was|war|luidt|:|=|#|\.|-(?=\s)|\())*\s*"
_CODE = r"(?P<id>(?:[A-Z]{1,4} )?[A-Za-z0-9][A-Za-z0-9/_.-]*[A-Za-z0-9])"
_FOREIGN = re.compile(
    r"(?:gst|vat|tax|reg|ust|btw|co|company|tel|phone|member|table|iban|account|customer|cashier|till|pos|kvk|hrb|steuer)"
    r"[\s.:-]*(?:id|reg|no|nr)?[\s.:-]*$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d+[.,]\d{2}|\d{1,2}([-/.])\d{1,2}\1\d{2,4}|\d{4}([-/.])\d{1,2}\2\d{1,2}")


def ids_on(rows: Sequence[Row], labels: str, numbers: str = "", shortest: int = 3) -> Iterator[tuple[Row, int, int]]:
    """Where ids stand behind one of the labels: on the same row, or alone at the head of the next."""
    pattern = _pattern(labels, numbers)
    for index, row in enumerate(rows):
        for match in pattern.finditer(row.text):
            if _FOREIGN.search(row.text[: match.start()]):
                continue
            if match["id"] is not None:
                if _is_id(match["id"], shortest):
                    yield row, match.start("id"), match.end("id")
            elif index + 1 < len(rows):
                below = re.match(rf"\s*:?\s*{_CODE}\s*$", rows[index + 1].text)
                if below and _is_id(below["id"], shortest):
                    yield rows[index + 1], below.start("id"), below.end("id")


@lru_cache(maxsize=256)
def _pattern(labels: str, numbers: str) -> re.Pattern[str]:
    asked = rf"(?:[\s-]*(?:{numbers})|(?=\s*[:#]))" if numbers else ""
    return re.compile(rf"(?<![^\W_])(?:{labels}){asked}{_LINK}(?:(?i:\s)?(?-i:{_CODE})(?![A-Za-z0-9])|$)", re.IGNORECASE)


def _is_id(text: str, shortest: int) -> bool:
    bare = re.sub(r"[^A-Za-z0-9]", "", text)
    return len(bare) >= shortest and any(char.isdigit() for char in bare) and not _PLAIN.fullmatch(text)


def serials(rows: Sequence[Row], words: Words) -> list[tuple[Row, int, int]]:
    """Serial numbers, by their label."""
    return list(ids_on(rows, "|".join(words.list("serial", "labels")), shortest=5))


def receipt_numbers(rows: Sequence[Row], words: Words) -> list[tuple[Row, int, int]]:
    """Receipt and invoice numbers, by their label."""
    labels, numbers = words.list("receipt_number", "labels"), words.list("receipt_number", "number_words")
    return list(ids_on(rows, "|".join(labels), "|".join(numbers)))


def identifiers(rows: Sequence[Row], labels: Sequence[str]) -> list[tuple[Row, int, int]]:
    """Other ids, behind the words that the form says stand near them."""
    return list(ids_on(rows, "|".join(labels))) if labels else []
