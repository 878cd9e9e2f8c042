"""Many processes append at once, some are killed: what was committed stands once, and nothing else."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from baton.ledger import Keys, Ledger
from baton.store import Database
from baton.types.decisions import Decision

Decided = Callable[..., Decision]

APPENDS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from baton.ledger import Keys, Ledger
from baton.store import Database
from baton.types.decisions import Decision
from baton.types.people import Actor

url, home, name, rows = sys.argv[1:]
ledger = Ledger(Database(url), Keys(Path(home)))
for n in range(int(rows)):
    made = Decision(
        id=f"d-{name}-{n}", kind="verdict", at=datetime.now(UTC), by=Actor(kind="agent", id=name), outcome="autonomous",
        case=f"WC-{name}", private={"n": n}, subject=f"C-{n % 3}",
    )
    with ledger.database.write() as connection:
        new = ledger.append(connection, made)
    print(made.id, new, flush=True)
    if n % 10 == 9:
        ledger.drain()
        ledger.checkpoint()
"""


def start(ledger: Ledger, name: str, rows: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", APPENDS, ledger.database.engine.url.render_as_string(hide_password=False)]
    command += [str(ledger.keys.home), name, str(rows)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    with process.stdout:
        return process.stdout.read().split("\n")[:-1]


def test_four_processes_append_and_every_row_stands_once(ledger: Ledger) -> None:
    ids = [f"d-{name}-{n}" for name in "abcd" for n in range(20)]
    processes = [start(ledger, name, 20) for name in "abcd"]
    told = [line for process in processes for line in said(process)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert sorted(told) == sorted(f"{id} True" for id in ids)
    assert ledger.size() == len(ids)
    assert sorted(found.id for found in ledger.scan()) == sorted(ids)
    assert ledger.verify().ok
    for name in "abcd":
        assert [found.private["n"] for found in ledger.of_case(f"WC-{name}")] == list(range(20))  # type: ignore[arg-type]


def test_the_same_decisions_from_two_processes_stand_once(ledger: Ledger) -> None:
    processes = [start(ledger, "same", 20) for _ in range(2)]
    told = [line for process in processes for line in said(process)]
    assert [process.wait() for process in processes] == [0, 0]
    assert sorted(line for line in told if line.endswith("True")) == sorted(f"d-same-{n} True" for n in range(20))
    assert ledger.size() == 20
    assert ledger.verify().ok


@pytest.mark.parametrize("after", [1, 17, 35])
def test_a_killed_process_loses_nothing_it_had_committed(ledger: Ledger, after: int) -> None:
    process = start(ledger, "killed", 100_000)
    assert process.stdout
    told = [process.stdout.readline().split()[0] for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += [line.split()[0] for line in said(process)]
    process.wait()
    assert ledger.verify().ok
    standing = [found.id for found in ledger.scan()]
    # The last commit may have come through without its word about it.
    assert standing[: len(told)] == told
    assert len(standing) - len(told) in (0, 1)


def test_threads_share_one_ledger(ledger: Ledger, decided: Decided) -> None:
    def work(name: int) -> None:
        for n in range(25):
            with ledger.database.write() as connection:
                ledger.append(connection, decided(f"d-{name}-{n}"))
            ledger.drain()
            assert ledger.find(decided(f"d-{name}-{n}").id)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.size() == 100
    assert ledger.verify().ok


def test_the_sequencer_skips_what_another_took_meanwhile(postgres_database: Database, decided: Decided, tmp_path: Path) -> None:
    ledger = Ledger(postgres_database, Keys(tmp_path))
    with ledger.database.write() as first:
        assert ledger.append(first, decided("d-1"))
    waiting: list[bool] = []

    def retry() -> None:
        with ledger.database.write() as second:
            waiting.append(ledger.append(second, decided("d-1")))

    # A retry arrives while the sequencer holds the very row: it waits, and then must see that the decision stands.
    from baton.ledger import pending

    with ledger.database.write() as sequencing:
        pending.lock(sequencing)
        pending.drain(sequencing)
        thread = threading.Thread(target=retry)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join()
    assert waiting == [False]
    assert ledger.size() == 1
