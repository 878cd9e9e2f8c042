"""Every order with its real receipt quantities and bills made from them, some with planted faults: prints one JSON object.

    python -m benchmarks.three_way --data ../shared/data/adventureworks_po [--limit N] [--seed S] [--faults FILE] --json

`n` is the orders, `planted` the faults, `found` how many of them were held under the fault's own name, `held` how many
were held at all; `false_holds` is how many honest bills were held, of `honest`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from baton.matching import Judged, OrderLine, match
from benchmarks.three_way.orders import Case, cases, others_of
from benchmarks.three_way.planting import FORMAT, PLANTS, Planter, plant_file

SHARE = 0.3


def measure(found: Sequence[Case]) -> dict[str, Any]:
    """Match every order; what was planted is looked at afterwards only."""
    began = time.perf_counter()
    others = others_of(found)
    judged = [_judge(case, others[case.supplier.id]) if case.bills else () for case in found]
    seconds = time.perf_counter() - began
    faulty = [(case, bills[case.faulty :]) for case, bills in zip(found, judged, strict=True) if case.fault]
    honest = [
        (case, bill)
        for case, bills in zip(found, judged, strict=True)
        for place, bill in enumerate(bills)
        if place != case.faulty and not (case.fault and case.faulty < place)
    ]
    held = [(case, bills) for case, bills in faulty if any(not bill.clean for bill in bills)]
    named = [case for case, bills in held if case.fault not in PLANTS or _names(case.fault) & _kinds(bills)]
    false = [(case, bill) for case, bill in honest if not bill.clean]
    planted, found_of = Counter(case.fault for case, _ in faulty), Counter(case.fault for case in named)
    return {
        "n": len(found),
        "lines": sum(len(case.order.lines) for case in found),
        "bills": sum(len(bills) for bills in judged),
        "planted": len(faulty),
        "held": len(held),
        "found": len(named),
        "found_share": round(len(named) / len(faulty), 4) if faulty else None,
        "honest": len(honest),
        "false_holds": len(false),
        "false_share": round(len(false) / len(honest), 4) if honest else None,
        "by_fault": {kind: {"planted": count, "found": found_of[kind]} for kind, count in sorted(planted.items())},
        "missed": [_told(case, bills[0]) for case, bills in faulty if case not in named][:10],
        "held_honest": [_told(case, bill) for case, bill in false][:10],
        "paid_too_much": str(sum((_too_much(case, bills[0]) for case, bills in faulty), Decimal(0))),
        "orders_a_second": round(len(found) / seconds),
    }


def _judge(case: Case, of_supplier: Sequence[Any]) -> tuple[Judged, ...]:
    own = {id(bill) for bill in case.bills}
    others = [bill for bill in of_supplier if id(bill) not in own]
    return match(case.order, [case.receipt], case.bills, case.supplier, others=others).bills


def _kinds(bills: Sequence[Judged]) -> set[str]:
    """What was said of these bills: freight beyond what was agreed shows on the bill that goes beyond it."""
    return {fault.kind for bill in bills for fault in bill.faults}


def _names(fault: str) -> set[str]:
    """What the fault may be called: a quantity raised by hand may be beyond what was ordered, what came, or what was kept."""
    return {fault} | ({"undelivered", "credit_missing"} if fault == "quantity" else set())


def _too_much(case: Case, judged: Judged) -> Decimal:
    """What a faulty bill would still be paid beyond what came of its order: nothing, if the match is right."""
    credited = any(bill.kind == "credit_note" for bill in case.bills)
    agreed = sum((_worth(case, line, credited) for line in case.order.lines), Decimal(0))
    return max(judged.undisputed - agreed - case.order.freight - 1, Decimal(0))


def _worth(case: Case, line: OrderLine, credited: bool) -> Decimal:
    quantity = min(case.received(line.number)[0], line.quantity) if credited else case.kept(line.number)
    return line.price * quantity * (1 + (line.tax_rate or Decimal(0)) / 100)


def _told(case: Case, judged: Judged) -> dict[str, Any]:
    return {"order": case.id, "planted": case.fault, "bill": judged.bill.number, "said": [fault.words for fault in judged.faults]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.three_way",
        description=(__doc__ or "").partition("\n")[0],
        epilog=FORMAT.format(names=", ".join(PLANTS)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="a folder with purchase_orders.jsonl")
    parser.add_argument("--limit", type=int, help="so many orders; default all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=Path, help="faults of your own (JSON or CSV) instead of ours; format below")
    parser.add_argument("--json", action="store_true", help="print JSON (the default; kept so that every command takes it)")
    said = parser.parse_args()
    if not (said.data / "purchase_orders.jsonl").is_file():
        raise SystemExit(f"no purchase_orders.jsonl in `{said.data}`: name the folder of AdventureWorks purchase orders")
    found, random = cases(said.data, said.limit, said.seed), Random(said.seed + 1)
    if said.faults:
        plant_file(found, said.faults, random)
    else:
        Planter().plant(found, SHARE, random)
    print(json.dumps(measure(found) | {"seed": said.seed}, indent=2))


if __name__ == "__main__":
    main()
