"""How much personal data is found before a text leaves for a language model: prints one JSON object.

    python -m benchmarks.redaction --data ../shared/data/presidio_pii

Recall of each kind that Baton claims: e-mail, phone, IBAN, card and id numbers by their shape, names of known parties only
(each sentence's persons are handed in as its known parties, as a case's are). Nothing is trained; sentences are split by id
into a calibration and an evaluation half.
"""

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from baton.llm.redaction.book import InMemory
from baton.llm.redaction.found import places
from baton.llm.redaction.kinds import KINDS
from baton.llm.redaction.swap import redact

CLAIMED = {
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "CREDIT_CARD": "card",
    "US_SSN": "id",
    "US_DRIVER_LICENSE": "id",
    "PHONE_NUMBER": "phone",
    "PERSON": "name",
}
"""The set's kinds that Baton claims to find, and what it calls them."""


def rows(folder: Path, half: str, limit: int | None, seed: int) -> list[dict[str, Any]]:
    """The sentences of one half."""
    found = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines() if line.strip()]
    chosen = [row for row in found if half in ("all", half_of(row["id"]))]
    Random(seed).shuffle(chosen)
    return chosen[:limit]


def half_of(id: str) -> str:
    """Which half a sentence belongs to."""
    return ("calibration", "evaluation")[hashlib.sha256(id.encode()).digest()[-1] % 2]


def measure(sentences: list[dict[str, Any]], show: bool) -> dict[str, Any]:
    """Recall and precision of each kind, and whether every answer got its data back."""
    wanted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    began, characters, whole = time.perf_counter(), 0, 0
    for sentence in sentences:
        text, spans = sentence["full_text"], sentence["spans"]
        parties = [span["entity_value"] for span in spans if span["entity_type"] == "PERSON"]
        found = places(text, KINDS, parties)
        characters += len(text)
        gone = bytearray(len(text))
        for place in found:
            gone[place.start : place.end] = b"\1" * (place.end - place.start)
        for span in _claimed(spans):
            kind, covered = CLAIMED[span["entity_type"]], gone[span["start_position"] : span["end_position"]]
            wanted[kind] += 1
            wanted[f"{kind}:{span['entity_type']}"] += 1
            is_hit = all(bit or not char.isalnum() for bit, char in zip(covered, span["entity_value"], strict=False))
            hit[kind] += is_hit
            hit[f"{kind}:{span['entity_type']}"] += is_hit
            if show and not is_hit:
                print(json.dumps({"missed": kind, "value": span["entity_value"], "text": text[:300]}, ensure_ascii=False))
        for place in found:
            made[place.kind] += 1
            is_right = any(span["start_position"] < place.end and span["end_position"] > place.start for span in spans)
            right[place.kind] += is_right
            if show and not is_right:
                print(json.dumps({"wrong": place.kind, "value": text[place.start : place.end], "text": text[:300]}))
        sent = redact([text], InMemory(), sentence["id"], KINDS, parties)
        whole += json.loads(sent.restored(json.dumps({"copy": sent.texts[0]})))["copy"].casefold() == text.casefold()
    seconds = time.perf_counter() - began
    return {
        "recall": {kind: round(hit[kind] / wanted[kind], 4) for kind in KINDS if wanted[kind]},
        "wanted": {kind: wanted[kind] for kind in KINDS if wanted[kind]},
        "recall_by_label": {name.partition(":")[2]: round(hit[name] / wanted[name], 4) for name in sorted(wanted) if ":" in name},
        "replaced_that_is_no_personal_data": {kind: made[kind] - right[kind] for kind in KINDS},
        "restored_exactly": round(whole / max(1, len(sentences)), 4),
        "ms_per_1000_characters": round(1e6 * seconds / max(1, characters), 3),
    }


def _claimed(spans: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from (span for span in spans if span["entity_type"] in CLAIMED)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redaction", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with items.jsonl, or its parent")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--half", choices=["evaluation", "calibration", "all"], default="evaluation")
    parser.add_argument("--show", action="store_true", help="also print what was missed, one JSON object a line")
    said = parser.parse_args()
    folder = said.data / "presidio_pii" if (said.data / "presidio_pii").is_dir() else said.data
    if not (folder / "items.jsonl").is_file():
        parser.error(f"no `items.jsonl` in `{folder}`: pass the folder of the set with `--data`")
    sentences = rows(folder, said.half, said.limit, said.seed)
    about = {"set": "presidio_pii", "n": len(sentences), "half": said.half, "seed": said.seed, "trained_on": None}
    names_of = "known parties only: each sentence's own persons are given as known"
    print(json.dumps({**about, "names_are": names_of, **measure(sentences, said.show)}, indent=2))


if __name__ == "__main__":
    main()
