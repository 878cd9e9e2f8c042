"""How well fields are read from real documents, and how many could go through alone: prints one JSON object.

    python -m benchmarks.reading --set sroie_receipts --data ../shared/data

Documents are split by vendor into a calibration half and an evaluation half, on which the figures stand by default. Where a set's
readers can learn, they learn on the calibration half, and the figures of the readers as shipped stand beside, as `untrained`.
Words come from real OCR unless `--words given` asks for the words that the set brings.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baton.documents.store import FolderStore
from baton.readers.reader import Reader
from baton.readers.rules import RulesReader
from baton.readers.tokens.home import shipped
from benchmarks.memory import peak_mb
from benchmarks.reading.items import Labelled
from benchmarks.reading.learned import School
from benchmarks.reading.measure import Matches, Run, figures, in_short, matches, run, wrong_ones
from benchmarks.reading.model import asked_for, told
from benchmarks.reading.sets import sets

GATE = 0.95
"""A field goes through alone from this confidence on, when it is grounded and undisputed."""


def main() -> None:
    """Measure one set."""
    asked = _asked()
    chosen = sets()[asked.set]
    folder = asked.data / asked.set if (asked.data / asked.set).is_dir() else asked.data
    with tempfile.TemporaryDirectory() as scratch:
        store = FolderStore(asked.home or Path(scratch))
        documents = list(chosen.documents(folder, store, asked.half, asked.limit, asked.seed, asked.words))
        if not documents:
            raise SystemExit(f"no documents of `{asked.set}` in `{folder}`: pass the folder of the set with `--data`")
        learned = _training(chosen, folder, store, asked) if asked.trained else []
        measured = _measured(chosen, documents, learned, asked)
        if hasattr(chosen, "more"):  # what only this set can tell
            measured |= chosen.more(folder, store, asked.half, asked.limit, asked.seed)
        print(json.dumps(measured, indent=2))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--set", choices=sorted(sets()), required=True)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets, or the set's own folder")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--reader", choices=["offline", "openai"], default="offline")
    parser.add_argument("--half", choices=["evaluation", "calibration", "all"], default="evaluation")
    parser.add_argument("--words", choices=["ocr", "given"], default="ocr", help="who reads the pages: OCR, or the set's makers")
    parser.add_argument("--gate", type=float, default=GATE)
    parser.add_argument("--home", type=Path, help="keep what OCR read in this folder, for the next run")
    parser.add_argument(
        "--trained",
        action=argparse.BooleanOptionalAction,
        help="learn on the calibration half; the default, but with a language model, which would be asked about all of it",
    )
    parser.add_argument("--untrained", action="store_false", dest="trained", help="only the readers as shipped")
    parser.add_argument("--show", action="store_true", help="also print each field that was read wrong, one JSON object a line")
    asked = parser.parse_args()
    asked.trained = asked.reader == "offline" if asked.trained is None else asked.trained
    return asked


def _training(chosen: Any, folder: Path, store: FolderStore, asked: argparse.Namespace) -> list[Labelled]:
    """What may be learned from: the set's own choice of it, else its calibration half in the words that were asked for."""
    if asked.half == "all":
        return []
    if hasattr(chosen, "training"):
        return list(chosen.training(folder, store, asked.seed, asked.words))
    limit = None if asked.limit is None else 3 * asked.limit
    return list(chosen.documents(folder, store, "calibration", limit, asked.seed, asked.words))


def _shipped() -> list[Reader]:
    return [RulesReader(), shipped()]


def _measured(
    chosen: Any, documents: Sequence[Labelled], learned: Sequence[Labelled], asked: argparse.Namespace
) -> dict[str, Any]:
    match = getattr(chosen, "matches", matches)
    beside = asked_for(asked.reader)
    plain = run(chosen.FORM, documents, [*(chosen.readers(()) or _shipped()), *beside], match)
    trained = _trained(chosen, documents, learned, asked.half, match, beside)
    done = trained or plain
    for wrong in wrong_ones(done) if asked.show else ():
        print(json.dumps(wrong))
    about = {"set": asked.set, "n": len(documents), "half": asked.half, "words": asked.words, "seed": asked.seed}
    return {
        **about,
        "reader": asked.reader,
        "trained_on": f"{len(learned)} documents of the calibration half" if trained else None,
        "gate": asked.gate,
        **figures(done, asked.gate),
        "seconds_per_page": round(done.seconds / max(done.pages, 1), 3),
        "peak_mb": peak_mb(),
        **told(beside),
        "untrained": in_short(plain, asked.gate) if trained else None,
    }


def _trained(
    chosen: Any, documents: Sequence[Labelled], learned: Sequence[Labelled], half: str, match: Matches, beside: Sequence[Reader]
) -> Run | None:
    """With readers that learned; none of a document's vendor is ever among what they learned from."""
    if not learned:
        return None
    school = School(chosen, _shipped, match, learned, beside)
    return school.run(documents) if half == "evaluation" else school.run_within(documents)


if __name__ == "__main__":
    main()
