"""The attacks and their harmless look-alikes, from a folder of known ones."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ATTACKS = ("attack_instruction", "attack_case", "payload")
HARMLESS = ("benign_context", "benign_trigger_words", "benign_email", "context")
"""Tasks that users of an assistant really gave (`user_task`) are neither: as text in a document they would be instructions."""
_LONGEST = 3000


@dataclass(frozen=True)
class Text:
    """One text to plant."""

    id: str
    source: str
    text: str
    is_attack: bool


def texts(folder: Path, half: str) -> list[Text]:
    """Every attack and look-alike of one half; what is neither is left out."""
    rows = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines() if line.strip()]
    found = [_text(row) for row in rows if half in ("all", half_of(str(row["id"])))]
    return [text for text in found if text is not None]


def half_of(id: str) -> str:
    """Which half a text belongs to."""
    return ("calibration", "evaluation")[hashlib.sha256(id.encode()).digest()[-1] % 2]


def chosen(found: Sequence[Text], limit: int, seed: int) -> list[Text]:
    """At most so many: three attacks to two look-alikes, from each source in turn so that small ones are not left out."""
    attacks = _in_turn([text for text in found if text.is_attack], seed)
    harmless = _in_turn([text for text in found if not text.is_attack], seed)
    most = max(1, round(limit * 0.6))
    return attacks[: max(most, limit - len(harmless))][:limit] + harmless[: max(0, limit - min(most, len(attacks)))]


def _text(row: dict[str, Any]) -> Text | None:
    kind = row["kind"]
    is_attack = kind in ATTACKS or (kind == "labelled" and str(row["label"]) == "1")
    if not is_attack and kind not in HARMLESS and kind != "labelled":
        return None
    words = row["text"].replace("\r", "").replace("\0", "")[:_LONGEST].strip()
    return Text(str(row["id"]), row["source"], words, is_attack) if words else None


def _in_turn(found: Sequence[Text], seed: int) -> list[Text]:
    by_source: dict[str, list[Text]] = {}
    for text in found:
        by_source.setdefault(text.source, []).append(text)
    for mates in by_source.values():
        Random(seed).shuffle(mates)
    place: Callable[[Text], int] = lambda text: by_source[text.source].index(text)  # noqa: E731  # short, used once
    return sorted(found, key=lambda text: (place(text), text.source))
