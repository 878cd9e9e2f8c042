"""What somebody says to a task, checked against what they saw, and kept in the outbox: by the page's form or by the API."""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast, get_args

from baton.console.i18n import _, spoken
from baton.console.outbox import Outbox, Said
from baton.console.screen import seen
from baton.console.signin.visitor import Visitor
from baton.console.taskview import Look
from baton.console.wording import is_money
from baton.errors import BatonError
from baton.types.answers import Says
from baton.types.canonical import Json

Form: TypeAlias = Mapping[str, Any]
"""What was filled in, by name; as a browser sends it."""


class Incomplete(BatonError):
    """Something is missing in what was said; the field says what."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


def say(visitor: Visitor, outbox: Outbox, looked: Look, form: Form) -> Said:
    """Keep the answer; it goes out when the time for an undo is over. Raises `Incomplete`."""
    says = str(form.get("says", ""))
    task = looked.task
    if says not in get_args(Says):
        raise Incomplete(_("Choose what to say."), "says")
    if task.status != "open" or (looked.said and looked.said.status != "refused"):
        raise Incomplete(_("Somebody was faster: this task is decided already."), "says")
    if str(form.get("hash", "")) != task.hash:
        raise Incomplete(_("The proposal has changed since you saw it. Look again."), "says")
    if (says in ("approve", "edit") and not looked.may_answer) or (says == "approve" and not looked.may_approve):
        raise Incomplete(looked.hindrance or _("You may not decide this."), "says")
    chosen = _chosen(looked, form) if says in ("approve", "edit") else []
    changes = _changes(looked, form, says)
    reason, code = str(form.get(f"reason:{says}", "")).strip(), str(form.get(f"code:{says}", ""))
    if says in ("reject", "return", "ask") and not (reason or code):
        raise Incomplete(_("Say why."), f"reason:{says}")
    watched = seen(visitor.bench.database, task, visitor.person, _seconds(form))
    standing_in = [f"standing in for {task.assignee}"] if looked.stands_in else []
    shown = (*watched.shown, *standing_in, *chosen, *(f"looked at {part}" for part in str(form.get("looked", "")).split()[:30]))
    more: dict[str, Any] = {"changes": changes, "reason": reason, "code": code, "seconds": watched.seconds, "shown": shown}
    return outbox.keep(visitor.person, task, cast(Says, says), **more)


def _chosen(looked: Look, form: Form) -> list[str]:
    """Which reading of each field in dispute was taken: on the record, by number and never by value."""
    chosen = []
    for name in looked.open_fields:
        number = str(form.get(f"reading:{name}", ""))
        if not number:
            raise Incomplete(_("Choose a reading first."), f"reading:{name}")
        chosen.append(f"chose reading {number[:2]} of {name}")
    return chosen


def _changes(looked: Look, form: Form, says: str) -> dict[str, Json]:
    task = looked.task
    if task.proposal is None:
        if says == "approve" and task.options and str(form.get("option", "")) not in task.options:
            raise Incomplete(_("Choose one."), "option")
        return {"option": str(form.get("option"))} if says == "approve" and task.options else {}
    if says != "edit":
        return {}
    changes: dict[str, Json] = {}
    for name in task.editable:
        given, before = str(form.get(f"set:{name}", "")).strip(), task.proposal.arguments.get(name)
        after: Json = {**before, "amount": decimal(given)} if isinstance(before, dict) and is_money(before) else given
        if given and after != before:
            changes[name] = after
    if not changes:
        raise Incomplete(
            _("Change a value first, or approve it as it is."), f"set:{task.editable[0]}" if task.editable else "says"
        )
    return changes


def decimal(text: str) -> str:
    """An amount as people write it, as a plain number: `1,000.50`, `1.000,50`, `300,00` and `1 000` are all understood."""
    digits = text.translate({ord(mark): None for mark in " '’\u00a0\u202f"})
    mark = "," if digits.rfind(",") > digits.rfind(".") else "."
    whole, _, rest = digits.rpartition(mark)
    thousands = len(rest) == 3 and (digits.count(mark) > 1 or (mark == ",") != (spoken() == "de"))
    if mark not in digits or thousands or digits.count(mark) > 1:
        return digits.replace(",", "").replace(".", "") if mark in digits else digits
    return f"{whole.replace(',', '').replace('.', '')}.{rest}"


def _seconds(form: Form) -> float:
    try:
        return max(float(str(form.get("seconds", "0"))), 0.0)
    except ValueError:
        return 0.0
