"""Confidence: learned from outcomes, monotone in what is said for a value, and readable by people."""

import json
from pathlib import Path

import pytest

from baton.readers.confidence import Calibration, NoCalibration, clearness, load, shipped, usual_clearness
from baton.readers.fields import Field
from baton.readers.outcomes import Outcome, learned
from baton.readers.reader import Source
from baton.types.documents import Document, Line, Page, Reading, Word
from baton.types.findings import Evidence, Keyed
from baton.types.ids import DocumentId

TOTAL = Field("total", "money")


def outcome(mine: float, other: float, right: bool) -> Outcome:
    known = {"always": 1.0, "rules says it": mine, "rules says another": 0.0, "tokens says it": other, "tokens says another": 0.0}
    known |= {"agreed": float(other > 0), "confirmed": 0.0, "contested": 0.0, "other sums": 0.0, "misreadable": 0.0}
    return Outcome(field="total", spoke=("rules", "tokens"), known=known, right=right)


def keyed(amount: str, reader: str, confidence: float) -> Keyed:
    evidence = Evidence(document=DocumentId("d"), page=1, text=amount)
    return Keyed(value={"amount": amount, "currency": "EUR"}, reader=reader, confidence=confidence, evidence=evidence)


def calibration() -> Calibration:
    agreed = [outcome(3.0, 3.0, True)] * 120 + [outcome(3.0, 3.0, False)] * 2
    alone = [outcome(3.0, -3.0, True)] * 40 + [outcome(3.0, -3.0, False)] * 20
    return learned([*agreed, *alone], ["rules", "tokens"], "t/1", "a test")


def chance(*every: Keyed) -> float:
    said = calibration().judge([])(TOTAL, every, every[0].value)
    assert said is not None
    return said


def test_a_probability_is_the_share_that_was_right() -> None:
    agreed = chance(keyed("9.90", "rules/1", 0.95), keyed("9.90", "tokens/1", 0.95))
    against = chance(keyed("9.90", "rules/1", 0.95), keyed("9.80", "tokens/1", 0.95))
    assert agreed == pytest.approx(0.98, abs=0.02)
    assert against == pytest.approx(0.67, abs=0.06)


def test_more_said_for_a_value_never_makes_it_less_probable() -> None:
    weights = calibration().curves["total"].weights
    assert all(value >= 0 for name, value in weights.items() if name.endswith("says it") or name in ("agreed", "confirmed"))
    assert all(
        value <= 0 for name, value in weights.items() if name.endswith("says another") or name in ("contested", "other sums")
    )


def test_nothing_is_claimed_about_readers_and_fields_that_nothing_was_learned_of() -> None:
    judge = calibration().judge([])
    assert judge(TOTAL, [keyed("9.90", "rules/1", 0.9)], {"amount": "9.90", "currency": "EUR"}) is None
    serial = Field("serial", "serial")
    assert judge(serial, [keyed("9.90", "rules/1", 0.9), keyed("9.90", "tokens/1", 0.9)], "X") is None


def test_few_outcomes_teach_nothing() -> None:
    assert not learned([outcome(3.0, 3.0, True)] * 10, ["rules", "tokens"], "t/1", "a test").curves


def test_what_is_shipped_is_small_readable_and_learned_from_made_up_receipts() -> None:
    assert "made-up receipts" in shipped().learned_from
    assert {"money", "date", "seller", "address"} <= shipped().curves.keys()
    text = json.dumps(shipped().model_dump(mode="json"))
    assert len(text) < 12_000


def test_a_broken_file_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "confidence.json"
    broken.write_text("{}")
    with pytest.raises(NoCalibration, match="practice"):
        load(broken)


def clear(*words: tuple[str, float]) -> tuple[Evidence, Source]:
    """Words of one row, each with how sure recognition was of it, and evidence that rests on all of them."""
    corners = [((n / 9, 0.1), ((n + 1) / 9, 0.1), ((n + 1) / 9, 0.2), (n / 9, 0.2)) for n in range(len(words))]
    seen = tuple(Word(text=text, polygon=corners[n], confidence=sure) for n, (text, sure) in enumerate(words))
    page = Page(
        number=1,
        width=90,
        height=90,
        text=" ".join(text for text, _ in words),
        words=seen,
        lines=(Line(words=tuple(range(len(seen)))),),
    )
    document = Document(id=DocumentId("d"), name="d", media_type="image/png", size=0)
    reading = Reading(document=document.id, how="ocr", reader="t", pages=(page,))
    evidence = Evidence(document=document.id, page=1, text=page.text, polygons=tuple(corners))
    return evidence, Source(document=document, reading=reading, role="receipt")


def test_a_name_bears_one_unsure_word_but_an_unsure_number_counts_in_full() -> None:
    evidence, source = clear(("KEDAI", 1.0), ("BUKU", 1.0), ("ARIF", 0.6), ("SDN", 1.0), ("BHD", 1.0))
    assert clearness(evidence, [source]) == 0.6
    assert usual_clearness(evidence, [source]) == pytest.approx(1 - 0.4 * 4 / 19)
    evidence, source = clear(("JALAN", 1.0), ("MELATI", 1.0), ("8", 0.6))
    assert usual_clearness(evidence, [source]) == 0.6
