"""Rows of the inbox as they are drawn: a row that says the same as before is not drawn again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from baton.console.questions import Asked
from baton.console.wording import left, money, urgency
from baton.console.work import Line

_DUE = "<!--due-->"
_NAMES = ("several", "by", "stands_for", "here", "sole", "pending", "id", "case", "who", "subject", "title", "process", "kind")


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
    what = (line.id, line.case, line.who, line.subject, line.title, line.process, line.kind, money(line.amount))
    here, why = bool(line.id) and line.id == current, (line.why, line.more)
    before, between, after = _drawn(
        environment, asked.view, several, by, stands_for, here, line.sole, bool(line.state), *what, *why
    )
    return f"{before}{urgency(line.due, at)}{between}{'' if line.state else left(line.due, at)}{after}"


@lru_cache(maxsize=8192)
def _drawn(environment: Environment, view: str, *what: Any) -> tuple[str, str, str]:
    """A row, with the two places between which it says when it is due."""
    values = dict(zip((*_NAMES, "amount", "why", "more"), what, strict=True))
    before, between, after = environment.get_template("row.html").render(values, view=view, due=Markup(_DUE)).split(_DUE)
    return before, between, after
