"""How well messages are told apart, and what belongs nowhere: `python -m benchmarks.routing --set clinc150_oos --data DIR`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baton.routing import meaning
from baton.routing.classifier import NOWHERE, Classifier
from baton.routing.router import KEEP

SETS = ("clinc150_oos", "banking77")
_OUTSIDE = "oos"


@dataclass(frozen=True)
class Item:
    """One message of the set; `kind` is `NOWHERE` for what belongs to none."""

    id: str
    text: str
    kind: str
    split: str


def main() -> None:
    """Train on the calibration part, measure on the evaluation part, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--set", choices=SETS, default=SETS[0])
    asked.add_argument("--data", type=Path, required=True, help="the folder of the set, or its parent")
    asked.add_argument("--limit", type=int, default=None, help="at most so many messages are measured")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--by", choices=("meaning", "words"), default=None, help="default: meaning where its wheel is there")
    asked.add_argument("--keep", type=float, default=KEEP, help="share of messages that belong somewhere to be kept by the floor")
    given = asked.parse_args()
    items = read(given.data, given.set)
    by_meaning = meaning.available() if given.by is None else given.by == "meaning"
    print(json.dumps({"set": given.set, **measure(items, given.limit, given.seed, by_meaning, given.keep)}))


def read(folder: Path, name: str) -> list[Item]:
    """The messages of a set; ends the programme in words where there are none."""
    path = next((path for path in (folder / name / "items.jsonl", folder / "items.jsonl") if path.is_file()), None)
    if path is None:
        sys.exit(f"no `items.jsonl` in `{folder}` or `{folder / name}`: name the folder that holds the set `{name}`")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Item(
            id=str(row["id"]),
            text=row["text"],
            kind=NOWHERE if row["label"] == _OUTSIDE else row["label"],
            split=row.get("origin_split", ""),
        )
        for row in rows
    ]


def halves(items: Sequence[Item]) -> tuple[list[Item], list[Item], str]:
    """What is trained on, what is measured, and how they were split: as the set says, else by a hash of the id."""
    own = {item.split.removeprefix("oos_") for item in items}
    if own <= {"train", "val", "test"} and {"train", "test"} <= own:
        return [one for one in items if not _tests(one)], [one for one in items if _tests(one)], "the set's own training rows"
    first = [one for one in items if sha256(one.id.encode()).digest()[0] % 2]
    known = {one.id for one in first}
    return first, [one for one in items if one.id not in known], "the calibration half by id"


def _tests(item: Item) -> bool:
    return item.split.removeprefix("oos_") == "test"


def measure(items: Sequence[Item], limit: int | None, seed: int, by_meaning: bool, keep: float) -> dict[str, object]:
    """All figures of one set."""
    taught, asked, how = halves(items)
    asked = [asked[place] for place in np.random.default_rng(seed).permutation(len(asked))[:limit]]
    began = time.perf_counter()
    classifier = Classifier.learn(
        [one.text for one in taught], [one.kind for one in taught], by_meaning=by_meaning, keep=keep, seed=seed
    )
    learnt = time.perf_counter()
    told = classifier.tell([one.text for one in asked])
    took = time.perf_counter() - learnt
    best = np.array(classifier.kinds)[told.scores.argmax(1)]
    kinds = np.array([one.kind for one in asked])
    inside, kept = kinds != NOWHERE, told.belongs >= classifier.scope.floor
    right = (best == kinds) & inside
    sure = told.sure
    return {
        "n": len(asked),
        "accuracy": _share(right & kept, inside),
        "accuracy_forced": _share(right, inside),
        "oos_recall": _share(~kept, ~inside),
        "accuracy_at_90": _at_coverage(sure[inside], right[inside], 0.9),
        "coverage": _share(kept, inside),
        "ece": calibration_error(sure[inside], right[inside]),
        "wrong_among_routed": _share(~right, kept),
        "n_outside": int((~inside).sum()),
        "kinds": len(classifier.kinds),
        "by": "meaning and words" if by_meaning else "words",
        "trained_on": f"{how}, {len(taught)} messages, {sum(one.kind == NOWHERE for one in taught)} of them out of scope",
        "seconds_training": round(learnt - began, 1),
        "seconds_per_message": round(took / max(1, len(asked)), 5),
    }


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15) -> float | None:
    """Mean gap between what was promised and what came true, over bins of equal width."""
    if not len(confidence):
        return None
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = (abs(confidence[place == one].mean() - right[place == one].mean()) * (place == one).mean() for one in np.unique(place))
    return round(float(sum(gaps)), 4)


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float | None:
    return round(float((part & whole).sum() / whole.sum()), 4) if whole.any() else None


def _at_coverage(confidence: NDArray[np.float64], right: NDArray[np.bool_], coverage: float) -> float | None:
    surest = np.argsort(-confidence, kind="stable")[: max(1, round(coverage * len(right)))]
    return round(float(right[surest].mean()), 4) if len(right) else None


if __name__ == "__main__":
    main()
