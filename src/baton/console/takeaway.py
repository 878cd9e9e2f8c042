"""What an auditor takes along: the rows that were found, as JSON or as a table; what is personal stays sealed."""

import csv
import io
from collections.abc import Iterator

from sqlalchemy import select

from baton.console.auditterms import amounts_of
from baton.console.auditview import Line, line_of, search
from baton.console.auditwords import Wanted
from baton.console.bench import Bench
from baton.ledger.entry import parse, read
from baton.ledger.tables import entry
from baton.types.canonical import canonical
from baton.types.decisions import Decision
from baton.types.ids import DecisionId

MOST = 10_000
_COLUMNS = (
    "position", "at", "id", "kind", "outcome", "case", "process", "stage", "step", "action", "by", "roles", "rules", "failed",
    "amounts", "proposal", "policies",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def taken(bench: Bench, asked: Wanted, kind: str) -> list[tuple[Line, Decision]]:
    """Everything that fits, the newest first, up to `MOST`."""
    lines: list[Line] = []
    before: int | None = None
    while len(lines) < MOST:
        found = search(bench, asked, kind, before, most=min(1000, MOST - len(lines)))
        lines += found.lines
        before = found.before
        if before is None:
            break
    return list(_whole(bench, lines))


def single(bench: Bench, id: DecisionId) -> list[tuple[Line, Decision]]:
    """One decision in the same form. Raises `UnknownDecision` while it waits to enter the tree."""
    position = bench.engine.ledger.inclusion(id).position
    with bench.database.read() as connection:
        body = connection.execute(select(entry.c.body).where(entry.c.position == position)).scalar_one()
        said = parse(bytes(body))
        line = line_of(position, said, {}, amounts_of(connection, [said]).get(said["id"], ()))
    return list(_whole(bench, [line]))


def _whole(bench: Bench, lines: list[Line]) -> Iterator[tuple[Line, Decision]]:
    for start in range(0, len(lines), 500):
        some = {line.position: line for line in lines[start : start + 500]}
        query = select(entry.c.position, entry.c.body).where(entry.c.position.in_(some)).order_by(entry.c.position.desc())
        with bench.database.read() as connection:
            rows = connection.execute(query).all()
        yield from ((some[row.position], read(bytes(row.body))) for row in rows)


def as_json(found: list[tuple[Line, Decision]], origin: str) -> bytes:
    """The rows with their places in the ledger."""
    decisions = [{"position": line.position, **row.model_dump(mode="json", exclude={"private"})} for line, row in found]
    return canonical({"ledger": origin, "decisions": decisions})


def as_table(found: list[tuple[Line, Decision]]) -> bytes:
    """The same as CSV, for a spreadsheet; no cell is taken for a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for line, row in found:
        table.writerow([_safe(cell) for cell in _cells(line, row)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cells(line: Line, row: Decision) -> tuple[object, ...]:
    failed = "; ".join(f"{clause.policy}/{clause.position}" for clause in row.failed)
    return (
        line.position, row.at.isoformat(), row.id, row.kind, row.outcome, row.case or "", row.process, row.stage, row.step or "",
        row.action, str(row.by), " ".join(row.by.roles), " ".join(row.rules), failed,
        "; ".join(map(str, line.amounts)), row.proposal or "", row.bundle or "",
    )  # fmt: skip


def _safe(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
