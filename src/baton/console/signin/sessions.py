"""Sessions: kept at the server, ended by sign-out, by rest, and by time. The cookie is only a key to them."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Text, bindparam, cast, delete, select, update

from baton.cases import tables as case_tables
from baton.cases.clock import moment, now, written
from baton.cases.store import person_of
from baton.console.tables import session as table
from baton.store import Database
from baton.store.lookup import first
from baton.types.frozen import Frozen
from baton.types.ids import PersonId
from baton.types.people import Person

COOKIE = "baton_session"
_SEEN_EVERY = timedelta(minutes=1)
_FIND = select(table, cast(case_tables.person.c.body, Text).label("body")).where(
    table.c.id == bindparam("session"), table.c.person == case_tables.person.c.id
)
"""Asked for every page: made once, since to spell a query costs more than to answer it."""


class Session(Frozen):
    """Somebody who signed in."""

    id: str
    person: Person
    how: str


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, database: Database, hours: float, idle_minutes: float) -> None:
        self._database = database
        self._longest, self._idle = timedelta(hours=hours), timedelta(minutes=idle_minutes)

    def begin(self, person: PersonId, how: str) -> str:
        """A new session; what the cookie holds. Sessions that are over are cleared away."""
        secret, at = secrets.token_urlsafe(32), now()
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.ends < written(at)))
            values = {"person": person, "how": how, "began": written(at), "seen": written(at)}
            connection.execute(table.insert().values(id=_id(secret), ends=written(at + self._longest), **values))
        return secret

    def find(self, secret: str) -> Session | None:
        """Whose session this is; None when it is over, or the person may not work here any more."""
        if not secret:
            return None
        id = _id(secret)
        with self._database.read() as connection:
            row = first(connection, _FIND, {"session": id})
        if row is None or not self._stands(row.seen, row.ends):
            return None
        person = person_of(row.body)
        if not person.active:
            return None
        self._still_here(id, moment(row.seen))
        return Session(id=id, person=person, how=row.how)

    def end(self, secret: str) -> None:
        """Sign out."""
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.id == _id(secret)))

    def end_one(self, id: str) -> None:
        """End the session of this id, which is not its cookie."""
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.id == id))

    def end_all(self, person: PersonId) -> None:
        """Sign this person out everywhere, as after a change of password."""
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.person == person))

    def _stands(self, seen: str, ends: str) -> bool:
        return now() < min(moment(ends), moment(seen) + self._idle)

    def _still_here(self, id: str, seen: datetime) -> None:
        if now() - seen > min(_SEEN_EVERY, self._idle / 4):
            with self._database.write() as connection:
                connection.execute(update(table).where(table.c.id == id).values(seen=written(now())))


def _id(secret: str) -> str:
    """What the database keeps: whoever reads it cannot sign in with it."""
    return hashlib.sha256(secret.encode()).hexdigest()
