"""Processes that write to one file stand in line, and the line outlives whoever is killed in it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from baton.store import Database
from baton.store.turnstile import Turnstile

_WRITES = """
import sys, time
from sqlalchemy import text
from baton.store import Database
database, name, seconds = Database(sys.argv[1]), sys.argv[2], float(sys.argv[3])
print("here", flush=True)
until = time.monotonic() + seconds
count = 0
while time.monotonic() < until:
    with database.write() as connection:
        connection.execute(text("INSERT INTO said VALUES (:name)"), {"name": name})
        time.sleep(0.003)
    count += 1
print(count, flush=True)
"""
_HOLDS = """
import sys, time
from baton.store.turnstile import Turnstile
line = Turnstile(sys.argv[1])
line.enter()
print("here", flush=True)
time.sleep(60)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "store.db"
    database = Database(f"sqlite:///{made}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
    database.close()
    return made


def started(code: str, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "here"
    return process


def test_processes_that_write_all_the_time_have_about_as_many_turns_each(file: Path) -> None:
    """With nothing but SQLite's own waiting, whoever comes back at once has nearly all the turns."""
    some = [started(_WRITES, f"sqlite:///{file}", str(number), "3") for number in range(3)]
    counts = [int(one.communicate(timeout=60)[0]) for one in some]
    assert min(counts) > 0.4 * max(counts), counts
    database = Database(f"sqlite:///{file}")
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM said")).scalar() == sum(counts)
    database.close()


def test_a_process_that_is_killed_in_its_turn_holds_nobody_up(file: Path) -> None:
    holder = started(_HOLDS, str(file))
    began = time.monotonic()
    waiting = started(_WRITES, f"sqlite:///{file}", "after", "0.5")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert int(waiting.communicate(timeout=60)[0]) > 0
    assert time.monotonic() - began < 25


def test_whoever_has_waited_long_enough_goes_on_and_asks_the_file_itself(file: Path) -> None:
    holder = started(_HOLDS, str(file))
    late = Turnstile(str(file), patience=0.1)
    began = time.monotonic()
    late.enter()
    assert time.monotonic() - began >= 0.1
    late.leave()
    late.close()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()


def test_a_store_in_memory_has_no_line() -> None:
    line = Turnstile(":memory:")
    line.enter()
    line.leave()
    line.close()
