"""What the demo shows: a line a case, grouped by process, and whether each ended as its sample says."""

import time
from pathlib import Path

from baton.cases import stages, store
from baton.demo.stories import Run
from baton.intake import DOOR
from baton.runtime.bootstrap import Runtime
from baton.types.canonical import Json
from baton.types.cases import Case
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import CaseId


class CaseLine(Frozen):
    """One line of the demo's table."""

    id: str
    process: str
    message: str
    title: str
    outcome: str
    expected: str
    autonomous: bool
    verdicts: tuple[dict[str, Json], ...]
    approvals: tuple[dict[str, Json], ...]
    handoffs: int
    seconds: float
    why: str

    @property
    def ended_at_the_door(self) -> bool:
        """Whether the message became no case, or needed a person at the door: worth a line of its own."""
        return self.process == DOOR


class Shown(Frozen):
    """Everything the demo showed."""

    home: Path
    cases: tuple[CaseLine, ...]
    effects: int
    ledger: dict[str, Json]
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether every case ended as its sample says and the ledger holds."""
        return bool(self.ledger["verified"]) and not self.surprises

    @property
    def surprises(self) -> tuple[CaseLine, ...]:
        """The cases that ended otherwise than their samples say."""
        return tuple(line for line in self.cases if line.outcome != line.expected)


def shown(runtime: Runtime, runs: list[Run], began: float) -> Shown:
    """The demo as it ended."""
    ledger = runtime.engine.ledger
    ledger.checkpoint()
    verified = ledger.verify()
    with runtime.database.read() as connection:
        known = {case.id: case for case in store.cases(connection)}
    lines = [line for run in runs for line in _lines(runtime, run, known)]
    effects = sum(1 for row in ledger.scan() if row.kind == "effect" and row.outcome == "written")
    about: dict[str, Json] = {"entries": verified.entries, "root": str(verified.root), "verified": verified.ok}
    return Shown(
        home=runtime.settings.home, cases=tuple(lines), effects=effects, ledger=about, seconds=round(time.monotonic() - began, 1)
    )


def _lines(runtime: Runtime, run: Run, known: dict[CaseId, Case]) -> list[CaseLine]:
    """A line for the message and one for each case it became; one that came twice has none of its own."""
    if run.arrived is None or run.known:
        return [_missing(run)] if not run.known else []
    at_the_door, became = _expected(run)
    lines = [_line(runtime, run, known[run.arrived], at_the_door)]
    lines += [
        _line(runtime, run, known[case], became[number] if number < len(became) else "no case")
        for number, case in enumerate(run.opened)
    ]
    return [*lines, *(_missing(run) for _ in became[len(run.opened) :])]


def _expected(run: Run) -> tuple[str, tuple[str, ...]]:
    """What the door should say, and how the cases should end that the message becomes."""
    expect = run.story.expect
    if run.story.process == DOOR:
        return expect.outcome, expect.opens
    return run.story.process.replace("_", " "), (expect.outcome,)


def _missing(run: Run) -> CaseLine:
    """What should have come and did not."""
    told = {
        "process": run.story.process,
        "message": run.story.name,
        "title": run.story.title,
        "expected": run.story.expect.outcome,
    }
    return CaseLine(
        id="", outcome="nothing", autonomous=False, verdicts=(), approvals=(), handoffs=0, seconds=0, why="it never came", **told
    )


def _line(runtime: Runtime, run: Run, case: Case, expected: str) -> CaseLine:
    rows = runtime.engine.ledger.of_case(case.id)
    with runtime.database.read() as connection:
        handoffs = len(stages.handoffs(connection, case.id))
    answers = [row for row in rows if row.kind == "answer" and row.outcome != "refused"]
    ended = case.closed or rows[-1].at
    return CaseLine(
        id=case.id,
        process=case.process,
        message=run.story.name,
        title=run.story.title,
        outcome=case.outcome.result if case.outcome else case.status,
        expected=expected,
        autonomous=not answers,
        verdicts=tuple(
            {"action": row.action, "outcome": row.outcome, "rules": list(row.rules)} for row in rows if row.kind == "verdict"
        ),
        approvals=tuple({"by": row.by.id, "says": row.outcome, "action": row.action} for row in answers),
        handoffs=handoffs,
        seconds=round((ended - case.opened).total_seconds(), 2),
        why=case.trouble or _why(rows) or (case.outcome.words if case.outcome else ""),
    )


def _why(rows: list[Decision]) -> str:
    """The conditions that sent the case to a person."""
    return "; ".join(dict.fromkeys(clause.words for row in rows if row.outcome == "needs_approval" for clause in row.failed))
