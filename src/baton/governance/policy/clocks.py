"""Clocks: how long a stage may take and who hears of it when it does not hold."""

from dataclasses import dataclass
from decimal import Decimal

from baton.governance.policy.problems import PolicyProblem
from baton.governance.policy.tables import Row, rows

CLOCKS = "tables/clocks.csv"
_COLUMNS = ("process", "stage", "tier", "hours", "escalate")


@dataclass(frozen=True)
class Clock:
    """How many hours, and the roles that are told in turn when they are over."""

    hours: float
    ladder: tuple[str, ...]


@dataclass(frozen=True)
class Clocks:
    """Every clock of the company; `*` stands for any process, stage or tier."""

    table: dict[tuple[str, str, str], Clock]

    @classmethod
    def read(cls, texts: dict[str, str]) -> "Clocks":
        """The clocks in the tables `clocks.csv`. Raises `PolicyProblem` naming file and line."""
        table: dict[tuple[str, str, str], Clock] = {}
        for row in rows(texts, CLOCKS, _COLUMNS):
            key = (row.cells["process"], row.cells["stage"], row.cells["tier"])
            if key in table or not all(key):
                raise _problem(row, "is there twice" if key in table else "needs a process, a stage and a tier, or `*`")
            table[key] = Clock(_hours(row), _ladder(row))
        return cls(table)

    def due(self, process: str, stage: str, tier: str) -> Clock:
        """The clock for this stage; the most specific row wins, process before stage before tier."""
        for key in _from_specific(process, stage, tier):
            if key in self.table:
                return self.table[key]
        raise PolicyProblem(f"no clock for `{process}`, `{stage}`, `{tier}`: add a row, or one with `*`", CLOCKS)


def _from_specific(process: str, stage: str, tier: str) -> list[tuple[str, str, str]]:
    keys = [(p, s, t) for p in (process, "*") for s in (stage, "*") for t in (tier, "*")]
    return sorted(keys, key=lambda key: key.count("*"))


def _hours(row: Row) -> float:
    try:
        hours = Decimal(row.cells["hours"])
    except ArithmeticError:
        hours = Decimal(0)
    if not hours.is_finite() or hours <= 0:
        raise _problem(row, f"has `{row.cells['hours']}` hours: write a number above 0")
    return float(hours)


def _ladder(row: Row) -> tuple[str, ...]:
    ladder = tuple(role.strip() for role in row.cells["escalate"].split("|"))
    if not all(ladder):
        raise _problem(row, "needs at least one role to escalate to, in order, separated by `|`")
    return ladder


def _problem(row: Row, message: str) -> PolicyProblem:
    key = "`, `".join(row.cells[name] for name in _COLUMNS[:3])
    return PolicyProblem(f"clock `{key}` {message}", row.file, row.line)
