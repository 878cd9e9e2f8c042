"""The company's people, as the engine's records want them."""

from sqlalchemy import select

from activities.company.opening import company
from activities.company.tables import person
from baton.governance.declare import directory
from baton.store import Database
from baton.types.ids import PersonId
from baton.types.people import Person


@directory
def staff(database: Database | None = None) -> list[Person]:
    """Everybody on the staff, the inactive too."""
    with (database or company()).read() as connection:
        rows = connection.execute(select(person).order_by(person.c.id)).all()
    return [
        Person(
            id=PersonId(row.id),
            name=row.name,
            department=row.department,
            roles=frozenset(role.strip() for role in row.roles.split("|") if role.strip()),
            email=row.email,
            active=row.active,
            delegate=PersonId(row.delegate) if row.delegate else None,
        )
        for row in rows
    ]
