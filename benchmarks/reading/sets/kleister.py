"""Non-disclosure agreements from a public register (Kleister-NDA): parties, effective date, jurisdiction, term."""

import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel

from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.documents.text import page_of_text
from baton.readers.contracts.dates import effective_dates
from baton.readers.contracts.forms import Law, Parties, Period
from baton.readers.contracts.names import bare
from baton.readers.contracts.parties import parties
from baton.readers.contracts.periods import in_days
from baton.readers.contracts.reader import ContractReader
from baton.readers.contracts.running import running
from baton.readers.contracts.term import terms
from baton.readers.contracts.weighing import Asked, Signs, Weights, learned, shipped
from baton.readers.fields import Field
from baton.readers.reader import Reader, Source
from baton.types.canonical import Json
from baton.types.documents import Document, Reading
from benchmarks.reading.items import Labelled, Truth, half_of

NAME = "kleister_nda"


class Agreement(BaseModel):
    """What the labels of this set say; not every agreement has each."""

    party: Parties | None = None
    effective_date: date | None = None
    jurisdiction: Law | None = None
    term: Period | None = None


FORM = Agreement
FEWEST = 20
"""Documents from which weights are worth learning."""


def documents(folder: Path, store: FolderStore, half: str, limit: int | None, seed: int, words: str) -> Iterator[Labelled]:
    """Agreements of one half, from their PDFs; `given` takes the text that the set brings."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    chosen = [item for item in items if half in ("all", half_of(item["id"]))]
    chosen = [item for item in chosen if words == "given" or (folder / "documents" / item["id"]).is_file()]
    Random(seed).shuffle(chosen)
    for item in chosen[:limit]:
        start = time.perf_counter()
        source = _given(item) if words == "given" else _seen(folder / "documents" / item["id"], store)
        seconds = time.perf_counter() - start
        yield Labelled(item["id"], item["id"], (source,), _truth(item["ground_truth"]), len(source.reading.pages), seconds)


def training(folder: Path, store: FolderStore, seed: int, words: str) -> Iterator[Labelled]:
    """What weights are learned from: the calibration half, always in the set's own words, which need no PDF opened."""
    yield from documents(folder, store, "calibration", None, seed, "given")


def _seen(path: Path, store: FolderStore) -> Source:
    document = store.put(path.read_bytes(), path.name, "application/pdf")
    return Source(document=document, reading=read_document(document, store))


def _given(item: dict[str, Any]) -> Source:
    document = Document(id=item["id"], name=item["id"], media_type="text/plain", size=len(item["text_best"]))
    page = page_of_text(item["text_best"].replace("\\n", "\n").replace("\\f", "\n"))
    return Source(document=document, reading=Reading(document=document.id, how="text", reader="people", pages=(page,)))


def _truth(label: dict[str, list[str]]) -> dict[str, Truth]:
    """Labels with spaces again; a field that the set does not label must stay empty."""
    spaced = {name: [value.replace("_", " ") for value in values] for name, values in label.items()}
    names = spaced.get("party", [])
    single = {name: next(iter(spaced.get(name, ())), None) for name in ("effective_date", "jurisdiction", "term")}
    return {
        "party": Truth("; ".join(names), list(names) or None),
        **{name: Truth(value or "", value) for name, value in single.items()},
    }


def matches(field: Field, found: Json, truth: Truth) -> bool:
    """As the set's own measure compares: letter for letter, but for case, commas and `&`; a list must name all and only these."""
    if found is None or truth.value is None:
        return found is None and truth.value is None
    wanted, read = (sorted(map(_letters, one)) if isinstance(one, list) else _letters(one) for one in (truth.value, found))
    return wanted == read


def _letters(value: Json) -> str:
    return re.sub(r"[\s_]+", "_", str(value).replace(",", "").replace("&", "and")).upper()


def readers(trained_on: Sequence[Labelled]) -> Sequence[Reader]:
    """The rules with the weights that ship, or with weights learned from these documents."""
    return [ContractReader({name: _learned(name, trained_on) for name in shipped()} if len(trained_on) >= FEWEST else None)]


def _learned(name: Asked, documents: Sequence[Labelled]) -> Weights:
    examples: list[tuple[Signs, bool]] = []
    asked = 0
    for document in documents:
        label = document.truth["party" if name == "parties" else name].value
        wanted = label if isinstance(label, list) else [] if label is None else [label]
        asked += len(wanted)
        text = running(document.sources[0]).text
        finder = {"parties": parties, "effective_date": effective_dates, "term": terms}[name]
        examples += [
            (one.signs, any(_alike(name, one.value, right) for right in wanted)) for one in finder(text, shipped()[name])
        ]
    return learned(examples, asked)


def _alike(name: Asked, found: Json, label: Json) -> bool:
    """Whether a candidate is what a label means: a name spelled otherwise is still the party, though the measure says no."""
    if name == "parties":
        return bare(str(found)) == bare(str(label))
    if name == "term":
        return in_days(str(found)) == in_days(str(label))
    return found == label
