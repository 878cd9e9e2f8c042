"""Local accounts: a password each (argon2id), and a lock after too many wrong ones."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row, select, update

from baton.cases.clock import moment, now, written
from baton.cases.store import people
from baton.console.tables import account as table
from baton.errors import BatonError
from baton.store import Database
from baton.types.ids import PersonId

MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
SHORTEST = 12
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")


class NotSignedIn(BatonError):
    """The name and the password do not fit, or the account is locked."""


class BadPassword(BatonError):
    """A password that cannot be used."""


class Accounts:
    """The people who sign in with a password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, person: PersonId, password: str) -> str:
        """Give somebody of the staff a password; returns the name they sign in with. Raises `BadPassword`."""
        if len(password) < SHORTEST:
            raise BadPassword(f"the password has {len(password)} characters: use at least {SHORTEST}")
        with self._database.write() as connection:
            known = {one.id: one for one in people(connection) if one.kind == "person"}
            if person not in known:
                raise BadPassword(f"nobody called `{person}` is on the staff")
            login = known[person].email.lower()
            connection.execute(table.delete().where(table.c.person == person))
            values = {"password": _HASHER.hash(password), "failures": 0, "changed": written(now())}
            connection.execute(table.insert().values(person=person, login=login, **values))
        return login

    def check(self, login: str, password: str) -> PersonId:
        """Whose name and password these are. Raises `NotSignedIn`, which never tells whether the name exists."""
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.login == login.strip().lower())).first()
        fits = _fits(row.password if row else _NOBODY, password)  # the same work for a name that nobody has
        if row is None:
            raise NotSignedIn("this name and this password do not belong together")
        if row.locked_until and moment(row.locked_until) > now():
            raise NotSignedIn("too many wrong passwords: this account is locked for a quarter of an hour")
        self._count(row, fits)
        if not fits:
            raise NotSignedIn("this name and this password do not belong together")
        return PersonId(row.person)

    def _count(self, row: Row[tuple[object, ...]], fits: bool) -> None:
        failures = 0 if fits else row.failures + 1
        if failures == 0 and row.failures == 0:
            return
        locked = written(now() + LOCKED) if failures >= MOST_FAILURES else None
        values = {"failures": 0 if locked else failures, "locked_until": locked}
        with self._database.write() as connection:
            connection.execute(update(table).where(table.c.person == row.person).values(**values))


def _fits(hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(hash, password)
    except (VerificationError, InvalidHashError):
        return False
