"""Real invoices through the whole system, from the supplier's e-mail to the payment: prints one JSON object.

    python -m benchmarks.invoices --data ../shared/data/fcc_adbuy_invoices_orders --limit 40 --json

The company's orders are made from the invoices' labels, one sum for one thing each, with its delivery; three in ten are tampered
with: another price, another period, another buyer, another account, or a bill that was paid before. Those must never be paid.
Every invoice comes as it is (PDF or XML) in an e-mail of its supplier; nobody decides anything, so what waits for a person
stays there.
A folder of invoices with labels is known by what its items hold: also `einvoices_pdf_xml` and `invoice2data`.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

from baton.cases import store
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.settings import Settings, load
from baton.runtime.up import running
from benchmarks.billed import Bill, bills, tamper, write_company
from benchmarks.claims import upper95

TAMPERED = 0.3
MONEY = ("purchasing.pay_bill", "purchasing.release_payment", "purchasing.confirm_account", "purchasing.place_order")


def chosen(folder: Path, limit: int, seed: int) -> tuple[list[Bill], int]:
    """Invoices whose labels say enough, three in ten tampered with; and how many could not be used."""
    found, unusable = bills(folder)
    random = Random(seed)
    random.shuffle(found)
    some = found[:limit]
    for number, bill in enumerate(some[: round(len(some) * TAMPERED)]):
        tamper(bill, number, some, random)
    random.shuffle(some)
    return some, unusable


def write_mail(path: Path, bill: Bill) -> None:
    """The supplier's e-mail, with the invoice as it came."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Billing <{bill.address}>", "payables@company.example"
    mail["Subject"], mail["Message-ID"] = f"Invoice for your order {bill.order}", f"<invoice-{bill.key}@supplier.example>"
    mail["Date"] = "Mon, 05 Jan 2026 09:00:00 +0000"
    mail.set_content(f"Hello,\n\nplease find our invoice for your order {bill.order} attached.\n\nKind regards\nBilling\n")
    main, _, sub = bill.media_type.partition("/")
    mail.add_attachment(bill.file.read_bytes(), maintype=main, subtype=sub, filename=bill.file.name)
    path.write_bytes(mail.as_bytes())


async def run(settings: Settings, found: Sequence[Bill]) -> dict[str, Any]:
    """All invoices through the whole system."""
    seed_folder, inbox = settings.home / "company", settings.home / "inbox"
    write_company(seed_folder, found)
    inbox.mkdir()
    os.environ["BATON_COMPANY_SEED"], os.environ["BATON_HOME"] = str(seed_folder), str(settings.home)
    async with running(settings, environment={"BATON_COMPANY_SEED": str(seed_folder)}) as up:
        runtime, client = build(settings), await up.client()
        process = runtime.project.processes["purchase_order"]
        began = time.perf_counter()
        for bill in found:
            path = inbox / f"{bill.key}.eml"
            write_mail(path, bill)
            done = await submit(
                runtime.engine, runtime.documents, client, path, process.name, process.temporal_name, settings.queue("work")
            )
            bill.case = done.case
        await _settled(runtime, found)
        return _report(runtime, found, time.perf_counter() - began)


async def _settled(runtime: Runtime, found: Sequence[Bill]) -> None:
    """Until every case has ended or waits for a person."""
    last, moved = -1, time.monotonic()
    while True:
        with runtime.database.read() as connection:
            tasks = {task.case for task in store.tasks(connection)}
            resting = sum(1 for case in store.cases(connection) if case.status != "open" or case.id in tasks)
        if resting == len(found):
            return
        if resting != last:
            last, moved = resting, time.monotonic()
            print(f"\r{resting}/{len(found)}", end="", file=sys.stderr, flush=True)
        if time.monotonic() - moved > 300:
            raise SystemExit(f"nothing moved for 5 minutes with {resting} of {len(found)} at rest: see {runtime.settings.logs}")
        await asyncio.sleep(0.2)


def _report(runtime: Runtime, found: Sequence[Bill], seconds: float) -> dict[str, Any]:
    paid: dict[str, Decimal] = {}
    reasons: Counter[str] = Counter()
    with runtime.database.read() as connection:
        cases = {case.id: case for case in store.cases(connection)}
        for task in store.tasks(connection):
            reasons.update([clause.words for clause in task.failed] or [task.title])
    others = Counter[str]()
    for row in runtime.engine.ledger.scan():
        if row.kind == "effect" and row.outcome == "written" and row.action in MONEY:
            done: Any = row.private["done"]
            if row.action == "purchasing.pay_bill":
                paid[str(row.case)] = Decimal(done["amount"]["amount"])
            elif row.action != "purchasing.release_payment":
                others[str(row.case)] += 1
    automated = [bill for bill in found if bill.case in paid]
    wrong = [bill for bill in found if others[str(bill.case)] or (bill.case in paid and not _right(bill, paid[str(bill.case)]))]
    untampered = [bill for bill in found if not bill.fault]
    alone = sum(1 for bill in automated if not bill.fault)
    verified = runtime.engine.ledger.verify()
    return {
        "n": len(found),
        "tampered": len(found) - len(untampered),
        "faults": dict(Counter(bill.fault for bill in found if bill.fault)),
        "automated": len(automated),
        "automated_untampered": alone,
        "share_untampered": round(alone / max(1, len(untampered)), 3),
        "wrong_effects": len(wrong),
        "wrong": [{"id": bill.id, "fault": bill.fault, "paid": str(paid.get(str(bill.case)))} for bill in wrong],
        "upper95": upper95(len(wrong), len(automated)),
        "outcomes": dict(Counter(_outcome(cases[bill.case]) for bill in found if bill.case)),
        "why_people": dict(reasons.most_common(12)),
        "seconds_per_case": round(seconds / max(1, len(found)), 2),
        "ledger": {"entries": verified.entries, "verified": verified.ok},
    }


def _right(bill: Bill, paid: Decimal) -> bool:
    return not bill.fault and paid == bill.total


def _outcome(case: Any) -> str:
    return str(case.outcome.result) if case.outcome else str(case.status)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.invoices", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with items.jsonl and its invoices")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print JSON (the default; kept so that every command takes it)")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder, to look at with BATON_HOME")
    said = parser.parse_args()
    if not (said.data / "items.jsonl").is_file():
        raise SystemExit(f"no items.jsonl in `{said.data}`: name a folder of labelled invoices")
    found, unusable = chosen(said.data, said.limit, said.seed)
    with tempfile.TemporaryDirectory(prefix="baton-invoices-") as folder:
        home = said.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        result = asyncio.run(run(load(home=str(home)), found))
    print(file=sys.stderr)
    print(json.dumps(result | {"unusable_labels": unusable, "seed": said.seed}, indent=2))
    sys.stdout.flush()
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
