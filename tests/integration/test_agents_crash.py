"""An agent killed at any point goes on where it was, and no model call is paid for twice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.scripted_model import Endpoint, answer

ROOT = Path(__file__).parent.parent.parent
READ = {
    "product": "Kaldo K2",
    "serial": None,
    "seller": None,
    "purchased": "2025-06-03",
    "paid": "89.90 EUR",
    "defect": "leaks",
    "wish": None,
}


def _stories(folder: Path) -> list[dict[str, Any]]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.killed_agent", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    stories: list[dict[str, Any]] = json.loads(run.stdout)
    return stories


def _kept(lines: list[str]) -> list[str]:
    """The nodes whose result was kept before the end came."""
    kept, ended = [], None
    for line in lines:
        if line.startswith("end "):
            ended = line.removeprefix("end ")
        elif line == "kept" and ended:
            kept.append(ended)
            ended = None
    return kept


def _started(lines: list[str]) -> list[str]:
    return [line.removeprefix("start ") for line in lines if line.startswith("start ")]


def test_killed_at_every_write_it_repeats_no_finished_node_and_no_paid_call(scripted: Endpoint, tmp_path: Path) -> None:
    scripted.says(answer(READ))
    folder = tmp_path / "stories"
    folder.mkdir()
    stories = _stories(folder)
    *killed, last = stories
    assert len(killed) >= 8, "the points must be many, or nothing was tested"
    assert last["codes"] == [0, 0]
    for story in killed:
        first, second = story["runs"]
        assert story["codes"] == [-9, 0], story
        repeated = set(_kept(first)) & set(_started(second))
        assert not repeated, f"killed at {story['number']}: {repeated} ran twice"
        asked = [body for body in scripted.asked if f"Reference {story['number']}." in str(body["messages"])]
        assert len(asked) == 1, f"killed at {story['number']}: paid {len(asked)} times"
    results = [dict(story["result"], id="") for story in stories]
    assert all(result["values"] == results[0]["values"] for result in results)
    assert all(result["made_with"] == dict(results[0]["made_with"], prompt=result["made_with"]["prompt"]) for result in results)
