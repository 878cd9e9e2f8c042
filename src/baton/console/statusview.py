"""How a case stands, for whoever wrote: where it is, who answers for it, what comes next, and whose turn it is."""

from datetime import datetime, timedelta
from typing import Final, Literal

from baton.cases import stages, store
from baton.cases.clock import moment, now
from baton.console.bench import Bench
from baton.console.staff import staff
from baton.links import LinkOver, Links
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

STAYS: Final = timedelta(days=90)
"""How long a closed case can be looked at by its link."""


class Step(Frozen):
    """One department on the way."""

    stage: str
    entered: datetime
    left: datetime | None


class Standing(Frozen):
    """What the page says; nothing of what was decided about the case, and nothing of anybody else."""

    case: CaseId
    process: str
    received: datetime
    turn: Literal["ours", "yours", "nobody"]
    owner: str
    """Who answers for the case, by name; empty while nobody does."""
    due: datetime | None
    closed: datetime | None
    result: str
    steps: tuple[Step, ...]


def standing_of(bench: Bench, link: str) -> Standing:
    """How the case behind a link stands. Raises `BadLink`, `NoCase`, or `LinkOver` for one that ended long ago."""
    id = Links(bench.home).case_of(link)
    with bench.database.read() as connection:
        case = store.case(connection, id)
        way = stages.handoffs(connection, id)
        names = staff(connection).names
    if case.closed is not None and now() - case.closed > STAYS:
        raise LinkOver("this link has ended, like its case: reply to our letter, and we will tell you what you want to know")
    return Standing(
        case=id,
        process=case.process,
        received=case.opened,
        turn="nobody" if case.status == "closed" else "yours" if case.status == "waiting" else "ours",
        owner=names.get(case.owner or "", ""),
        due=case.due if case.status in ("open", "stuck") else None,
        closed=case.closed,
        result=case.outcome.result if case.outcome else "",
        steps=tuple(_step(row, case.closed) for row in way),
    )


def _step(row: dict[str, object], closed: datetime | None) -> Step:
    left = moment(str(row["left"])) if row["left"] else closed
    return Step(stage=str(row["stage"]), entered=moment(str(row["entered"])), left=left)
