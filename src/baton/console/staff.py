"""Everybody on the staff, as the records have them now; read anew only when the records say something else."""

from functools import cached_property, lru_cache

from sqlalchemy import Connection

from baton.cases import prepared
from baton.cases.store import person_of
from baton.store.lookup import column
from baton.types.people import Person


class Staff:
    """The same staff is the same object: what is worked out from it can be kept under it."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self.people = people

    @cached_property
    def by_id(self) -> dict[str, Person]:
        """Each person by id."""
        return {str(one.id): one for one in self.people}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each is called."""
        return {str(one.id): one.name for one in self.people}


def staff(connection: Connection) -> Staff:
    """The staff as it stands now."""
    return _of(tuple(column(connection, prepared.PEOPLE)))


@lru_cache(maxsize=8)
def _of(bodies: tuple[str, ...]) -> Staff:
    return Staff(tuple(person_of(body) for body in bodies))
