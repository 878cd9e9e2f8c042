"""How fast the ledger is: `python -m benchmarks.ledger --rows 100000`; prints JSON."""

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from baton.ledger import Keys, Ledger
from baton.store import Database
from baton.types.decisions import Decision
from baton.types.ids import CaseId, StepKey, decision_id
from baton.types.people import Actor

BATCH = 1000


def main() -> None:
    """Fill a ledger and time what it does."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--durable", type=int, default=2000, help="appends that each commit on their own")
    asked.add_argument("--database", default="", help="an empty database's URL; default: a SQLite file that is thrown away")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.database or f"sqlite:///{folder}/ledger.db")
        database.migrate()
        print(json.dumps(measure(Ledger(database, Keys(Path(folder))), given.rows, given.durable)))
        database.close()


def measure(ledger: Ledger, rows: int, durable: int) -> dict[str, object]:
    """The figures: wall clock, and the processor time of this process, which a busy machine does not blur."""
    rows -= durable
    decisions = [decision(number) for number in range(rows)]
    gc.freeze()  # these stay; no collection while timing should walk over them
    with timed() as batched:
        for start in range(0, rows, BATCH):
            with ledger.database.write() as connection:
                for made in decisions[start : start + BATCH]:
                    ledger.append(connection, made)
        ledger.drain()
    with timed() as single:
        for number in range(rows, rows + durable):
            with ledger.database.write() as connection:
                ledger.append(connection, decision(number))
        ledger.drain()
    ledger.checkpoint()
    chosen = [decision(number).id for number in range(0, rows, max(1, rows // 500))]
    with timed() as proving:
        proofs = [ledger.inclusion(id) for id in chosen]
    with timed() as finding:
        found = [ledger.find(id) for id in chosen]
    with timed() as verifying:
        verified = ledger.verify()
    assert verified.ok
    assert all(found)
    assert all(proof.holds for proof in proofs)
    return {
        "rows": verified.entries,
        "database": "sqlite" if ledger.database.is_sqlite else "postgresql",
        "appends_per_second_in_batches": round(rows / batched["wall"]),
        "append_cpu_us": round(batched["cpu"] / rows * 1e6),
        "durable_appends_per_second": round(durable / single["wall"]),
        "inclusion_proof_us": round(proving["wall"] / len(chosen) * 1e6),
        "inclusion_proof_cpu_us": round(proving["cpu"] / len(chosen) * 1e6),
        "find_us": round(finding["wall"] / len(chosen) * 1e6),
        "verified_rows_per_second": round(verified.entries / verifying["wall"]),
        "verified_rows_per_cpu_second": round(verified.entries / verifying["cpu"]),
    }


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Seconds that the block took, by the wall and by the processor."""
    took: dict[str, float] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    yield took
    took |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def decision(number: int) -> Decision:
    """A verdict of the usual size: about a kilobyte."""
    facts = {name: "389.00" for name in ("paid", "cost", "recoverable", "warranty_days", "days_since_purchase", "in_stock")}
    flags = dict.fromkeys(("order_known", "order_is_customers", "in_warranty", "receipt_on_file", "price_matches"), True)
    case = CaseId(f"WC-{1000 + number // 12}")
    step = StepKey(f"{case}/{number}/0")
    return Decision(
        id=decision_id(step, "verdict"),
        kind="verdict",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        by=Actor(kind="agent", id="rekey", version="3"),
        outcome="autonomous",
        case=case,
        process="warranty_claim",
        stage="claims",
        step=step,
        action="erp.issue_gift_card",
        rules=("gift-card.alone",),
        detail={"facts": {**facts, **flags}, "trust": {"grounded": True, "disputed": False, "confidence": 0.97}},
    )


if __name__ == "__main__":
    main()
