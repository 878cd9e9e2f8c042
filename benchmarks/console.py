"""How fast the console is when there is a lot: 100,000 cases, 1,000,000 decisions, 5,000 open tasks. Prints one JSON object.

    python -m benchmarks.console --json

Fills an installation directly (some minutes), serves the console, and asks for pages over HTTP with 16 clients at once, each for
the next as soon as it has the last; then one client alone (`alone_p95_ms`). `cpu_ms` is what the serving processes compute for
a page, `queries` what a page asks the database. Chromium opens the inbox. Then the server of the cases and its workers come up,
real messages become real cases, and people approve them: a decision counts until its case has taken it. `decide` is with 16
clients that answer without a pause, `decide_reading` with some seconds before each answer.
"""

import argparse
import asyncio
import gzip
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baton.console import assets
from baton.runtime.bootstrap import build, prepare
from baton.runtime.root import project_root
from baton.runtime.settings import Settings, load
from benchmarks.console_pages import Pages, served
from benchmarks.console_paint import first_paint
from benchmarks.console_queries import queries
from benchmarks.console_store import Size, fill
from benchmarks.console_work import decide
from benchmarks.throughput import mail, write_company

KINDS = ("inbox", "task", "case", "decision", "search")
GOALS = {"inbox": 100, "task": 100, "case": 100, "decision": 100, "search": 100, "decide": 250, "decide_reading": 250}


def company(home: Path, count: int) -> None:
    """The records of a company that knows the customers of `count` real messages; the staff is the sample company's."""
    write_company(home / "company", count)
    shutil.copy(project_root() / "samples" / "company" / "staff.csv", home / "company" / "staff.csv")
    (home / "inbox").mkdir()
    for number in range(count):
        (home / "inbox" / f"{number}.eml").write_bytes(mail(number))


def filled(settings: Settings, size: Size, decisions: int, say: Callable[[str], None]) -> float:
    """Have everything there; how many seconds it took, or 0 where it was there already."""
    done = settings.home / "filled.json"
    if done.exists():
        return 0.0
    company(settings.home, 2 * decisions)
    runtime = build(settings)
    runtime.database.migrate()
    prepare(runtime)
    took = fill(runtime, size, say)
    runtime.close()
    done.write_text(json.dumps({"cases": size.cases, "tasks": size.tasks}))
    return took


async def measure(settings: Settings, size: Size, asked: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    """The figures."""
    os.environ["BATON_COMPANY_SEED"], os.environ["BATON_HOME"] = str(settings.home / "company"), str(settings.home)
    took = await asyncio.to_thread(filled, settings, size, asked.decisions, say)
    found: dict[str, Any] = {}
    async with served(settings, asked.processes, say) as there:
        pages = Pages(settings, there, asked.clients)
        await pages.sign_in()
        for name in KINDS:
            before = there.cpu_seconds()
            times = await pages.load(name, asked.requests)
            found[name] = said(times, (there.cpu_seconds() - before) * len(times) / (len(times) + pages.warming))
            found[name]["alone_p95_ms"] = said(await pages.alone(name, max(asked.requests // 16, 20)))["p95_ms"]
            say(f"{name}: {found[name]}")
        paint = await first_paint(there.url, say)
        if asked.decisions:
            say("decisions through a real server")
            for name, times in (await decide(settings, there, asked.clients, asked.decisions, say)).items():
                found[name] = said(times)
                say(f"{name}: {found[name]}")
    for name, count in (await queries(settings, {name: pages.some(name, 11) for name in KINDS})).items():
        found[name]["queries"] = count
    return {
        "pages": found,
        "goals_p95_ms": GOALS,
        "first_paint_ms": paint,
        "own_javascript_gzipped_bytes": own_javascript(),
        "clients": asked.clients,
        "processes": asked.processes,
        "cores": os.cpu_count(),
        "cases": size.cases,
        "decisions": size.decisions,
        "open_tasks": size.tasks,
        "fill_seconds": round(took),
        "database_bytes": (settings.home / "baton.db").stat().st_size,
        "load_average": round(os.getloadavg()[1], 1),
    }


def said(times: list[float], cpu: float = 0.0) -> dict[str, float]:
    """Of some times in milliseconds."""
    ordered = sorted(times)
    place = min(int(0.95 * len(ordered)), len(ordered) - 1)
    more = {"cpu_ms": round(1000 * cpu / len(ordered), 1)} if cpu else {}
    return {"p50_ms": round(statistics.median(ordered), 1), "p95_ms": round(ordered[place], 1), "count": len(ordered), **more}


def own_javascript() -> int:
    """Bytes of our own modules, all together, as a server sends them."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in sorted((assets.OWN / "js").glob("*.js")))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="so much of the whole store, for a trial")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--requests", type=int, default=640, help="for each page")
    parser.add_argument("--decisions", type=int, default=64, help="how many go through a real server, twice; 0 leaves it out")
    parser.add_argument("--processes", type=int, default=2, help="processes that serve")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder, and use what is there")
    parser.add_argument("--json", action="store_true", help="print JSON (the default; kept so that every command takes it)")
    given = parser.parse_args()
    size = Size(cases=max(int(100_000 * given.scale), 200), tasks=max(int(5_000 * given.scale), 40))
    with tempfile.TemporaryDirectory(prefix="baton-console-") as folder:
        home = (given.keep or Path(folder)).resolve()
        home.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        result = asyncio.run(
            measure(
                load(home=str(home)),
                size,
                given,
                lambda words: print(f"{time.monotonic() - began:6.0f} s  {words}", file=sys.stderr),
            )
        )
    print(json.dumps(result, indent=2))
    sys.stdout.flush()
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
