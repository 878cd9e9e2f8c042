"""Scanned receipts of shops and restaurants (SROIE): seller, address, date and total."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date as Date  # a field of the form is called `date`
from pathlib import Path
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel

from baton.documents.layout import rows_of
from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.readers.dates import bare_dates, dates_in
from baton.readers.fields import Address, ReadAs, ReceiptTotal, Seller
from baton.readers.locales import Words
from baton.readers.reader import Reader, Source
from baton.readers.rules import RulesReader
from baton.types.documents import Document, Page, Reading, Word
from benchmarks.reading.items import Labelled, Truth, half_of
from benchmarks.reading.learned import taught

NAME = "sroie_receipts"


class Receipt(BaseModel):
    """What the labels of this set say."""

    seller: Seller | None = None
    address: Address | None = None
    date: Annotated[Date, ReadAs("date")] | None = None
    total: ReceiptTotal | None = None


FORM = Receipt


def documents(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str) -> Iterator[Labelled]:
    """Receipts of one half with their words: those with an image when OCR is to read them."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    chosen = [item for item in items if half in ("all", half_of(item["ground_truth"]["company"]))]
    chosen = [item for item in chosen if words == "given" or item["image"]]
    Random(seed).shuffle(chosen)
    for item in chosen[:limit]:
        start = time.perf_counter()
        source = _given(item) if words == "given" else _seen(folder, item, store)
        label = item["ground_truth"]
        yield Labelled(item["id"], label["company"], (source,), _truth(label), 1, time.perf_counter() - start)


def training(folder: Path, store: FolderStore, seed: int, words: str) -> Iterator[Labelled]:
    """The calibration half: by OCR where there is an image and OCR is asked for, else in the words that the set brings."""
    seen = list(documents(folder, store, "calibration", None, seed, "ocr")) if words == "ocr" else []
    known = {one.id for one in seen}
    yield from seen
    yield from (one for one in documents(folder, store, "calibration", None, seed, "given") if one.id not in known)


def readers(trained_on: Sequence[Labelled]) -> Sequence[Reader]:
    """Rules, and a token reader that learned from these documents besides the made-up ones."""
    return [RulesReader(), taught(FORM, trained_on)] if trained_on else ()


def _truth(label: dict[str, str]) -> dict[str, Truth]:
    """A few receipts lack one of the labels."""
    values = {
        "seller": (label.get("company"), label.get("company")),
        "address": (label.get("address"), label.get("address")),
        "date": (label.get("date"), _day(label.get("date", ""))),
        "total": (label.get("total"), re.sub(r"[^\d.,-]", "", label.get("total", ""))),
    }
    return {name: Truth(printed, value) for name, (printed, value) in values.items() if printed}


def _day(text: str) -> str | None:
    found = dates_in(f"{text} 10:10", Words(("en", "ms")), "dmy", compact=True) or bare_dates(text)
    return found[0].readings[0].isoformat() if found else None


def _seen(folder: Path, item: dict[str, Any], store: FolderStore) -> Source:
    path = folder / item["image"]
    document = store.put(path.read_bytes(), path.name, "image/jpeg")
    return Source(document=document, reading=read_document(document, store), role="receipt")


def _given(item: dict[str, Any]) -> Source:
    """The words that people typed for the set, each line's box divided among its words."""
    lines = [line.split(",", 8) for line in item["boxes_csv"].strip().split("\n")]
    wide, high = (max(float(part) for line in lines for part in line[axis:8:2]) for axis in (0, 1))
    words = [word for line in lines for word in _words([float(part) for part in line[:8]], line[8], wide, high)]
    text = "\n".join(line[8] for line in lines)
    page = Page(number=1, width=wide, height=high, text=text, words=tuple(words), lines=tuple(rows_of(words, wide, high)))
    document = Document(id=item["id"], name=item["id"], media_type="image/jpeg", size=0)
    reading = Reading(document=document.id, how="ocr", reader="people", pages=(page,))
    return Source(document=document, reading=reading, role="receipt")


def _words(box: Sequence[float], text: str, wide: float, high: float) -> Iterator[Word]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = zip(box[::2], box[1::2], strict=True)
    for match in re.finditer(r"\S+", text):
        a, b = match.start() / len(text), match.end() / len(text)
        corners = [(x0, y0, x1, y1, a), (x0, y0, x1, y1, b), (x3, y3, x2, y2, b), (x3, y3, x2, y2, a)]
        polygon = tuple(((l + (r - l) * part) / wide, (t + (u - t) * part) / high) for l, t, r, u, part in corners)  # noqa: E741
        yield Word(text=match.group(), polygon=polygon)
