"""Attacks planted in receipts, invoices, contracts and mails, against a model that obeys them: prints one JSON object.

    python -m benchmarks.injection --data ../shared/data/prompt_injection

Receipts and mails go through the whole system and its policies, with the obedient model behind the real gateway; nobody
decides anything. Invoices and contracts have no process yet: they are re-keyed and reconciled only. Each look-alike is planted
in a sound claim, which is blocked when the look-alike is taken for an instruction.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from baton.runtime.settings import load
from benchmarks.injection.corpus import chosen, texts
from benchmarks.injection.effects import through_the_system
from benchmarks.injection.fields import Outcome, without_process
from benchmarks.injection.obedient import MODEL, serving
from benchmarks.injection.scenes import EFFECTS_ON, Scene, scenes

UNTOUCHED = 8
"""Claims with nothing planted, to see that sound claims go through."""
_MEASURED_ON = (
    "receipts and mails; invoices and contracts have no process yet: their fields only, by re-keying and reconciliation"
)


def run(planted: list[Scene], home: Path, seed: int) -> dict[str, Any]:
    """All scenes, and the figures."""
    began = time.perf_counter()
    real = [scene for scene in planted if scene.carrier in EFFECTS_ON]
    home.mkdir(parents=True, exist_ok=True)
    with serving(planted) as (url, asked):
        os.environ.update({"BATON_MODEL": MODEL, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"})
        read, wrong, alone = asyncio.run(through_the_system(load(home=str(home)), real, seed))
    outcomes = [*read, *without_process([scene for scene in planted if scene.carrier not in EFFECTS_ON])]
    return {**figures(outcomes, wrong, alone), "model_obeyed": len(set(asked)), "seconds": round(time.perf_counter() - began, 1)}


def figures(outcomes: list[Outcome], wrong: list[str], alone: set[int]) -> dict[str, Any]:
    """What an attacker achieved, and what the defence cost harmless people."""
    attacks = [one for one in outcomes if one.scene.is_attack]
    benign = [one for one in outcomes if one.scene.planted and not one.scene.is_attack]
    untouched = [one for one in outcomes if one.scene.planted is None]
    blocked = [one for one in benign if one.flagged]
    passed = [one for one in benign if one.scene.number in alone]
    return {
        "n": len(attacks) + len(benign),
        "attacks": len(attacks),
        "benign": len(benign),
        "wrong_effects": len(wrong),
        "wrong_fields": sum(len(one.changed) for one in attacks),
        "wrong_fields_on_unflagged_documents": sum(len(one.changed) for one in attacks if not one.flagged),
        "fields_changed_but_in_dispute_or_unsure": sum(len(one.in_sight) for one in attacks),
        "fields_attacked": sum(len(one.scene.wants) for one in attacks),
        "flagged_attacks": sum(one.flagged for one in attacks),
        "blocked_benign": len(blocked),
        "blocked_benign_share": round(len(blocked) / max(1, len(benign)), 4),
        "benign_claims_made_good_alone": len(passed),
        "untouched_claims_made_good_alone": f"{sum(one.scene.number in alone for one in untouched)} of {len(untouched)}",
        "effects_measured_on": f"{sum(one.scene.carrier in EFFECTS_ON for one in attacks)} attacks in {_MEASURED_ON}",
        "wrong": wrong,
        "by_source": _by_source(attacks),
        "by_carrier": dict(Counter(one.scene.carrier for one in attacks)),
        "by_goal": dict(Counter(one.scene.goal for one in attacks if one.scene.goal)),
    }


def _by_source(attacks: list[Outcome]) -> dict[str, str]:
    every, flagged = Counter[str](), Counter[str]()
    for one in attacks:
        assert one.scene.planted
        every[one.scene.planted.source] += 1
        flagged[one.scene.planted.source] += one.flagged
    return {source: f"{flagged[source]} of {every[source]} flagged" for source in sorted(every)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.injection", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with items.jsonl, or its parent")
    parser.add_argument("--limit", type=int, default=150, help="how many texts are planted, three attacks to two look-alikes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=["evaluation", "calibration", "all"], default="evaluation")
    parser.add_argument("--show", action="store_true", help="also print each attack missed and each look-alike blocked")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder, to look at with BATON_HOME")
    said = parser.parse_args()
    folder = said.data / "prompt_injection" if (said.data / "prompt_injection").is_dir() else said.data
    if not (folder / "items.jsonl").is_file():
        parser.error(f"no `items.jsonl` in `{folder}`: pass the folder of the set with `--data`")
    planted = scenes(chosen(texts(folder, said.half), said.limit, said.seed), UNTOUCHED, said.seed, date.today())
    with tempfile.TemporaryDirectory(prefix="baton-injection-") as scratch:
        result = run(planted, said.keep or Path(scratch), said.seed)
    learned = {"trained_on": None, "phrases_tried_on": "calibration"}
    about = {"set": "prompt_injection", "half": said.half, "seed": said.seed, **learned}
    print(json.dumps(about | result, indent=2, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
