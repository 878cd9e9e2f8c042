"""Who is named: the owner of a customer's case, the holder of a stage, the next rung of an escalation."""

from collections.abc import Iterable, Mapping

from baton.types.ids import PersonId
from baton.types.people import Person


def available(people: Mapping[str, Person], person: Person) -> Person | None:
    """The person, or who decides for them while they are away; None when neither is active."""
    if person.active:
        return person
    delegate = people.get(person.delegate or "")
    return delegate if delegate and delegate.active else None


def of_department(people: Mapping[str, Person], department: str, load: Mapping[str, int]) -> PersonId | None:
    """Whoever of the department has the fewest open cases; None is `unassigned`."""
    return _least(people, (person for person in people.values() if person.department == department), load)


def of_role(people: Mapping[str, Person], role: str, load: Mapping[str, int]) -> PersonId | None:
    """Whoever holds the role and has the fewest open cases."""
    return _least(people, (person for person in people.values() if role in person.roles), load)


def _least(people: Mapping[str, Person], candidates: Iterable[Person], load: Mapping[str, int]) -> PersonId | None:
    here = {found.id for person in candidates if (found := available(people, person))}
    return min(here, key=lambda id: (load.get(id, 0), id), default=None)
