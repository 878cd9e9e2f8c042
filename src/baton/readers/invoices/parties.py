"""Who sells and who buys, as an invoice page names them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baton.readers.invoices.stated import Label, Seen, labels_in, over
from baton.readers.invoices.values import accounts_in, vat_ids_in
from baton.readers.invoices.words import pattern
from baton.readers.layout import Row

_NAMED = re.compile(r"(?:^|(?<=\t))(?:name|nom|naam|nombre|nome|firma|company)\s*:\s*(?P<name>[^\t]+)", re.IGNORECASE)
_BESIDE = re.compile(r"\s*:\s*(?P<name>[^\t]+)")
_NO_NAME = re.compile(r"\d{4,}|@|https?:|www\.|[:%€$£]|\b\d+[.,]\d{2}\b")
_BELOW = 4


@dataclass(frozen=True)
class Party:
    """A name with its characters, and how sure it is."""

    name: str
    row: Row
    start: int
    end: int
    sure: float


def party(seen: Seen, asked: str) -> Party | None:
    """The seller or the buyer: behind their heading, else, for the seller, the first company that is not under the buyer's."""
    headed = next(_headed(seen.rows, asked), None)
    if headed or asked == "buyer":
        return headed
    buyer = party(seen, "buyer")
    return max(_companies(seen.rows, buyer), key=lambda one: one.sure, default=None)


def _headed(rows: Sequence[Row], asked: str) -> Iterator[Party]:
    for index, row in enumerate(rows):
        for label in labels_in(row.text):
            if label.asked == asked and not row.text[: label.start].split("\t")[-1].strip():
                yield from _behind(rows, index, label)


def _behind(rows: Sequence[Row], index: int, label: Label) -> Iterator[Party]:
    """The name behind a heading and a colon, else below the heading where that fills its cell."""
    row = rows[index]
    match = _BESIDE.match(row.text, label.end)
    if match and _is_name(match["name"]):
        yield Party(match["name"], row, match.start("name"), match.end("name"), 0.8)
    elif not row.text[label.end :].split("\t")[0].strip(" :"):
        yield from _under(rows, index, label.start, label.end)


def _under(rows: Sequence[Row], index: int, start: int, end: int) -> Iterator[Party]:
    """The first row below that is a name; rows such as `number: 17` are passed over, `name: X` is taken at its word."""
    row = rows[index]
    for under in rows[index + 1 : index + 1 + _BELOW]:
        for named in (one for one in _NAMED.finditer(under.text) if _is_name(one["name"])):
            if row.pieces and not over(row, start, end, under, *named.span()):
                continue
            yield Party(named["name"], under, named.start("name"), named.end("name"), 0.85)
            return
        for left, right in _cells(under.text):
            beside = bool(row.pieces) and not over(row, start, end, under, left, right)
            text = under.text[left:right].strip()
            if under.page == row.page and not beside and _is_name(text) and not _is_label(text):
                yield Party(text, under, left, left + len(text), 0.7)
                return


def _companies(rows: Sequence[Row], buyer: Party | None) -> Iterator[Party]:
    """Names with a legal form; a VAT id or an account near them says that they sell, the head of the page too."""
    legal = pattern("names", "legal")
    for index, row in enumerate(rows):
        for left, right in _cells(row.text):
            text = re.split(r"\s[-–●•|·]\s", row.text[left:right])[0].strip()
            found = list(legal.finditer(text))
            if not found or not _is_name(text) or len(text.split()) < 2 or (buyer and text == buyer.name):
                continue
            near = " ".join(one.text for one in rows[max(index - 3, 0) : index + 6])
            sure = 0.45 + 0.15 * bool(vat_ids_in(near) or accounts_in(near)) + 0.15 * (index < 4) - 0.002 * min(index, 50)
            yield Party(text, row, left, left + len(text), sure)


def _is_label(text: str) -> bool:
    return any(label.end - label.start > 0.7 * len(text) and not label.weak for label in labels_in(text))


def _is_name(text: str) -> bool:
    return 2 < len(text) < 70 and bool(re.search(r"[^\W\d_]{2}", text)) and not _NO_NAME.search(text)


def _cells(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\t]+", text):
        yield match.span()
