"""Six real supplier invoices with the output of hand-made templates as labels; which fields are labelled varies."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel

from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.readers.fields import Field, Identifier, Seller
from baton.readers.invoices.reader import InvoiceRulesReader
from baton.readers.normalise import UNKNOWN, as_money, name_key
from baton.readers.reader import Reader, Source
from baton.readers.structured.terms import Term
from baton.types.canonical import Json
from baton.types.money import Money
from benchmarks.reading.items import Labelled, Truth, half_of
from benchmarks.reading.measure import matches as usual

NAME = "invoice2data"


class Bill(BaseModel):
    """What the labels of the set say."""

    seller: Annotated[Seller, Term(id="BT-27")] | None = None
    number: Annotated[Identifier, Term(id="BT-1")] | None = None
    issue_date: Annotated[date, Term(id="BT-2")] | None = None
    due_date: Annotated[date, Term(id="BT-9")] | None = None
    currency: Annotated[Identifier, Term(id="BT-5")] | None = None
    net: Annotated[Money, Term(id="BT-109")] | None = None
    total: Annotated[Money, Term(id="BT-112")] | None = None
    seller_vat_id: Annotated[Identifier, Term(id="BT-31")] | None = None
    iban: Annotated[Identifier, Term(id="BT-84")] | None = None
    lines: Annotated[int, Term(id="BG-25")] | None = None


FORM = Bill
_KEYS = {
    "seller": ("issuer", "partner_name"),
    "number": ("invoice_number",),
    "issue_date": ("date",),
    "due_date": ("date_due",),
    "currency": ("currency",),
    "net": ("amount_untaxed",),
    "total": ("amount",),
    "seller_vat_id": ("vat", "gstin"),
    "iban": ("iban",),
}


def documents(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str) -> Iterator[Labelled]:
    """The invoices of one half: their PDFs, read by their text layer or by OCR."""
    path = folder / "items.jsonl"
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []
    chosen = [item for item in every if half in ("all", half_of(item["ground_truth"][0]["issuer"]))]
    Random(seed).shuffle(chosen)
    for item in chosen[:limit]:
        start = time.perf_counter()
        source = _source(folder / next(name for name in item["files"] if name.endswith(".pdf")), store)
        label = item["ground_truth"][0]
        spent = time.perf_counter() - start
        yield Labelled(item["id"], label["issuer"], (source,), _truth(label), len(source.reading.pages), spent)


def readers(trained_on: Sequence[Labelled]) -> Sequence[Reader]:
    """Nothing learns."""
    return (InvoiceRulesReader(),)


def training(folder: Path, store: FolderStore, seed: int, words: str) -> list[Labelled]:
    """Nothing learns, so nothing is read for it."""
    return []


def matches(field: Field, found: Json, truth: Truth) -> bool:
    """As usual; an amount in a currency that the labels leave out is compared without, a seller by any name that is labelled."""
    if field.kind == "money" and isinstance(truth.value, dict) and truth.value["currency"] == UNKNOWN:
        read, label = as_money(found), as_money(truth.value)
        return read is not None and label is not None and read[0] == label[0]
    if field.name == "seller" and found is not None and isinstance(truth.value, list):
        return name_key(str(found)) in {name_key(str(one)) for one in truth.value}
    return usual(field, found, truth)


def _source(path: Path, store: FolderStore) -> Source:
    document = store.put(path.read_bytes(), path.name, "application/pdf")
    return Source(document=document, reading=read_document(document, store))


def _truth(label: dict[str, Any]) -> dict[str, Truth]:
    found = {}
    for name, keys in _KEYS.items():
        said = [label[key] for key in keys if key in label]
        if said:
            found[name] = _labelled(name, said, str(label.get("currency", UNKNOWN)))
    lines = [line for line in label.get("lines", label.get("line_items", [])) if "name" in line or "item" in line]
    return {**found, "lines": Truth(str(len(lines)), len(lines))} if lines else found


def _labelled(name: str, said: list[Any], currency: str) -> Truth:
    if name in ("net", "total"):
        return Truth(f"{said[0]:.2f}", {"amount": f"{said[0]:.2f}", "currency": currency})
    return Truth(str(said[0]), said if name == "seller" else str(said[0]))
