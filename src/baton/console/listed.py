"""The list beside the work, as its templates want it."""

from typing import Any, cast, get_args

from baton.cases.clock import now
from baton.console import absences, work
from baton.console.callers import callers
from baton.console.signin.visitor import Visitor
from baton.console.staff import staff


def asked_for(view: str, q: str, process: str, reason: str) -> work.Asked:
    """What a query string asks for; nonsense asks for one's own tasks."""
    known = cast(work.View, view if view in get_args(work.View) else "mine")
    return work.Asked(view=known, search=q.strip(), process=process, reason=reason)


def beside(visitor: Visitor, asked: work.Asked, after: str = "") -> dict[str, Any]:
    """The list of the inbox, as its templates want it."""
    bench, at, me = visitor.bench, now(), visitor.person
    with visitor.reading() as connection:
        absent = absences.away(connection, at)
        asked = asked.model_copy(update={"others": tuple(sorted(absences.stands_for(me.id, absent)))})
        counts = work.counts(connection, me, asked, at)
        listing = work.listing(connection, bench.engine.policies, me, asked, at, after, counts)
        everybody = staff(connection)
    return {
        "listing": listing.called(callers(bench, listing.nameless)),
        "counts": counts._asdict(),
        "asked": asked,
        "several": len(bench.processes) > 1,
        "names": everybody.names,
        "team": [one for one in everybody.people if one.active and one.department == me.department and one.id not in absent],
        "own_absence": absent.get(me.id),
        "at": at,
    }
