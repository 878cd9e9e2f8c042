"""Real receipts as warranty claims through the whole system: prints one JSON object.

    python -m benchmarks.claims --data ../shared/data/sroie_receipts --limit 40 --json

The company's records are made from the receipts' labels, and three in ten are tampered with: another price, another date,
another seller, or an order that was made good already. Those must never go through alone. Every receipt is attached to a
customer's e-mail as its image and read by OCR; nobody decides anything, so what waits for a person or a customer stays there.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

from scipy.stats import beta

from baton.cases import store
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.settings import Settings, load
from baton.runtime.up import running
from baton.types.ids import CaseId
from benchmarks.records import write_csv

TAMPERED = 0.3
FAULTS = ("price", "date", "seller", "duplicate")
DATES = (
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d-%m-%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%Y-%m-%d",
    "%d-%b-%y",
    "%d %b %y",
)
DEFECTS = (
    "stopped working after a few weeks",
    "leaks and trips the fuse",
    "does not switch on any more",
    "makes a grinding noise and then stops",
)


@dataclass
class Claim:
    """One receipt, the order that the records hold for it, and what was done to that order."""

    id: str
    image: Path
    seller: str
    bought: date
    paid: Decimal
    fault: str = ""
    case: CaseId | None = None

    @property
    def number(self) -> str:
        """The order's number."""
        return f"SO-{self.id}"


def claims(folder: Path, limit: int, seed: int) -> tuple[list[Claim], int]:
    """Receipts with an image and labels that can be read as a date and an amount; and how many could not."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines() if line.strip()]
    found = [claim for item in items if item["image"] and (claim := _claim(folder, item))]
    unusable = sum(1 for item in items if item["image"]) - len(found)
    random = Random(seed)
    random.shuffle(found)
    chosen = found[:limit]
    tampered = chosen[: round(len(chosen) * TAMPERED)]
    for number, claim in enumerate(tampered):
        _tamper(claim, FAULTS[number % len(FAULTS)], chosen, random)
    random.shuffle(chosen)
    return chosen, unusable


def _claim(folder: Path, item: dict[str, Any]) -> Claim | None:
    label = item["ground_truth"]
    bought, paid = _date(label.get("date", "")), _amount(label.get("total", ""))
    if bought is None or paid is None or not label.get("company") or not (folder / item["image"]).is_file():
        return None
    return Claim(str(item["id"]), folder / item["image"], label["company"], bought, paid)


def _tamper(claim: Claim, fault: str, among: Sequence[Claim], random: Random) -> None:
    """Make the records differ from the receipt in one thing."""
    claim.fault = fault
    match fault:
        case "price":
            claim.paid = (claim.paid * Decimal(str(round(random.uniform(1.1, 1.9), 2)))).quantize(Decimal("0.01"))
        case "date":
            claim.bought += timedelta(days=random.choice((-1, 1)) * random.randint(1, 200))
        case "seller":
            claim.seller = random.choice(
                [other.seller for other in among if other.seller != claim.seller] or ["Another Shop Ltd"]
            )


def _date(text: str) -> date | None:
    cleaned = re.sub(r"\s+", " ", text.strip().title())
    for form in DATES:
        try:
            return datetime.strptime(cleaned, form).date()
        except ValueError:
            continue
    return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(re.sub(r"[^\d.]", "", text))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount > 0 else None


def write_company(out: Path, found: Sequence[Claim]) -> None:
    """The records of a company that sold all this."""
    out.mkdir(parents=True)
    write_csv(
        out / "customers.csv",
        "id,name,email,tier,active",
        [(f"C-{c.id}", f"Customer {c.id}", _address(c), "standard", "true") for c in found],
    )
    write_csv(
        out / "products.csv",
        "sku,name,category,warranty_days,repairable,repair_centre,supplier,price,currency",
        [("AP-1", "Household appliance", "appliances", 9999, "false", "", "SUP-1", "100.00", "MYR")],
    )
    write_csv(
        out / "suppliers.csv",
        "id,name,email,recovery_days,recovery_share",
        [("SUP-1", "Supplier One", "one@supplier.example", 0, "0.00")],
    )
    orders = [(c.number, f"C-{c.id}", "AP-1", _serial(c), c.seller, c.bought.isoformat(), c.paid, "MYR", "") for c in found]
    write_csv(out / "orders.csv", "order,customer,sku,serial,seller,purchased,paid,currency,receipt_number", orders)
    write_csv(out / "stock.csv", "sku,quantity", [("AP-1", 5)])
    write_csv(out / "repairs.csv", "order,reference,date,amount,currency", [])
    earlier = [
        (c.number, f"GC-{c.id}", (date.today() - timedelta(days=30)).isoformat(), c.paid, "MYR")
        for c in found
        if c.fault == "duplicate"
    ]
    write_csv(out / "gift_cards.csv", "order,reference,date,amount,currency", earlier)
    staff = [
        ("lena", "Lena", "lena@shop.example", "customer-service", "customer-service-agent", "true", ""),
        ("marta", "Marta", "marta@shop.example", "claims", "claims-handler", "true", ""),
    ]
    write_csv(out / "staff.csv", "id,name,email,department,roles,active,delegate", staff)


def _address(claim: Claim) -> str:
    return f"customer-{claim.id}@mail.example"


def _serial(claim: Claim) -> str:
    return f"AP1-{int(claim.id):06d}" if claim.id.isdigit() else f"AP1-{claim.id}"


def write_mail(path: Path, claim: Claim, random: Random) -> None:
    """The customer's e-mail, with the receipt as it was scanned."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Customer {claim.id} <{_address(claim)}>", "service@shop.example"
    mail["Subject"], mail["Message-ID"] = "Warranty claim household appliance", f"<claim-{claim.id}@mail.example>"
    mail["Date"] = "Mon, 05 Jan 2026 09:00:00 +0000"
    mail.set_content(
        f"Hello,\n\nthe household appliance that I bought from you {random.choice(DEFECTS)}.\n"
        f"Serial number: {_serial(claim)}\n\nThe receipt is attached. I would like a gift card, please.\n\n"
        f"Kind regards\nCustomer {claim.id}\n"
    )
    mail.add_attachment(claim.image.read_bytes(), maintype="image", subtype="jpeg", filename="receipt.jpg")
    path.write_bytes(mail.as_bytes())


async def run(settings: Settings, found: Sequence[Claim], seed: int) -> dict[str, Any]:
    """All claims through the whole system."""
    random = Random(seed)
    seed_folder, inbox = settings.home / "company", settings.home / "inbox"
    write_company(seed_folder, found)
    inbox.mkdir()
    os.environ["BATON_COMPANY_SEED"], os.environ["BATON_HOME"] = str(seed_folder), str(settings.home)
    environment = {"BATON_COMPANY_SEED": str(seed_folder)}
    async with running(settings, environment=environment) as up:
        runtime, client = build(settings), await up.client()
        process = runtime.project.processes["warranty_claim"]
        began = time.perf_counter()
        for claim in found:
            path = inbox / f"{claim.id}.eml"
            write_mail(path, claim, random)
            done = await submit(
                runtime.engine, runtime.documents, client, path, process.name, process.temporal_name, settings.queue("work")
            )
            claim.case = done.case
        await _settled(runtime, found)
        seconds = time.perf_counter() - began
        return _report(runtime, found, seconds)


async def _settled(runtime: Runtime, found: Sequence[Claim]) -> None:
    """Until every case has ended, or waits for a person or its customer."""
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
            raise SystemExit(
                f"nothing moved for 5 minutes with {resting} of {len(found)} cases at rest: see {runtime.settings.logs}"
            )
        await asyncio.sleep(0.2)


def _report(runtime: Runtime, found: Sequence[Claim], seconds: float) -> dict[str, Any]:
    paid: dict[str, Decimal] = {}
    reasons: Counter[str] = Counter()
    with runtime.database.read() as connection:
        status = {case.id: case.status for case in store.cases(connection)}
        for task in store.tasks(connection):
            reasons.update(clause.words for clause in task.failed)
            reasons.update([task.title] if not task.failed else [])
    for row in runtime.engine.ledger.scan():
        if row.kind == "effect" and row.outcome == "written" and row.action == "erp.issue_gift_card":
            done: Any = row.private["done"]
            paid[str(row.case)] = Decimal(done["value"]["amount"])
    automated = [claim for claim in found if claim.case in paid]
    wrong = [claim for claim in automated if claim.fault or paid[str(claim.case)] != claim.paid]
    untampered = [claim for claim in found if not claim.fault]
    verified = runtime.engine.ledger.verify()
    return {
        "n": len(found),
        "tampered": len(found) - len(untampered),
        "faults": dict(Counter(claim.fault for claim in found if claim.fault)),
        "automated": len(automated),
        "automated_untampered": sum(1 for claim in automated if not claim.fault),
        "share_untampered": round(sum(1 for claim in automated if not claim.fault) / max(1, len(untampered)), 3),
        "wrong_automated": len(wrong),
        "wrong": [{"id": claim.id, "fault": claim.fault, "paid": str(paid[str(claim.case)])} for claim in wrong],
        "upper95": upper95(len(wrong), len(automated)),
        "to_people": sum(1 for claim in found if claim.case not in paid and status[claim.case] != "waiting"),  # type: ignore[index]
        "to_customers": sum(1 for claim in found if claim.case and status[claim.case] == "waiting"),
        "why_people": dict(reasons.most_common(12)),
        "seconds_per_case": round(seconds / max(1, len(found)), 2),
        "ledger": {"entries": verified.entries, "verified": verified.ok},
    }


def upper95(wrong: int, of: int) -> float:
    """The exact one-sided 95 % upper bound of a share (Clopper and Pearson, 1934); 1.0 where nothing was counted."""
    return 1.0 if of == 0 or wrong == of else round(float(beta.ppf(0.95, wrong + 1, of - wrong)), 4)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder with items.jsonl and img/, as of the SROIE receipts")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print JSON (the default; kept so that every command takes it)")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder, to look at with BATON_HOME")
    said = parser.parse_args()
    if not (said.data / "items.jsonl").is_file():
        raise SystemExit(f"no items.jsonl in `{said.data}`: name a folder of labelled receipts")
    found, unusable = claims(said.data, said.limit, said.seed)
    with tempfile.TemporaryDirectory(prefix="baton-claims-") as folder:
        home = said.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        result = asyncio.run(run(load(home=str(home)), found, said.seed))
    print(file=sys.stderr)
    print(json.dumps(result | {"unusable_labels": unusable, "seed": said.seed}, indent=2))
    sys.stdout.flush()
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
