"""Who is away and who stands in for them: sees their tasks, and decides with their own authority only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, select

from baton.cases import store
from baton.cases.clock import moment, now, written
from baton.console.i18n import _
from baton.console.signin.visitor import Visitor
from baton.console.tables import absence as table
from baton.errors import BatonError
from baton.governance import rows
from baton.store.lookup import look_up
from baton.types.frozen import Frozen
from baton.types.ids import StepKey, decision_id
from baton.types.people import Person

LONGEST = timedelta(days=366)
_AWAY = select(table).where(table.c.until > bindparam("at"))


class CannotLeave(BatonError):
    """This absence cannot be kept; the words say what to choose instead."""


class Away(Frozen):
    """Somebody who is away."""

    person: str
    delegate: str
    since: datetime
    until: datetime


def away(connection: Connection, at: datetime) -> dict[str, Away]:
    """Everybody who is away at this moment, by id."""
    rows = look_up(connection, _AWAY, {"at": written(at)})
    found = (Away(person=row.person, delegate=row.delegate, since=moment(row.since), until=moment(row.until)) for row in rows)
    return {one.person: one for one in found}


def stands_for(person: str, absent: Mapping[str, Away]) -> frozenset[str]:
    """Everybody whose tasks this person sees now: whoever named them, and whoever named somebody who then named them.

    It is asked anew each time. Nobody is made the assignee for it: an assignee may answer what another department is asked.
    """
    found: set[str] = set()
    reached = {person}
    while reached:
        reached = {one.person for one in absent.values() if one.delegate in reached} - found - {person}
        found |= reached
    return frozenset(found)


def could_stand_in(visitor: Visitor, people: Mapping[str, Person], absent: Mapping[str, Away]) -> tuple[Person, ...]:
    """Who may look at this department's cases and answer for it by their own right, and is here."""
    policies = visitor.bench.engine.policies
    context = {"department": visitor.person.department, "process": "", "agent": "", "stage": ""}

    def may(one: Person) -> bool:
        return all(policies.may_do(one, action, context).allowed for action in ("baton:view_case", "baton:answer"))

    here = (one for one in people.values() if one.active and one.id != visitor.person.id and one.id not in absent)
    return tuple(sorted((one for one in here if may(one)), key=lambda one: (one.department, one.name)))


def leave(visitor: Visitor, delegate: str, until: datetime) -> None:
    """Be away from now on until then. Raises `CannotLeave`."""
    at = now()
    if not at < until <= at + LONGEST:
        raise CannotLeave(_("Choose a day from today on, within a year."))
    with visitor.bench.database.write() as connection:
        people = {str(one.id): one for one in store.people(connection)}
        if delegate not in {one.id for one in could_stand_in(visitor, people, away(connection, at))}:
            raise CannotLeave(_("Choose somebody who is here and may decide such tasks themselves."))
        connection.execute(delete(table).where(table.c.person == visitor.person.id))
        values = {"since": written(at), "until": written(until)}
        connection.execute(table.insert().values(person=visitor.person.id, delegate=delegate, **values))
        _note(connection, visitor, "away", {"to": delegate, "until": written(until)})


def come_back(visitor: Visitor) -> None:
    """Be here again; being back twice is being back."""
    with visitor.bench.database.write() as connection:
        if connection.execute(delete(table).where(table.c.person == visitor.person.id)).rowcount:
            _note(connection, visitor, "back", {})


def _note(connection: Connection, visitor: Visitor, outcome: str, detail: dict[str, str]) -> None:
    id = decision_id(StepKey(f"{visitor.person.id}/{uuid4()}"), outcome)
    visitor.bench.engine.ledger.append(connection, rows.row("handoff", id, rows.actor(visitor.person), outcome, detail=detail))
