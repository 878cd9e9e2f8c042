"""How well fields are read from real documents, and how many could go through alone: prints one JSON object.

    python -m benchmarks.reading --set sroie_receipts --data ../shared/data

Nothing is trained. Documents are split by shop into a calibration half and an evaluation half, on which the figures stand by
default. Words come from real OCR unless `--words given` asks for the words that the set brings.
"""

import argparse
import hashlib
import json
import math
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel

from baton.documents.layout import rows_of
from baton.documents.read import read_document
from baton.documents.store import FolderStore
from baton.readers.dates import bare_dates, dates_in
from baton.readers.fields import Kind, PurchaseDate, ReceiptTotal, Seller, fields_of
from baton.readers.finding import key
from baton.readers.locales import Words
from baton.readers.normalise import as_money, same
from baton.readers.reader import Source
from baton.readers.rules import RulesReader
from baton.types.canonical import Json
from baton.types.documents import Document, Page, Reading, Word
from baton.types.findings import FieldFinding

GATE = 0.95
"""A field goes through alone from this confidence on, when it is grounded and undisputed."""


class Receipt(BaseModel):
    """What the labels of a set of receipts say."""

    seller: Seller | None = None
    purchased: PurchaseDate | None = None
    paid: ReceiptTotal | None = None


@dataclass(frozen=True)
class Truth:
    """A label: as printed, and as a value to compare with."""

    printed: str
    value: Json


@dataclass(frozen=True)
class Labelled:
    """A document to read, and what its labels say."""

    id: str
    shop: str
    source: Source
    truth: dict[str, Truth]
    seconds: float


def sroie(folder: Path, half: str, words: str, limit: int | None, seed: int, store: FolderStore) -> Iterator[Labelled]:
    """Receipts of one half with their words: those with an image when OCR is to read them."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    chosen = [item for item in items if half in ("all", half_of(item["ground_truth"]["company"]))]
    chosen = [item for item in chosen if words == "given" or item["image"]]
    Random(seed).shuffle(chosen)
    for item in chosen[:limit]:
        start = time.perf_counter()
        source = _given(item) if words == "given" else _seen(folder, item, store)
        label = item["ground_truth"]
        truth = {
            "seller": Truth(label["company"], label["company"]),
            "purchased": Truth(label["date"], _day(label["date"])),
            "paid": Truth(label["total"], re.sub(r"[^\d.,-]", "", label["total"])),
        }
        yield Labelled(item["id"], label["company"], source, truth, time.perf_counter() - start)


def half_of(shop: str) -> str:
    """Which half a shop belongs to: all its receipts in one."""
    digest = hashlib.sha256(re.sub(r"\W", "", shop.upper())[:12].encode()).digest()
    return ("calibration", "evaluation")[digest[-1] % 2]


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


def matches(kind: Kind, found: Json, truth: Truth) -> bool:
    """Type-aware match; the labels give no currency, so that only amounts are compared."""
    if kind == "money":
        read, label = as_money(found), as_money(truth.value)
        return read is not None and label is not None and read[0] == label[0]
    return found is not None and same(kind, found, truth.value)


def alone(finding: FieldFinding, gate: float) -> bool:
    """Whether a field is sure enough to need nobody."""
    return finding.agreement in ("agreed", "single") and finding.grounded and finding.confidence >= gate


def upper95(wrong: int, n: int) -> float | None:
    """Exact upper bound (Clopper-Pearson, one-sided 95 %) of an error rate: where so few errors have a chance of 5 %."""
    if n == 0:
        return None
    low, high = wrong / n, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        chance = sum(math.comb(n, k) * middle**k * (1 - middle) ** (n - k) for k in range(wrong + 1))
        low, high = (middle, high) if chance > 0.05 else (low, middle)
    return round(high, 4)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        bins.setdefault(min(int(confidence * 10), 9), []).append((confidence, right))
    gaps = [abs(sum(c for c, _ in one) - sum(r for _, r in one)) for one in bins.values()]
    return round(sum(gaps) / max(len(pairs), 1), 4)


def risk_coverage(pairs: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """Share answered and share wrong among them, from the surest on; one point for each tenth."""
    ranked = sorted(pairs, reverse=True)
    points = [round(len(ranked) * tenth / 10) for tenth in range(1, 11)]
    return [[round(n / len(ranked), 3), round(sum(not right for _, right in ranked[:n]) / n, 4)] for n in points if n]


def measure(documents: Sequence[Labelled], gate: float, show: bool) -> dict[str, Any]:
    """Figures for each field and for whole documents."""
    seen: dict[str, list[tuple[FieldFinding, bool, bool]]] = {field.name: [] for field in fields_of(Receipt)}
    seconds = 0.0
    for document in documents:
        start = time.perf_counter()
        filled = key(Receipt, [document.source], [RulesReader()])
        seconds += time.perf_counter() - start + document.seconds
        for field, finding in zip(fields_of(Receipt), filled.fields, strict=True):
            truth = document.truth[field.name]
            right = matches(field.kind, finding.value, truth)
            printed = str(finding.value) if field.kind == "seller" else finding.evidence.text if finding.evidence else ""
            seen[field.name].append((finding, right, printed.upper() == truth.printed.upper()))
            if show and not right:
                wrong_one = {"id": document.id, "field": field.name, "label": truth.printed, "read": finding.value}
                print(json.dumps({**wrong_one, "sure": finding.confidence}))
    n = len(documents)
    whole = [all(column[i][1] for column in seen.values()) for i in range(n)]
    through = [all(alone(column[i][0], gate) for column in seen.values()) for i in range(n)]
    wrong = sum(go and not right for go, right in zip(through, whole, strict=True))
    return {
        "fields": {name: _figures(column, gate) for name, column in seen.items()},
        "all_fields": _share(sum(whole), n),
        "automated": _share(sum(through), n),
        "wrong_automated": wrong,
        "upper95": upper95(wrong, sum(through)),
        "seconds_per_page": round(seconds / max(n, 1), 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _figures(column: Sequence[tuple[FieldFinding, bool, bool]], gate: float) -> dict[str, Any]:
    through = [right for finding, right, _ in column if alone(finding, gate)]
    pairs = [(finding.confidence, right) for finding, right, _ in column if finding.agreement != "missing"]
    return {
        "exact": _share(sum(exact for _, _, exact in column), len(column)),
        "match": _share(sum(right for _, right, _ in column), len(column)),
        "automated": _share(len(through), len(column)),
        "wrong_automated": through.count(False),
        "upper95": upper95(through.count(False), len(through)),
        "ece": calibration_error(pairs),
        "risk_coverage": risk_coverage(pairs),
    }


def _share(part: int, n: int) -> float:
    return round(part / n, 4) if n else 0.0


def main() -> None:
    """Measure one set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__.split("\n")[0])
    parser.add_argument("--set", choices=["sroie_receipts"], required=True)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets, or the set's own folder")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--reader", choices=["offline"], default="offline")
    parser.add_argument("--half", choices=["evaluation", "calibration", "all"], default="evaluation")
    parser.add_argument("--words", choices=["ocr", "given"], default="ocr", help="who reads the image: OCR, or the set's makers")
    parser.add_argument("--gate", type=float, default=GATE)
    parser.add_argument("--home", type=Path, help="keep what OCR read in this folder, for the next run")
    parser.add_argument("--show", action="store_true", help="also print each field that was read wrong, one JSON object a line")
    args = parser.parse_args()
    folder = args.data / args.set if (args.data / args.set).is_dir() else args.data
    if not (folder / "items.jsonl").is_file():
        parser.error(f"no `items.jsonl` in `{folder}`: pass the folder of the set with `--data`")
    with tempfile.TemporaryDirectory() as scratch:
        documents = list(sroie(folder, args.half, args.words, args.limit, args.seed, FolderStore(args.home or Path(scratch))))
        figures = measure(documents, args.gate, args.show)
    about = {"set": args.set, "n": len(documents), "half": args.half, "words": args.words, "seed": args.seed}
    print(json.dumps({**about, "reader": RulesReader().name, "trained_on": None, "gate": args.gate, **figures}, indent=2))


if __name__ == "__main__":
    main()
