"""The list beside the work, as its templates want it."""

from typing import Any, cast, get_args

from sqlalchemy import select

from baton.cases import store
from baton.cases.clock import now
from baton.cases.tables import case
from baton.console import work
from baton.console.callers import callers
from baton.console.signin.visitor import Visitor


def asked_for(view: str, q: str, process: str, reason: str) -> work.Asked:
    """What a query string asks for; nonsense asks for one's own tasks."""
    known = cast(work.View, view if view in get_args(work.View) else "mine")
    return work.Asked(view=known, search=q.strip(), process=process, reason=reason)


def beside(visitor: Visitor, asked: work.Asked, after: str = "") -> dict[str, Any]:
    """The list of the inbox, as its templates want it."""
    bench, at = visitor.bench, now()
    with bench.database.read() as connection:
        listing = work.listing(connection, bench.engine.policies, visitor.person, asked, at, after)
        counts = work.counts(connection, visitor.person)
        processes = list(connection.execute(select(case.c.process).distinct()).scalars()) if len(bench.processes) > 1 else []
        names = {person.id: person.name for person in store.people(connection)}
    called = callers(bench, {line.case for line in listing.lines})
    return {"listing": listing.called(called), "counts": counts, "asked": asked, "processes": processes, "names": names, "at": at}
