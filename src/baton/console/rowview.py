"""Rows of the inbox as they are drawn: a row that says the same as before is not drawn again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from baton.console.questions import Asked
from baton.console.wording import left, money, urgency
from baton.console.work import Line
from baton.types.identity import ByIdentity

_DUE = "<!--due-->"
_NAMES = ("id", "case", "who", "subject", "title", "process", "kind", "sole", "why", "more")


@pass_environment
def rows(
    environment: Environment,
    lines: Iterable[Line],
    current: str,
    at: datetime,
    asked: Asked,
    several: bool,
    names: Mapping[str, str],
) -> Markup:
    """Rows under one heading; only the time that is left is put in anew each time."""
    return Markup("".join(_row(environment, line, current, at, asked, several, names) for line in lines))


def _row(
    environment: Environment, line: Line, current: str, at: datetime, asked: Asked, several: bool, names: Mapping[str, str]
) -> str:
    by = names.get(line.assignee, "") if asked.view == "team" else ""
    stands_for = names.get(line.assignee, line.assignee) if asked.view == "mine" and line.assignee in asked.others else ""
    here = bool(line.id) and line.id == current
    before, between, after = _drawn(environment, asked.view, several, by, stands_for, here, ByIdentity(line))
    return f"{before}{urgency(line.due, at)}{between}{'' if line.state else left(line.due, at)}{after}"


@lru_cache(maxsize=8192)
def _drawn(
    environment: Environment, view: str, several: bool, by: str, stands_for: str, here: bool, line: ByIdentity[Line]
) -> tuple[str, str, str]:
    """A row, with the two places between which it says when it is due."""
    values = {name: getattr(line.it, name) for name in _NAMES}
    values |= {"view": view, "several": several, "by": by, "stands_for": stands_for, "here": here}
    values |= {"pending": bool(line.it.state), "amount": money(line.it.amount), "due": Markup(_DUE)}
    before, between, after = environment.get_template("row.html").render(values).split(_DUE)
    return before, between, after
