"""Those who open a new database together meet at SQLite's journal mode: each waits its turn, none falls over."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from baton.store.wal import write_ahead

TOGETHER = 6


def test_those_who_open_a_new_database_together_wait_for_each_other(tmp_path: Path) -> None:
    start = threading.Barrier(TOGETHER)

    def opened(file: Path) -> str:
        connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        try:
            start.wait()
            write_ahead(connection)
            connection.execute("CREATE TABLE IF NOT EXISTS span (name TEXT)")
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        for number in range(60):
            assert list(threads.map(opened, [tmp_path / f"{number}.db"] * TOGETHER)) == ["wal"] * TOGETHER
