"""Tokens: what an integration shows instead of a password. The database keeps their hashes only."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from baton.cases import store
from baton.cases.clock import moment, now, written
from baton.cases.tables import person as people
from baton.console.signin.visitor import NotAllowed
from baton.console.tables import token as table
from baton.errors import BatonError
from baton.governance import rows
from baton.governance.engine import Engine
from baton.governance.policy.authority import roles_of
from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.ids import PersonId, StepKey, decision_id
from baton.types.people import Person

PREFIX: Final = "baton_"
BEFORE: Final = "integration:"
"""Every integration's id begins so, and no person's does."""
LONGEST_DAYS: Final = 730
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,40}")


class BadToken(BatonError):
    """A token cannot be made or withdrawn so."""


class Token(Frozen):
    """One token, without itself: that is shown once, when it is made."""

    id: str
    integration: str
    roles: tuple[str, ...]
    begins: str
    """Its first letters, to tell tokens apart."""
    made: str
    by: str
    ends: str
    used: str
    """The day of its last use; empty before the first."""
    withdrawn: str
    """When it was withdrawn; empty while it holds."""

    @property
    def holds(self) -> bool:
        """Whether it opens anything now."""
        return not self.withdrawn and moment(self.ends) > now()


class Made(Frozen):
    """A token just made, with the secret that is never shown again."""

    secret: str
    token: Token


class Tokens:
    """The tokens of one installation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, by: Person, name: str, roles: Iterable[str], days: int = 365) -> Made:
        """A token for an integration of this name, which holds exactly these roles from now on. Raises `BadToken`."""
        self._may(by)
        held, at = frozenset(roles), now()
        if not _NAME.fullmatch(name):
            raise BadToken(f"`{name}` is no name for an integration: use small letters, digits and dashes, as in `web-shop`")
        if not held or (strange := sorted(held - self.roles())):
            named = ", ".join(f"`{role}`" for role in sorted(self.roles()))
            raise BadToken(f"`{', '.join(strange) if held else ''}` is no role of integrations: the policies name {named}")
        if not 0 < days <= LONGEST_DAYS:
            raise BadToken(f"a token holds between 1 and {LONGEST_DAYS} days, not {days}")
        id, secret = PersonId(BEFORE + name), PREFIX + secrets.token_urlsafe(32)
        values = {
            "begins": secret[: len(PREFIX) + 4],
            "made": written(at),
            "by": by.id,
            "ends": written(at + timedelta(days=days)),
        }
        with self._engine.database.write() as connection:
            store.keep_people(connection, [Person(id=id, name=name, department="", roles=held, email="", kind="integration")])
            connection.execute(table.insert().values(id=hashed(secret), integration=id, used="", withdrawn="", **values))
            self._note(connection, by, "token made", {"integration": id, "roles": [*sorted(held)], "token": hashed(secret)[:12]})
            return Made(secret=secret, token=self._one(connection, hashed(secret)))

    def all(self, by: Person) -> tuple[Token, ...]:
        """Every token there is or was, the newest first."""
        self._may(by)
        with self._engine.database.read() as connection:
            return self._listed(connection)

    def withdraw(self, by: Person, id: str) -> Token:
        """It opens nothing from now on; withdrawn twice is withdrawn. Raises `BadToken`."""
        self._may(by)
        with self._engine.database.write() as connection:
            found = self._one(connection, id)
            if not found.withdrawn:
                connection.execute(update(table).where(table.c.id == found.id).values(withdrawn=written(now())))
                detail: dict[str, Json] = {"integration": found.integration, "token": found.id[:12]}
                self._note(connection, by, "token withdrawn", detail)
                self._rest(connection, found.integration)
            return self._one(connection, found.id)

    def find(self, secret: str) -> Person | None:
        """Whose token this is; None when it does not hold, or its integration may do nothing any more."""
        id = hashed(secret)
        query = select(table, people.c.body).where(table.c.id == id, table.c.integration == people.c.id, table.c.withdrawn == "")
        with self._engine.database.read() as connection:
            row = connection.execute(query).first()
        if row is None or moment(row.ends) <= now():
            return None
        found = Person.model_validate(row.body)
        if row.used != (today := written(now())[:10]):
            with self._engine.database.write() as connection:
                connection.execute(update(table).where(table.c.id == id).values(used=today))
        return found if found.active else None

    def roles(self) -> frozenset[str]:
        """The roles of integrations that the policies name."""
        return roles_of(self._engine.policies, "integration")

    def _may(self, by: Person) -> None:
        permission = self._engine.policies.may_do(by, "baton:administer")
        if not permission.allowed:
            raise NotAllowed(f"{by.name} may not keep tokens (`baton:administer`): {permission.words}")

    def _one(self, connection: Connection, id: str) -> Token:
        found = [one for one in self._listed(connection) if one.id == id or (len(id) >= 12 and one.id.startswith(id))]
        if len(found) != 1:
            raise NoToken(f"there is no token `{id[:64]}`: `baton token list` shows them")
        return found[0]

    def _listed(self, connection: Connection) -> tuple[Token, ...]:
        query = select(table, people.c.body).where(table.c.integration == people.c.id).order_by(table.c.made.desc())
        names = ("id", "integration", "begins", "made", "by", "ends", "used", "withdrawn")
        return tuple(
            Token(**{name: getattr(row, name) for name in names}, roles=tuple(sorted(row.body["roles"])))
            for row in connection.execute(query)
        )

    def _rest(self, connection: Connection, integration: str) -> None:
        """An integration without a token that holds is not active any more: what it said and is under way is refused."""
        if not any(one.holds for one in self._listed(connection) if one.integration == integration):
            person = self._engine.people(connection)[PersonId(integration)]
            store.keep_people(connection, [person.model_copy(update={"active": False})])

    def _note(self, connection: Connection, by: Person, outcome: str, detail: dict[str, Json]) -> None:
        id = decision_id(StepKey(f"{by.id}/{detail['token']}"), outcome)
        made = rows.row("handoff", id, rows.actor(by), outcome, action="baton:administer", detail=detail)
        self._engine.ledger.append(connection, made)


class NoToken(BadToken):
    """There is no such token."""


def hashed(secret: str) -> str:
    """What the database keeps: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
