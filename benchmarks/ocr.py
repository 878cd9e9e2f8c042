"""How well and how fast receipts are read on one core: seconds a page, peak memory, and the share of printed words found.

`python -m benchmarks.ocr --data FOLDER --limit 20`, where FOLDER, or `sroie_receipts` in it, holds `items.jsonl` and `img`.
`cpu_seconds_per_page` is the figure to go by where other programs run beside it.
"""

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from baton.documents.engine import threads
from baton.documents.images import frames_of
from baton.documents.ocr import read_picture
from baton.documents.version import READER
from baton.types.documents import Page
from benchmarks.memory import peak_mb


def main() -> None:
    """Reads the receipts and prints what it measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, help="which receipts `--limit` takes; without it the first of the set")
    parser.add_argument("--json", action="store_true", help="the only form there is; kept for all benchmarks alike")
    asked = parser.parse_args()
    folder = asked.data / "sroie_receipts" if (asked.data / "sroie_receipts").is_dir() else asked.data
    receipts = _receipts(folder)
    if asked.seed is not None:
        Random(asked.seed).shuffle(receipts)
    if not receipts:
        sys.exit(f"no receipts with pictures in `{asked.data}`: give the folder that holds `items.jsonl` and `img`")
    _stay_on_one_core()
    print(json.dumps(measure(folder, receipts[: asked.limit]), indent=2))


def _stay_on_one_core() -> None:
    """Whatever the settings say, what is measured here is one core's work."""
    os.environ["BATON_OCR_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def measure(folder: Path, receipts: list[dict[str, Any]]) -> dict[str, Any]:
    """Reads every receipt once; the first one also loads the models and does not count in the times."""
    walls, works, found, printed, numbers, printed_numbers = [], [], 0, 0, 0, 0
    _read(folder / receipts[0]["image"])
    for receipt in receipts:
        wall, work = time.perf_counter(), time.process_time()
        page = _read(folder / receipt["image"])
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
        truth, read = _words(_truth(receipt)), _words(page.text)
        found, printed = found + (truth & read).total(), printed + truth.total()
        truth = Counter({word: count for word, count in truth.items() if re.search(r"\d", word)})
        numbers, printed_numbers = numbers + (truth & read).total(), printed_numbers + truth.total()
    return {
        "n": len(receipts),
        "reader": READER,
        "threads": threads(),
        "seconds_per_page": round(statistics.mean(walls), 3),
        "cpu_seconds_per_page": round(statistics.mean(works), 3),
        "slowest_seconds": round(max(walls), 3),
        "peak_mb": peak_mb(),
        "printed_words": printed,
        "word_recall": round(found / printed, 4),
        "word_recall_with_digits": round(numbers / printed_numbers, 4),
    }


def _receipts(folder: Path) -> list[dict[str, Any]]:
    path = folder / "items.jsonl"
    if not path.exists():
        return []
    with path.open() as lines:
        return [item for item in map(json.loads, lines) if item["image"] and (folder / item["image"]).exists()]


def _read(path: Path) -> Page:
    return read_picture(next(frames_of(path.read_bytes())))


def _truth(receipt: dict[str, Any]) -> str:
    """The text of each box, behind its eight coordinates."""
    return "\n".join(line.split(",", 8)[-1] for line in receipt["boxes_csv"].splitlines())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[A-Z0-9.]+", text.upper()))


if __name__ == "__main__":
    main()
