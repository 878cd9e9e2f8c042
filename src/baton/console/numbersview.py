"""The work in numbers: what waits where, where the time goes, which clocks are missed, and what people make of proposals."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, func, select

from baton.cases.clock import moment, now, written
from baton.cases.tables import case, handoff, task
from baton.console.wording import SOON
from baton.ledger.tables import decision_index
from baton.store import Database
from baton.types.frozen import Frozen

MOST_CASES = 3000
"""Of a window, the newest cases count: enough for shares that hold to a percent or two, at any size of the store."""
_KEPT_FOR = 30.0
_VERBS = {"approve": "approved", "edit": "edited", "reject": "rejected", "return": "returned"}
_kept: dict[tuple[str, str, int], tuple[float, "Numbers"]] = {}


class Waiting(Frozen):
    """What waits in one department."""

    department: str
    tasks: int
    late: int
    soon: int
    nobody: int
    """Of these, how many are before nobody in particular."""
    oldest: datetime


class Open(Frozen):
    """Cases that stand in one stage."""

    process: str
    stage: str
    cases: int
    stuck: int


class Stage(Frozen):
    """How long one stage takes, and how much of that nobody works because a person is awaited."""

    process: str
    stage: str
    passed: int
    median: float
    waiting: float
    """The mean, in seconds."""
    working: float
    missed: int
    at_risk: int
    returned: int


class Share(Frozen):
    """What became of what agents proposed."""

    name: str
    alone: int
    approved: int
    edited: int
    rejected: int
    returned: int
    waiting: int
    forbidden: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.alone + self.by_people

    @property
    def by_people(self) -> int:
        """What did not go through alone."""
        return self.approved + self.edited + self.rejected + self.returned + self.waiting + self.forbidden


class Why(Frozen):
    """One reason for which people are asked, and what they then say."""

    rule: str
    words: str
    share: Share


class Numbers(Frozen):
    """Everything on the page."""

    days: int
    made: datetime
    cases: int
    cut: bool
    """There were more: the newest were counted."""
    waiting: tuple[Waiting, ...]
    open: tuple[Open, ...]
    stages: tuple[Stage, ...]
    shares: tuple[Share, ...]
    reasons: tuple[Why, ...]
    processes: tuple[str, ...]


def numbers(database: Database, days: int, process: str = "") -> Numbers:
    """The numbers of the last days; counted anew after half a minute."""
    key = (database.url, process, days)
    at, found = _kept.get(key, (0.0, None))
    if found is None or time.monotonic() - at > _KEPT_FOR:
        with database.read() as connection:
            found = _count(connection, days, process)
        _kept[key] = (time.monotonic(), found)
    return found


def _count(connection: Connection, days: int, process: str) -> Numbers:
    chosen = select(case.c.id).where(case.c.opened >= written(now() - timedelta(days=days)))
    chosen = (chosen.where(case.c.process == process) if process else chosen).order_by(case.c.opened.desc()).limit(MOST_CASES + 1)
    ids = connection.execute(chosen).scalars().all()
    cases = chosen.limit(MOST_CASES)
    asked = [_Asked(row) for row in connection.execute(_asked_of(cases))]
    return Numbers(
        days=days,
        made=now(),
        cases=min(len(ids), MOST_CASES),
        cut=len(ids) > MOST_CASES,
        waiting=tuple(_waiting(connection, process)),
        open=tuple(_open(connection, process)),
        stages=tuple(_stages(connection, cases, asked)),
        shares=tuple(_shares(connection, cases)),
        reasons=tuple(_reasons(connection, cases, asked)),
        processes=tuple(connection.execute(select(case.c.process).distinct().order_by(case.c.process)).scalars()),
    )


class _Asked:
    """One task, as far as it is counted: bodies are long, so that only these parts of them are fetched."""

    def __init__(self, row: Any) -> None:
        self.case, self.stage, self.status, self.opened = row.case, row.stage, row.status, moment(row.opened)
        self.decided = moment(row.decided) if row.decided else None
        self.step, self.kind = row.step, row.kind
        self.failed: list[dict[str, Any]] = row.failed or []


def _asked_of(cases: Select[Any]) -> Select[Any]:
    body = task.c.body
    parts = [body[name].as_string().label(name) for name in ("stage", "decided", "step", "kind")]
    return select(task.c.case, task.c.status, task.c.opened, *parts, body["failed"].label("failed")).where(task.c.case.in_(cases))


def _waiting(connection: Connection, process: str) -> Iterable[Waiting]:
    at = now()
    late, soon = task.c.due < written(at), task.c.due.between(written(at), written(at + SOON))
    wanted = {"late": late, "soon": soon, "nobody": task.c.assignee.is_(None)}
    sums = [func.count().filter(one).label(name) for name, one in wanted.items()]
    query = select(task.c.department, func.count().label("tasks"), func.min(task.c.opened).label("oldest"), *sums)
    query = query.where(task.c.status.in_(("open", "deciding"))).group_by(task.c.department)
    if process:
        query = query.where(task.c.case.in_(select(case.c.id).where(case.c.process == process)))
    rows = [Waiting(**{**row._mapping, "oldest": moment(row.oldest)}) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: -row.tasks)


def _open(connection: Connection, process: str) -> Iterable[Open]:
    stuck = func.count().filter(case.c.status == "stuck").label("stuck")
    query = select(case.c.process, case.c.stage, func.count().label("cases"), stuck)
    query = query.where(case.c.status.in_(("open", "waiting", "stuck"))).group_by(case.c.process, case.c.stage)
    rows = connection.execute(query.where(case.c.process == process) if process else query)
    return sorted((Open(**row._mapping) for row in rows), key=lambda row: -row.cases)


def _stages(connection: Connection, cases: Select[Any], asked: Sequence[_Asked]) -> Iterable[Stage]:
    at = now()
    waits: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in asked:
        waits[one.case, one.stage].append((one.opened, one.decided or at))
    query = select(handoff, case.c.process, case.c.closed).join(case, case.c.id == handoff.c.case)
    query = query.where(handoff.c.case.in_(cases))
    legs: dict[tuple[str, str], list[_Leg]] = defaultdict(list)
    for row in connection.execute(query):
        legs[row.process, row.stage].append(_Leg(row, waits[row.case, row.stage], at))
    rows = [_stage(process, stage, found) for (process, stage), found in legs.items()]
    return sorted(rows, key=lambda row: -(row.waiting + row.working) * row.passed)


class _Leg:
    """One case's time in one stage."""

    def __init__(self, row: Any, waits: Sequence[tuple[datetime, datetime]], at: datetime) -> None:
        entered, ended = moment(row.entered), row.left or row.closed
        until = moment(ended) if ended else at
        due = moment(row.due) if row.due else None
        self.over, self.returned = bool(ended), bool(row.returned)
        self.seconds = max((until - entered).total_seconds(), 0.0)
        self.waiting = min(overlap(waits, entered, until), self.seconds)
        self.missed = due is not None and until > due
        self.at_risk = not ended and due is not None and not self.missed and due - at <= SOON


def overlap(spans: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime) -> float:
    """For how many seconds between two moments at least one of these was running."""
    total, reached = 0.0, start
    for first, last in sorted(spans):
        begin, stop = max(first, reached), min(last, end)
        if stop > begin:
            total += (stop - begin).total_seconds()
            reached = stop
    return total


def _stage(process: str, stage: str, legs: Sequence[_Leg]) -> Stage:
    over = [leg for leg in legs if leg.over]
    count = max(len(over), 1)
    return Stage(
        process=process,
        stage=stage,
        passed=len(over),
        median=median([leg.seconds for leg in over]) if over else 0.0,
        waiting=sum(leg.waiting for leg in over) / count,
        working=sum(leg.seconds - leg.waiting for leg in over) / count,
        missed=sum(leg.missed for leg in legs),
        at_risk=sum(leg.at_risk for leg in legs),
        returned=sum(leg.returned for leg in legs),
    )


def _shares(connection: Connection, cases: Select[Any]) -> Iterable[Share]:
    """By process and action, from the ledger's rows; a step counts once, as it stands now."""
    row = decision_index.c
    query = select(case.c.process, row.action, row.step, row.kind, row.outcome).join(case, case.c.id == row.case_id)
    query = query.where(row.case_id.in_(cases), row.kind.in_(("verdict", "answer")), row.step.is_not(None)).order_by(row.position)
    steps: dict[str, str] = {}
    names: dict[str, str] = {}
    for found in connection.execute(query):
        step = found.step.rpartition("/")[0]
        if found.kind == "verdict":
            names[step] = f"{found.process}: {found.action}"
        became = _became(found.kind, found.outcome, steps.get(step, ""))
        if became:
            steps[step] = became
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for step, became in steps.items():
        if step in names:
            counts[names[step]][became] += 1
    rows = [_share(name, found) for name, found in counts.items()]
    return sorted(rows, key=lambda row: -row.total)


def _became(kind: str, outcome: str, before: str) -> str:
    """What became of a step after one more row; an edit stays an edit when it is then approved."""
    if kind == "answer":
        return "edited" if (before, outcome) == ("edited", "approve") else _VERBS.get(outcome, "")
    if outcome == "autonomous":
        return before if before in ("edited", "approved") else "alone"
    return {"needs_approval": before or "waiting", "forbidden": "forbidden"}.get(outcome, before)


def _share(name: str, found: Counter[str]) -> Share:
    kinds = ("alone", "approved", "edited", "rejected", "returned", "waiting", "forbidden")
    return Share(name=name, **{kind: found[kind] for kind in kinds})


def _reasons(connection: Connection, cases: Select[Any], asked: Sequence[_Asked]) -> Iterable[Why]:
    """For each condition that did not hold, what people then said."""
    row = decision_index.c
    query = select(row.step, row.outcome).where(row.case_id.in_(cases), row.kind == "answer", row.outcome.in_(_VERBS))
    said = {found.step: found.outcome for found in connection.execute(query.order_by(row.position))}
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in asked:
        for clause in one.failed:
            counts[clause["policy"], clause["words"]][_VERBS.get(said.get(one.step, ""), "waiting")] += 1
    rows = [Why(rule=rule, words=words, share=_share(words, found)) for (rule, words), found in counts.items()]
    return sorted(rows, key=lambda one: -one.share.total)[:20]
