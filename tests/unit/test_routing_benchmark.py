"""The routing benchmark measures what it says, on any folder of the same format."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import routing

_WORDS = {
    "balance": "account balance money left savings how much",
    "weather": "weather rain sun forecast tomorrow outside",
    "alarm": "alarm wake clock morning set seven",
    "music": "song play music album artist radio",
    "travel": "flight hotel trip book ticket airport",
    "food": "recipe cook dinner oven pasta cheese",
}
_ODD = ["granite", "lathe", "quorum", "zebra", "plinth", "ferret", "volcano", "trombone"]


def _row(split: str, number: int, kind: str) -> dict[str, str]:
    words = _ODD if kind == "oos" else _WORDS[kind].split()
    text = " ".join(words[(number * step + step) % len(words)] for step in (1, 2, 3, 5))
    return {"id": f"{split}-{kind}-{number}", "origin_split": split, "text": f"{text} {number % 7}", "label": kind}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sizes = {"train": 24, "test": 8}
    rows = [_row(split, number, kind) for split in sizes for kind in _WORDS for number in range(sizes[split])]
    rows += [_row("oos_train", number, "oos") for number in range(30)] + [_row("oos_test", number, "oos") for number in range(8)]
    (tmp_path / "clinc150_oos").mkdir()
    (tmp_path / "clinc150_oos" / "items.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def test_the_sets_own_split_is_used_and_what_is_out_of_scope_is_found(folder: Path) -> None:
    items = routing.read(folder, "clinc150_oos")
    told = routing.measure(items, None, 0, by_meaning=False, keep=0.98)
    assert (told["n"], told["n_outside"], told["kinds"]) == (56, 8, 6)
    assert told["accuracy_forced"] == 1.0
    assert isinstance(told["oos_recall"], float)
    assert told["oos_recall"] >= 0.75
    assert "training rows" in str(told["trained_on"])


def test_the_folder_of_the_set_or_its_parent_will_do_and_another_is_named(folder: Path, tmp_path: Path) -> None:
    assert routing.read(folder, "clinc150_oos") == routing.read(folder / "clinc150_oos", "clinc150_oos")
    with pytest.raises(SystemExit, match=r"no `items\.jsonl`"):
        routing.read(tmp_path / "nowhere", "banking77")


def test_without_a_split_of_its_own_a_set_is_halved_by_id(folder: Path) -> None:
    items = [routing.Item(one.id, one.text, one.kind, "") for one in routing.read(folder, "clinc150_oos")]
    taught, asked, how = routing.halves(items)
    assert len(taught) + len(asked) == len(items)
    assert not {one.id for one in taught} & {one.id for one in asked}
    assert how == "the calibration half by id"


def test_calibration_error_is_the_gap_between_promise_and_truth() -> None:
    sure = np.full(100, 0.9)
    assert routing.calibration_error(sure, np.arange(100) < 90) == pytest.approx(0, abs=1e-9)
    assert routing.calibration_error(sure, np.arange(100) < 40) == pytest.approx(0.5)
    assert routing.calibration_error(sure[:0], np.zeros(0, bool)) is None
