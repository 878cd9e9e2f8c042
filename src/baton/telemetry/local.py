"""The local table of spans, from which the console and `baton trace` draw a case's waterfall."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import format_span_id, format_trace_id
from pydantic import AwareDatetime

from baton.store.wal import write_ahead
from baton.telemetry.ids import trace_id
from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

_TABLE = """
CREATE TABLE IF NOT EXISTS span (
  trace TEXT NOT NULL, span TEXT NOT NULL, parent TEXT, name TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  status TEXT NOT NULL, service TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (trace, span)) WITHOUT ROWID
"""
_log = logging.getLogger(__name__)


class Bar(Frozen):
    """One line of a waterfall."""

    depth: int
    name: str
    span: str
    parent: str | None
    start: AwareDatetime
    end: AwareDatetime
    status: str
    service: str
    attributes: dict[str, Json]

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.end - self.start).total_seconds() * 1000


def traces_file(home: Path) -> Path:
    """Where the table lies."""
    return home / "traces.db"


class LocalTable(SpanExporter):
    """Writes spans to SQLite. Losing spans never hurts a case: the ledger is the record."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(traces_file(home), timeout=30, check_same_thread=False, isolation_level=None)
        write_ahead(self._connection)
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(_TABLE)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write one batch in one transaction."""
        rows = [_row(span) for span in spans]
        try:
            with self._lock, self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("INSERT OR REPLACE INTO span VALUES (?,?,?,?,?,?,?,?,?)", rows)
        except sqlite3.Error as error:
            _log.warning("%d spans lost: traces.db: %s", len(rows), error)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Every batch is committed when `export` returns."""
        return True

    def shutdown(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def waterfall(home: Path, case: CaseId) -> tuple[Bar, ...]:
    """The spans of one case as a tree, parents before children and each level by time; empty when nothing was traced."""
    rows = _rows(home, format_trace_id(trace_id(case)))
    known = {row[0] for row in rows}
    children: dict[str | None, list[tuple[str | int, ...]]] = {}
    for row in rows:
        children.setdefault(row[1] if row[1] in known else None, []).append(row)
    return tuple(_walk(children, None, 0))


def _walk(children: dict, parent: str | None, depth: int) -> Iterator[Bar]:  # type: ignore[type-arg]  # rows of SQLite
    for row in sorted(children.get(parent, ()), key=lambda row: (row[3], row[4])):
        yield Bar(
            depth=depth,
            span=row[0],
            parent=row[1],
            name=row[2],
            start=_moment(row[3]),
            end=_moment(row[4]),
            status=row[5],
            service=row[6],
            attributes=json.loads(row[7]),
        )
        yield from _walk(children, row[0], depth + 1)


def _rows(home: Path, trace: str) -> list[tuple]:  # type: ignore[type-arg]  # rows of SQLite
    if not traces_file(home).exists():
        return []
    connection = sqlite3.connect(traces_file(home), timeout=30)
    try:
        return connection.execute(
            'SELECT span, parent, name, "start", "end", status, service, attributes FROM span WHERE trace = ?', (trace,)
        ).fetchall()
    finally:
        connection.close()


def _row(span: ReadableSpan) -> tuple[str | int | None, ...]:
    context = span.get_span_context()
    assert context is not None  # a span that was started has one
    return (
        format_trace_id(context.trace_id),
        format_span_id(context.span_id),
        format_span_id(span.parent.span_id) if span.parent else None,
        span.name,
        span.start_time or 0,
        span.end_time or 0,
        span.status.status_code.name.lower(),
        str(span.resource.attributes.get("service.name", "")),
        json.dumps(dict(span.attributes or {})),
    )


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)
