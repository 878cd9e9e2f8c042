"""What the inbox can be narrowed to: the processes and reasons among the open tasks, with how many of each."""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from baton.cases.tables import case, task
from baton.console.questions import Asked, conditions
from baton.types.frozen import Frozen
from baton.types.people import Person

_MOST = 12


class Choice(Frozen):
    """One thing to narrow to."""

    value: str
    words: str
    count: int


class Filters(Frozen):
    """Everything to narrow to."""

    processes: tuple[Choice, ...]
    reasons: tuple[Choice, ...]


def filters(connection: Connection, me: Person, asked: Asked) -> Filters:
    """Counted when somebody opens the filter, never with the list itself: it reads every open task."""
    asked = asked.model_copy(update={"process": "", "reason": "", "search": ""})
    open_ones, values = _all().where(*conditions(asked.form)).subquery(), asked.values(me)
    many = func.count().label("many")
    by_process = select(open_ones.c.process, many).group_by(open_ones.c.process).order_by(many.desc())
    processes = (Choice(value=row.process, words=row.process, count=row.many) for row in connection.execute(by_process, values))
    held = (open_ones.c.policy, open_ones.c.position, open_ones.c.words)
    by_reason = select(*held, many).where(open_ones.c.policy.is_not(None)).group_by(*held).order_by(many.desc()).limit(_MOST)
    held_by = connection.execute(by_reason, values)
    reasons = (Choice(value=f"{row.policy}/{row.position}", words=row.words, count=row.many) for row in held_by)
    return Filters(processes=tuple(processes), reasons=tuple(reasons))


def _all() -> Select[Any]:
    first = task.c.body["failed"][0]
    held = (first["policy"].as_string(), first["position"].as_integer(), first["words"].as_string())
    named = (column.label(name) for column, name in zip(held, ("policy", "position", "words"), strict=True))
    return select(case.c.process, *named).select_from(task).join(case, case.c.id == task.c.case)
