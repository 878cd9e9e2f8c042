"""The stop switch as staff see it: what stands still and since when, what can be stopped, and who may."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import select

from baton.cases import store
from baton.cases.clock import moment
from baton.console.bench import Bench
from baton.console.signin.visitor import Visitor
from baton.console.wording import words
from baton.governance import stops
from baton.ledger.entry import parse
from baton.ledger.tables import decision_index, entry
from baton.types.frozen import Frozen

Scope: TypeAlias = Literal["everything", "process", "agent"]
_LATELY, _LOOKED_AT = 12, 5000


class Switch(Frozen):
    """Something that can be stopped by name, and how it stands."""

    scope: Scope
    name: str
    words: str
    may: bool
    """Whether this visitor may stop or resume it."""
    why_not: str
    by: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def stopped(self) -> bool:
        """Whether it stands still by its own switch."""
        return self.at is not None


class Past(Frozen):
    """One time it was used, or somebody tried."""

    id: str
    at: datetime
    name: str
    outcome: str
    what: str
    reason: str
    refusal: str


class StopLook(Frozen):
    """The page of the stop switch."""

    switches: tuple[Switch, ...]
    people: tuple[str, ...]
    """Who may stop everything."""
    past: tuple[Past, ...]


def look(visitor: Visitor) -> StopLook:
    """Everything on the page."""
    bench = visitor.bench
    with bench.database.read() as connection:
        people = store.people(connection)
        active = {(one.process, one.agent): one for one in stops.active(connection)}
    names: dict[str, str] = {person.id: person.name for person in people}
    policies = bench.engine.policies
    may = [person.name for person in people if person.active and policies.may_do(person, "baton:stop").allowed]
    known: list[tuple[Scope, str]] = [("everything", "")]
    known += [("process", one) for one in sorted(bench.engine.prefixes)]
    known += [("agent", one) for one in agents(bench)]
    known += [place for stop in active.values() if (place := _place(stop)) not in known]
    switches = tuple(_switch(visitor, scope, name, active, names) for scope, name in known)
    return StopLook(switches=switches, people=tuple(may), past=tuple(_past(bench, names)))


def agents(bench: Bench) -> list[str]:
    """Who can be stopped by name: those who judge, and those who propose a process's effects."""
    judging = {name.partition(".")[0] for name, declared in bench.engine.declarations.items() if declared.kind == "agent"}
    return sorted(judging | {bench.engine.agent(process).id for process in bench.engine.prefixes})


def _place(stop: stops.Stop) -> tuple[Scope, str]:
    if stop.process:
        return "process", stop.process
    return ("agent", stop.agent) if stop.agent else ("everything", "")


def _switch(
    visitor: Visitor, scope: Scope, name: str, active: dict[tuple[str, str], stops.Stop], names: dict[str, str]
) -> Switch:
    key = (name if scope == "process" else "", name if scope == "agent" else "")
    found = active.get(key)
    permission = visitor.permission("baton:resume" if found else "baton:stop", process=key[0], agent=key[1])
    told = {"by": names.get(found.by.id, found.by.id), "at": moment(found.at), "reason": found.reason} if found else {}
    why_not = "" if permission.allowed else permission.words
    return Switch(scope=scope, name=name, words=words(name), may=permission.allowed, why_not=why_not, **told)  # type: ignore[arg-type]


def _past(bench: Bench, names: dict[str, str]) -> Iterator[Past]:
    """The last times, from the newest rows of the ledger."""
    place, kind = decision_index.c.position, decision_index.c.kind
    with bench.database.read() as connection:
        newest = connection.execute(select(place).order_by(place.desc()).limit(1)).scalar() or 0
        lately = select(place).where(kind == "stop", place > newest - _LOOKED_AT).order_by(place.desc()).limit(_LATELY)
        bodies = select(entry.c.body).where(entry.c.position.in_(lately.scalar_subquery())).order_by(entry.c.position.desc())
        rows = [parse(bytes(body)) for body in connection.execute(bodies).scalars()]
    for row in rows:
        detail = row["detail"]
        yield Past(
            id=row["id"],
            at=row["at"],
            name=names.get(row["by"]["id"], row["by"]["id"]),
            outcome=row["outcome"],
            what=detail.get("process") or detail.get("agent") or "",
            reason=detail.get("reason", ""),
            refusal=detail.get("refusal", ""),
        )
