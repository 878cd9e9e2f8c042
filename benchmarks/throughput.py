"""What governance costs: governed warranty claims against the same activity bodies in a plain workflow. Prints one JSON object.

    python -m benchmarks.throughput --json

One embedded server, the same worker processes, and in turn: rounds of plain and of governed cases, each a text receipt over the
agent's limit, so that each needs one approval, and all together stay under what may leave in a day (20,000 EUR). The ratio of
the two rates is what counts; the rates depend on the machine.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from baton.cases import store
from baton.deciding import send, signed
from baton.documents.message import file_message
from baton.governance.stamps import SignIn
from baton.intake import submit
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.children import spawn
from baton.runtime.connect import connect
from baton.runtime.sandbox import sandbox
from baton.runtime.settings import Settings, load
from baton.runtime.up import Up, running
from baton.types.ids import CaseId, PersonId
from benchmarks.plain_claim import PlainClaim, body_of
from benchmarks.records import write_csv

BOUGHT = date.today() - timedelta(days=40)
QUEUE = "plain"


def write_company(out: Path, count: int) -> None:
    """As many customers as cases, each with one order of 260.00 EUR."""
    out.mkdir(parents=True)
    write_csv(
        out / "customers.csv",
        "id,name,email,tier,active",
        [(f"C-{n}", f"Customer {n}", f"c{n}@mail.example", "standard", "true") for n in range(count)],
    )
    write_csv(
        out / "products.csv",
        "sku,name,category,warranty_days,repairable,repair_centre,supplier,price,currency",
        [("AP-1", "Crema Espresso Machine", "kitchen", 730, "false", "", "SUP-1", "260.00", "EUR")],
    )
    write_csv(
        out / "suppliers.csv",
        "id,name,email,recovery_days,recovery_share",
        [("SUP-1", "Supplier One", "one@supplier.example", 0, "0.00")],
    )
    orders = [
        (f"SO-{n}", f"C-{n}", "AP-1", f"CE10-{n:06d}", "Harbour Kitchen B.V.", BOUGHT, "260.00", "EUR", f"R-{n}")
        for n in range(count)
    ]
    write_csv(out / "orders.csv", "order,customer,sku,serial,seller,purchased,paid,currency,receipt_number", orders)
    write_csv(out / "stock.csv", "sku,quantity", [("AP-1", 5)])
    for empty in ("repairs.csv", "gift_cards.csv"):
        write_csv(out / empty, "order,reference,date,amount,currency", [])
    staff = [
        ("lena", "Lena", "lena@shop.example", "customer-service", "customer-service-agent", "true", ""),
        ("marta", "Marta", "marta@shop.example", "claims", "claims-handler", "true", ""),
    ]
    write_csv(out / "staff.csv", "id,name,email,department,roles,active,delegate", staff)


def mail(n: int) -> bytes:
    """A customer's message with a receipt as text."""
    message = EmailMessage()
    message["From"], message["To"] = f"Customer {n} <c{n}@mail.example>", "service@shop.example"
    message["Subject"], message["Message-ID"] = "Warranty claim espresso machine", f"<claim-{n}@mail.example>"
    message["Date"] = "Mon, 05 Jan 2026 09:00:00 +0000"
    message.set_content(
        f"Hello,\n\nmy Crema Espresso Machine stopped working and leaks. Serial number: CE10-{n:06d}\n\n"
        f"The receipt is attached. I would like a gift card, please.\n\nKind regards\nCustomer {n}\n"
    )
    receipt = (
        f"Harbour Kitchen B.V.\nKade 14\n3011 AB Rotterdam\n\nReceipt R-{n}\nDate {BOUGHT:%d %B %Y}\n\n"
        f"Crema Espresso Machine 260.00\nS/N CE10-{n:06d}\n\nTOTAL EUR 260.00\nCard EUR 260.00\n"
    )
    message.add_attachment(receipt, filename="receipt.txt")
    return message.as_bytes()


class Bench:
    """Runs cases of both kinds on one server."""

    def __init__(self, runtime: Runtime, client: Client, inbox: Path) -> None:
        self._runtime, self._client, self._inbox = runtime, client, inbox
        self._sign_in = SignIn.at(runtime.settings.home)
        self._waiting: dict[CaseId, asyncio.Future[Any]] = {}

    async def plain(self, n: int) -> None:
        """One plain case: filed, started, approved, ended."""
        message = file_message((self._inbox / f"{n}.eml").read_bytes(), self._runtime.documents)
        handle = await self._client.start_workflow("PlainClaim", message, id=f"plain-{n}", task_queue=QUEUE)
        await handle.execute_update("answer", "approve", result_type=str)
        await handle.result()

    async def watch(self) -> None:
        """See new tasks of every case in one look: what waits is counted, looking for it is not."""
        while True:
            with self._runtime.database.read() as connection:
                for task in store.tasks(connection, "open"):
                    if task.case in self._waiting and not self._waiting[task.case].done():
                        self._waiting[task.case].set_result(task)
            await asyncio.sleep(0.02)

    async def governed(self, n: int) -> None:
        """One governed case: filed, started, approved by a person as soon as there is a task, ended."""
        process, queue = self._runtime.project.processes["warranty_claim"], self._runtime.settings.queue("work")
        path = self._inbox / f"{n}.eml"
        done = await submit(
            self._runtime.engine, self._runtime.documents, self._client, path, process.name, process.temporal_name, queue
        )
        task = await self._task(done.case)
        await send(self._client, done.case, signed(self._sign_in, task, PersonId("marta"), "approve"), patience=120)
        outcome = await self._client.get_workflow_handle(done.case).result()
        if outcome["result"] != "gift card":
            raise SystemExit(f"case {done.case} ended with {outcome}: nothing to compare")

    async def _task(self, case: CaseId) -> Any:
        """The case's approval as soon as it waits for a person."""
        self._waiting[case] = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._waiting[case], 120)
        except TimeoutError:
            raise SystemExit(f"case {case} never came to its approval: see {self._runtime.settings.logs}") from None
        finally:
            del self._waiting[case]


async def rate(run: Any, numbers: Sequence[int], at_once: int) -> float:
    """Cases a second, `at_once` under way at any time."""
    gate = asyncio.Semaphore(at_once)

    async def one(n: int) -> None:
        async with gate:
            await run(n)

    began = time.perf_counter()
    await asyncio.gather(*(one(n) for n in numbers))
    return len(numbers) / (time.perf_counter() - began)


async def alone(run: Any, numbers: Sequence[int]) -> float:
    """The median of cases that run with nothing else, in milliseconds."""
    times = []
    for n in numbers:
        began = time.perf_counter()
        await run(n)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def measure(settings: Settings, cases: int, rounds: int, at_once: int) -> dict[str, Any]:
    """Rounds of both kinds in turn."""
    single, warm = 8, 4
    total = 2 * (rounds * cases + single + warm)
    write_company(settings.home / "company", total)
    inbox = settings.home / "inbox"
    inbox.mkdir()
    for n in range(total):
        (inbox / f"{n}.eml").write_bytes(mail(n))
    os.environ["BATON_COMPANY_SEED"], os.environ["BATON_HOME"] = str(settings.home / "company"), str(settings.home)
    numbers = iter(range(total))
    async with running(settings, environment={"BATON_COMPANY_SEED": str(settings.home / "company")}) as up:
        await _plain_workers(up, settings)
        bench = Bench(build(settings), await up.client(), inbox)
        watching = asyncio.create_task(bench.watch())
        kinds = {"plain": bench.plain, "governed": bench.governed}
        for run in kinds.values():
            await rate(run, [next(numbers) for _ in range(warm)], at_once)
        lone = {kind: await alone(run, [next(numbers) for _ in range(single)]) for kind, run in kinds.items()}
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        spent: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
        for number in range(rounds):
            for kind, run in kinds.items():
                print(f"\rround {number + 1}/{rounds}: {kind}   ", end="", file=sys.stderr, flush=True)
                before = cpu_ms(up)
                rates[kind].append(await rate(run, [next(numbers) for _ in range(cases)], at_once))
                spent[kind].update(cpu_ms(up))
                spent[kind].subtract(before)
        watching.cancel()
    plain, governed = (statistics.harmonic_mean(rates[kind]) for kind in kinds)
    return {
        "cases": rounds * cases,
        "at_once": at_once,
        "plain_per_second": round(plain, 2),
        "governed_per_second": round(governed, 2),
        "ratio": round(governed / plain, 3),
        "rounds": {kind: [round(one, 2) for one in found] for kind, found in rates.items()},
        "cpu_ms_per_case": {
            kind: {part: round(ms / (rounds * cases)) for part, ms in parts.items()} for kind, parts in spent.items()
        },
        "case_alone_ms": round(lone["governed"]),
        "plain_alone_ms": round(lone["plain"]),
        "cores": os.cpu_count(),
    }


def cpu_ms(up: Up) -> Counter[str]:
    """What each part of the system has computed so far; empty where the machine does not tell."""
    parts = {"server": [up.server.pid] if up.server else [], "workers": [child.pid for child in up.workers.values()]}
    return Counter({part: sum(map(_cpu_ms, pids)) for part, pids in (parts | {"client": [os.getpid()]}).items()})


def _cpu_ms(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


async def _plain_workers(up: Up, settings: Settings) -> None:
    """As many processes as the governed cases have: one for pages, the others for the rest."""
    environment = {**settings.environment(), "BATON_COMPANY_SEED": os.environ["BATON_COMPANY_SEED"]}
    queues = {f"{QUEUE}-pages": f"{QUEUE}-pages"} | {f"{QUEUE}-{number}": QUEUE for number in range(settings.work_workers)}
    for name, queue in queues.items():
        command = [sys.executable, "-m", "benchmarks.throughput", "--worker", queue, "--address", up.address]
        log = settings.logs / f"{name}.log"
        up.workers[name] = spawn(name, command, log=log, environment=environment, folder=settings.project)


async def work(queue: str, address: str) -> None:
    """A worker without an interceptor, until it is ended."""
    settings = load()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * settings.work_concurrency))
    runtime = build(settings)
    client = await connect(settings, address)
    bodies = [body_of(declared) for declared in runtime.project.declarations.values()]
    await Worker(
        client,
        task_queue=queue,
        workflows=[] if queue.endswith("-pages") else [PlainClaim],
        activities=bodies,
        workflow_runner=sandbox(),
        max_cached_workflows=0 if queue.endswith("-pages") else settings.cached_cases,
        max_concurrent_activities=settings.pages_concurrency if queue.endswith("-pages") else settings.work_concurrency,
    ).run()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=30, help="cases a round and kind")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--json", action="store_true", help="print JSON (the default; kept so that every command takes it)")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.worker:
        asyncio.run(work(said.worker, said.address))
        return
    with tempfile.TemporaryDirectory(prefix="baton-throughput-") as folder:
        home = said.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        result = asyncio.run(measure(load(home=str(home)), said.cases, said.rounds, said.at_once))
    print(file=sys.stderr)
    print(json.dumps(result, indent=2))
    sys.stdout.flush()
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
