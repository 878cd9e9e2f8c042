"""SQLite's write-ahead log, switched on by processes that start together."""

import sqlite3
import time


def write_ahead(connection: sqlite3.Connection, patience: float = 30) -> None:
    """Switch to WAL, waiting up to `patience` seconds. Raises `sqlite3.OperationalError` when it stays locked.

    SQLite answers `locked` at once, whatever the busy timeout, while another process switches too.
    """
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
