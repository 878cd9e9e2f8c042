"""The charts on the page of numbers, each made from the rows of its table."""

from collections.abc import Sequence

from markupsafe import Markup

from baton.console.charts import Bar, Part, bars
from baton.console.i18n import _, ngettext
from baton.console.numbersview import Share, Stage, Waiting
from baton.console.wording import lasted, words

SHARES = ("alone", "approved", "edited", "rejected", "returned", "waiting", "forbidden")


def waiting(rows: Sequence[Waiting]) -> Markup:
    """What waits, by department: late, due soon, the rest."""
    return bars([_waits(row) for row in rows], _("Tasks that wait, by department"))


def _waits(row: Waiting) -> Bar:
    rest = row.tasks - row.late - row.soon
    parts = [(row.late, "late", _("late")), (row.soon, "soon", _("due within two hours")), (rest, "rest", _("later"))]
    told = tuple(Part(value=value, colour=colour, words=f"{said}: {value}") for value, colour, said in parts)
    late = _(", %(late)s late") % {"late": row.late} if row.late else ""
    says = ngettext("%(num)s task", "%(num)s tasks", row.tasks) % {"num": row.tasks} + late
    return Bar(label=words(row.department), parts=told, says=says)


def times(rows: Sequence[Stage]) -> Markup:
    """The mean time of a stage, split into waiting for people and the rest."""
    several = len({row.process for row in rows}) > 1
    return bars([_time(row, several) for row in rows if row.passed], _("Mean time in a stage"))


def _time(row: Stage, several: bool) -> Bar:
    parts = (
        Part(value=row.working, colour="rest", words=_("working: %(time)s") % {"time": lasted(row.working)}),
        Part(value=row.waiting, colour="soon", words=_("waiting for people: %(time)s") % {"time": lasted(row.waiting)}),
    )
    label = f"{words(row.stage)} · {words(row.process)}" if several else words(row.stage)
    return Bar(label=label, parts=parts, says=lasted(row.working + row.waiting))


def shares(rows: Sequence[Share]) -> Markup:
    """What became of proposals, as shares of each action."""
    return bars([_share(row) for row in rows], _("What became of proposals"), whole=True)


def _share(row: Share) -> Bar:
    told = tuple(Part(value=getattr(row, name), colour=name, words=f"{said(name)}: {getattr(row, name)}") for name in SHARES)
    part = round(100 * row.alone / row.total) if row.total else 0
    return Bar(label=words(row.name.rpartition(".")[2]), parts=told, says=_("%(part)s %% alone") % {"part": part})


def said(name: str) -> str:
    """The name of a share, as staff read it."""
    return {
        "alone": _("alone"),
        "approved": _("approved"),
        "edited": _("edited"),
        "rejected": _("rejected"),
        "returned": _("returned"),
        "waiting": _("waiting"),
        "forbidden": _("forbidden"),
    }[name]
