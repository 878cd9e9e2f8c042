"""What governance works with: the stores, the policies and the clocks of one installation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection

from baton import __version__
from baton.cases import prepared
from baton.cases import store as cases
from baton.cases.store import insert_once
from baton.cases.tables import bundle as bundle_table
from baton.governance.courtesy import Courtesy
from baton.governance.declare import Declaration
from baton.governance.policy import Bundle, Clock, Policies, PolicyProblem
from baton.governance.stamps import StampCheck
from baton.ledger import Ledger
from baton.store import Database
from baton.store.lookup import first
from baton.types.canonical import canonical, hash_of
from baton.types.ids import Hash
from baton.types.people import Actor, Person

ENGINE = Actor(kind="engine", id="baton", version=__version__)


@dataclass(frozen=True)
class Engine:
    """One installation's governance. Built by `runtime.bootstrap`, handed to workers and to the command line."""

    database: Database
    ledger: Ledger
    policies: Policies
    stamps: StampCheck
    declarations: Mapping[str, Declaration]
    prefixes: Mapping[str, str]
    """Process name to the first letters of its case ids."""
    courtesy: Courtesy = field(default_factory=Courtesy)

    def agent(self, process: str) -> Actor:
        """Who proposes a process's effects."""
        return Actor(kind="agent", id=f"{process}-agent", version=__version__)

    def clock(self, process: str, stage: str, tier: str) -> Clock | None:
        """How long this stage may take and who is named when it takes longer; None where no row says so."""
        try:
            return self.policies.clocks.due(process, stage, tier)
        except PolicyProblem:
            return None

    def people(self, connection: Connection) -> dict[str, Person]:
        """Everybody on the staff, by id."""
        return {person.id: person for person in cases.people(connection)}

    def keep_bundle(self) -> None:
        """Store the text of the policies by hash, so that the text of then can be shown later."""
        with self.database.write() as connection:
            insert_once(connection, bundle_table, hash=self.policies.bundle.hash, body=self.policies.bundle.to_json())

    def keep_staff(self, connection: Connection, people: dict[str, Person]) -> Hash:
        """Store who was on the staff by hash, so that "who might have approved?" has the same answer later."""
        staff = [people[id].model_dump(mode="json") | {"roles": sorted(people[id].roles)} for id in sorted(people)]
        hash = hash_of(staff)
        insert_once(connection, bundle_table, hash=hash, body=canonical(staff).decode())
        return hash

    def staff(self, connection: Connection, hash: str) -> tuple[Person, ...]:
        """The staff of then."""
        found = first(connection, prepared.BUNDLE, {"id": hash})
        return _staff(found.body if found else "[]")

    def bundle(self, connection: Connection, hash: Hash) -> Bundle | None:
        """The policies of then."""
        found = first(connection, prepared.BUNDLE, {"id": hash})
        return _bundle(found.body) if found else None


@lru_cache(maxsize=16)
def _bundle(body: str) -> Bundle:
    """The few that past decisions name are asked for again and again."""
    return Bundle.from_json(body)


@lru_cache(maxsize=64)
def _staff(body: str) -> tuple[Person, ...]:
    return tuple(Person.model_validate(person) for person in json.loads(body))
