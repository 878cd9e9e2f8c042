"""The benchmark of the three-way match can fail, and takes faults that somebody else wrote."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from baton.matching import match
from benchmarks.three_way.__main__ import measure
from benchmarks.three_way.orders import Case, cases
from benchmarks.three_way.planting import PLANTS, Planter, plant_file


def _item(number: int, received: str = "10.0", rejected: str = "0.0") -> dict[str, Any]:
    line = {"OrderQty": "10", "UnitPrice": "50.26", "ReceivedQty": received, "RejectedQty": rejected,
            "ProductNumber": "AR-5381", "ProductName": "Adjustable Race"}  # fmt: skip
    return {"PurchaseOrderID": str(number), "VendorID": "7", "VendorAccount": "LITWARE0001", "SubTotal": "502.60",
            "TaxAmt": "40.208", "Freight": "12.565", "lines": [line]}  # fmt: skip


@pytest.fixture
def found(tmp_path: Path) -> list[Case]:
    items = [_item(1), _item(2), _item(3, "7.0"), _item(4, "10.0", "2.0"), *(_item(number) for number in range(5, 40))]
    (tmp_path / "purchase_orders.jsonl").write_text("\n".join(map(json.dumps, items)), "utf-8")
    return cases(tmp_path, None, 1)


def test_honest_bills_are_never_held(found: list[Case]) -> None:
    told = measure(found)
    assert (told["n"], told["planted"], told["false_holds"]) == (39, 0, 0)
    assert told["honest"] >= 39


def test_every_planted_fault_is_found_by_its_name(found: list[Case]) -> None:
    Planter().plant(found, 0.9, Random(3))
    told = measure(found)
    assert told["planted"] >= 20
    assert (told["found"], told["missed"]) == (told["planted"], [])
    assert set(told["by_fault"]) <= set(PLANTS)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_somebody_elses_faults_are_planted_and_found(found: list[Case], tmp_path: Path, form: str) -> None:
    rows = [
        {"order": "1", "fault": "price", "line": "1", "field": "price", "value": "*1.02"},
        {"order": "2", "fault": "an unheard-of fault", "line": "", "field": "total", "value": "+5"},
        {"order": "3", "fault": "partial", "line": "", "field": "", "value": ""},
        {"order": "5", "fault": "duplicate", "line": "", "field": "number", "value": "X-1"},
    ]
    path = tmp_path / f"faults.{form}"
    names = list(rows[0])
    lines = [",".join(names), *(",".join(row[name] for name in names) for row in rows)]
    path.write_text(json.dumps(rows) if form == "json" else "\n".join(lines), "utf-8")
    for case in found:
        case.bills = case.bills[:1]
    plant_file(found, path, Random(1))
    told = measure(found)
    assert (told["planted"], told["held"], told["found"]) == (4, 4, 4)


def test_a_blind_match_would_be_seen(found: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    Planter().plant(found, 0.9, Random(3))

    def blind(*given: Any, **more: Any) -> Any:
        seen = match(*given, **more)
        return seen.model_copy(update={"bills": tuple(one.model_copy(update={"faults": ()}) for one in seen.bills)})

    monkeypatch.setattr("benchmarks.three_way.__main__.match", blind)
    assert measure(found)["found"] == 0
