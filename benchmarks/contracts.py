"""How an agreement is judged against a playbook: verdicts and evidence on labelled agreements. Prints one JSON object.

    python -m benchmarks.contracts --data ../shared/data/contract_nli

Documents are split by id into a calibration half, from which a judge learns and picks its gate, and an evaluation half, on which
the figures stand. The playbook's own patterns, which learn nothing, stand beside as `untrained`. Automated is what the playbook
accepts and the judges are sure of; wrong among it is what the label calls a contradiction.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from baton.playbook import Clause, Heard, Judge, Playbook, RulesJudge, TwoJudges, compare, load, passages_of
from baton.playbook.book import Words
from baton.playbook.learned import Judged, LearnedJudge
from benchmarks.reading.figures import share, upper95

PLAYBOOK = Path(__file__).parents[1] / "policies" / "playbook" / "nda.toml"
MOST_CONTRADICTED = 0.02
MOST_NOT_SAID = 0.08
"""The gate keeps the shares of acceptances that the label contradicts, or does not speak of, under these, with 95 % certainty."""
LEAST_SURE = 0.8
"""No gate goes below this, whatever the calibration half would allow."""
FOLDS = 4
LABELS: Mapping[str, str] = {
    "marked": "nda-1",
    "technical-only": "nda-2",
    "oral": "nda-3",
    "purpose": "nda-4",
    "employees": "nda-5",
    "advisers": "nda-7",
    "compelled": "nda-8",
    "existence": "nda-10",
    "reverse-engineering": "nda-11",
    "own-development": "nda-12",
    "other-source": "nda-13",
    "no-licence": "nda-15",
    "return": "nda-16",
    "copies": "nda-17",
    "solicitation": "nda-18",
    "survival": "nda-19",
    "retention": "nda-20",
}
"""The set's name for each clause of the playbook."""
WORDS: Mapping[str, Words] = {"Entailment": "said", "Contradiction": "denied", "NotMentioned": "silent"}


@dataclass(frozen=True)
class Answer:
    """One clause of one agreement: what was heard and decided, and what the label says."""

    document: str
    clause: str
    heard: Heard
    accepted: bool
    label: Words
    shown: frozenset[tuple[int, int]]


def agreements(folder: Path, half: str, limit: int | None, seed: int) -> list[tuple[str, Judged]]:
    """Labelled agreements of one half."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    chosen = [item for item in items if half in ("all", half_of(str(item["id"])))]
    Random(seed).shuffle(chosen)
    return [(str(item["id"]), _judged(item)) for item in chosen[:limit]]


def half_of(document: str) -> str:
    """Which half a document belongs to."""
    return ("calibration", "evaluation")[hashlib.sha256(document.encode()).digest()[-1] % 2]


def _judged(item: dict[str, Any]) -> Judged:
    told = item["annotation_sets"][0]["annotations"]
    labels = {clause: told[name] for clause, name in LABELS.items() if name in told}
    return Judged(
        passages=passages_of(item["text"], [(start, end) for start, end in item["spans"]]),
        words={clause: WORDS[one["choice"]] for clause, one in labels.items()},
        shown={clause: frozenset(one["spans"]) for clause, one in labels.items()},
    )


def answers(papers: Sequence[tuple[str, Judged]], playbook: Playbook, judge: Judge) -> list[Answer]:
    """What the judge and the playbook say of every clause of every agreement."""
    found = []
    for name, paper in papers:
        for one in compare(paper.passages, playbook, judge):
            if one.clause in paper.words:
                heard = Heard(words=one.words, spans=one.spans, confidence=one.confidence)
                shown = frozenset((paper.passages[at].start, paper.passages[at].end) for at in paper.shown[one.clause])
                found.append(Answer(name, one.clause, heard, one.verdict == "accept", paper.words[one.clause], shown))
    return found


def gate_for(seen: Sequence[Answer]) -> float:
    """The lowest confidence from which on acceptances keep both bounds; `seen` was accepted at whatever confidence."""
    ranked = sorted((one for one in seen if one.accepted), key=lambda one: -one.heard.confidence)
    gate, contradicted, not_said = 1.0, 0, 0
    ranked = [one for one in ranked if one.heard.confidence >= LEAST_SURE]
    for n, one in enumerate(ranked, start=1):
        contradicted += one.label == "denied"
        not_said += one.label != "said"
        if _surely_under(MOST_CONTRADICTED, contradicted, n) and _surely_under(MOST_NOT_SAID, not_said, n):
            gate = one.heard.confidence
    return gate


def _surely_under(most: float, wrong: int, n: int) -> bool:
    bound = upper95(wrong, n)
    return bound is not None and bound <= most


def learned(clauses: Sequence[Clause], papers: Sequence[tuple[str, Judged]], playbook: Playbook) -> tuple[Judge, float]:
    """A judge that learned from these agreements, and its gate from what such judges said of agreements they had not seen."""
    unseen: list[Answer] = []
    ungated = playbook.model_copy(update={"gate": 0.0})
    for fold in range(FOLDS):
        judge = _double(clauses, [paper for at, (_, paper) in enumerate(papers) if at % FOLDS != fold])
        unseen += answers([one for at, one in enumerate(papers) if at % FOLDS == fold], ungated, judge)
    return _double(clauses, [paper for _, paper in papers]), gate_for(unseen)


def _double(clauses: Sequence[Clause], judged: Sequence[Judged]) -> Judge:
    """What was learned, held against the playbook's own patterns."""
    return TwoJudges(LearnedJudge(clauses, judged), RulesJudge())


def figures(found: Sequence[Answer]) -> dict[str, Any]:
    """The figures over all clauses."""
    accepted = [one for one in found if one.accepted]
    wrong = sum(one.label == "denied" for one in accepted)
    return {
        "n": len(found),
        "automated": share(len(accepted), len(found)),
        "wrong_automated": wrong,
        "upper95": upper95(wrong, len(accepted)),
        "accepted_not_said": sum(one.label == "silent" for one in accepted),
        "verdicts_right": share(sum(one.heard.words == one.label for one in found), len(found)),
        "evidence_f1": _evidence_f1(found),
    }


def _evidence_f1(found: Sequence[Answer]) -> float:
    """Micro F1 over passages, of clauses that the label says or denies, and of all that was shown."""
    hits = sum(len(one.shown & set(one.heard.spans)) for one in found)
    total = sum(len(one.shown) + len(one.heard.spans) for one in found)
    return round(2 * hits / total, 4) if total else 0.0


def by_clause(found: Sequence[Answer]) -> dict[str, dict[str, int]]:
    """For each clause how many agreements there were, how many were accepted, and how many of those wrongly."""
    told: dict[str, dict[str, int]] = {}
    for one in found:
        row = told.setdefault(one.clause, {"n": 0, "right": 0, "accepted": 0, "contradicted": 0, "not_said": 0})
        row["n"] += 1
        row["right"] += one.heard.words == one.label
        row["accepted"] += one.accepted
        row["contradicted"] += one.accepted and one.label == "denied"
        row["not_said"] += one.accepted and one.label == "silent"
    return told


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contracts", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets, or the set's own folder")
    parser.add_argument("--playbook", type=Path, default=PLAYBOOK)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--gate", type=float, help="accept from this confidence on; without it the calibration half says")
    parser.add_argument("--untrained", action="store_true", help="only the playbook's own patterns")
    asked = parser.parse_args()
    folder = asked.data / "contract_nli" if (asked.data / "contract_nli").is_dir() else asked.data
    if not (folder / "items.jsonl").is_file():
        parser.error(f"no `items.jsonl` in `{folder}`: pass the folder of the set with `--data`")
    print(json.dumps(_measured(folder, load(asked.playbook), asked), indent=2))


def _measured(folder: Path, playbook: Playbook, asked: argparse.Namespace) -> dict[str, Any]:
    papers = agreements(folder, "evaluation", asked.limit, asked.seed)
    plain = answers(papers, playbook, RulesJudge())
    about = {"set": "contract_nli", "documents": len(papers), "half": "evaluation", "seed": asked.seed}
    if asked.untrained:
        return {**about, "trained_on": None, "gate": playbook.gate, **figures(plain), "clauses": by_clause(plain)}
    taught = agreements(folder, "calibration", None, asked.seed)
    judge, gate = learned(playbook.clauses, taught, playbook)
    start = time.perf_counter()
    found = answers(papers, playbook.model_copy(update={"gate": gate if asked.gate is None else asked.gate}), judge)
    return {
        **about,
        "trained_on": f"{len(taught)} documents of the calibration half",
        "gate": round(gate if asked.gate is None else asked.gate, 4),
        **figures(found),
        "seconds_per_document": round((time.perf_counter() - start) / max(len(papers), 1), 3),
        "untrained": {"gate": playbook.gate, **figures(plain)},
        "clauses": by_clause(found),
    }


if __name__ == "__main__":
    main()
