"""Orders, contracts and invoices for political advertising, as stations filed them: number, advertiser, gross, flight dates."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from rapidfuzz.distance import Levenshtein

from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.documents.text import page_of_text
from baton.readers.dates import dates_in
from baton.readers.fields import Field
from baton.readers.locales import Words
from baton.readers.normalise import squeeze
from baton.readers.orders.forms import Booking
from baton.readers.orders.lessons import Example, learn
from baton.readers.orders.rules import OrderRules
from baton.readers.reader import Reader, Source
from baton.types.canonical import Json
from baton.types.documents import Document, Reading
from benchmarks.reading.items import Labelled, Truth, half_of
from benchmarks.reading.measure import matches as as_typed

NAME: Final = "fcc_adbuy_invoices_orders"
FORM: Final = Booking
_LABELS: Final = {
    "contract_number": "contract_num",
    "advertiser": "advertiser",
    "gross_amount": "gross_amount",
    "starts": "flight_from",
    "ends": "flight_to",
}
_EXAMPLES: Final[dict[str, Example]] = {}
_CALL_SIGN: Final = re.compile(r"(?<![A-Za-z])[KW][A-Z]{3}(?![a-z])")
_REVISION: Final = re.compile(r"\s*(?:/\s*\d{1,2}|\(?rev\.?\s*\d+\)?)\s*$", re.IGNORECASE)
_CODE: Final = re.compile(r"\s*\(\d+\)?|\s*\($")


def documents(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str) -> Iterator[Labelled]:
    """Forms of one half: those that bring their PDF, or with `given` words all of them, as the text in the file runs."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    chosen = [item for item in items if half in ("all", half_of(station_of(item)))]
    chosen = [item for item in chosen if item["text_layer" if words == "given" else "pdf"]]
    Random(seed).shuffle(chosen)
    for item in chosen[:limit]:
        start = time.perf_counter()
        source = _given(item) if words == "given" else _seen(folder, item, store)
        pages = max(len(source.reading.pages), 1)
        yield Labelled(item["id"], station_of(item), (source,), _truth(item["ground_truth"]), pages, time.perf_counter() - start)


def readers(trained_on: Sequence[Labelled]) -> Sequence[Reader]:
    """The rules alone; with documents to learn from, a second reader that learned from them."""
    if not trained_on:
        return (OrderRules(),)
    return (OrderRules(), learn(Booking, [_example(document) for document in trained_on]))


def _example(document: Labelled) -> Example:
    """The same example each time: what it shows is worked out once."""
    if document.id not in _EXAMPLES:
        accepts = partial(_accepts, document)
        _EXAMPLES[document.id] = Example(document.sources, frozenset(document.truth), accepts)
    return _EXAMPLES[document.id]


def _accepts(document: Labelled, field: Field, value: Json) -> bool:
    return matches(field, value, document.truth[field.name])


def matches(field: Field, found: Json, truth: Truth) -> bool:
    """Type-aware. A number is the same with its revision, a name with the number that the station gave it."""
    if found is None:
        return False
    match field.name:
        case "contract_number":
            return squeeze(_REVISION.sub("", str(found))) == squeeze(_REVISION.sub("", str(truth.value)))
        case "advertiser":
            one, other = (squeeze(_CODE.sub("", str(name))) for name in (found, truth.value))
            return bool(one) and (_is_near(one, other) or _is_cut(one, other))
        case _:
            return as_typed(field, found, truth)


def _is_near(one: str, other: str) -> bool:
    return Levenshtein.distance(one, other) <= max(len(one), len(other)) // 10


def _is_cut(one: str, other: str) -> bool:
    """Forms cut long names off; the labels sometimes go on."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and len(shorter) >= 0.75 * len(longer)


def station_of(item: dict[str, Any]) -> str:
    """The call sign that stands most often in the form; the form's own id where none does."""
    found = Counter(_CALL_SIGN.findall(f"{item['title']} {item['text_layer'] or ''}")).most_common(1)
    return str(found[0][0] if found else item["id"])


def _truth(label: dict[str, str]) -> dict[str, Truth]:
    """An empty label is no label, and a date that ends in the middle of its year is none."""
    found = {name: Truth(label[key], _value(name, label[key].strip())) for name, key in _LABELS.items() if label.get(key)}
    return {name: truth for name, truth in found.items() if truth.value is not None}


def _value(name: str, printed: str) -> Json:
    if name in ("starts", "ends"):
        dates = dates_in(printed, Words(("en",)), "mdy")
        return dates[0].readings[0].isoformat() if dates else None
    return _amount(printed) if name == "gross_amount" else printed


def _amount(printed: str) -> str:
    """An amount with two decimals, as some labels leave them out or off."""
    bare = re.sub(r"[^\d.-]", "", printed)
    return f"{Decimal(bare):.2f}" if re.fullmatch(r"-?\d+(\.\d+)?", bare) else printed


def _seen(folder: Path, item: dict[str, Any], store: FolderStore) -> Source:
    path = folder / item["pdf"]
    document = store.put(path.read_bytes(), path.name, "application/pdf")
    return Source(document=document, reading=read_document(document, store))


def _given(item: dict[str, Any]) -> Source:
    """The text layer as the set brings it: one page, in the order of the file."""
    document = Document(id=item["id"], name=item["title"], media_type="text/plain", size=0)
    reading = Reading(document=document.id, how="text_layer", reader="pymupdf", pages=(page_of_text(item["text_layer"]),))
    return Source(document=document, reading=reading)
