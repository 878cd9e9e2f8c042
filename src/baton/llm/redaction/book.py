"""Which number each value of a case has: kept in the scratch store, as digests only."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, UniqueConstraint, delete, insert, select

from baton.llm.redaction.swap import Value
from baton.llm.tables import make
from baton.store.database import Database

_metadata = MetaData()
_token = Table(
    "model_token",
    _metadata,
    Column("case_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    UniqueConstraint("case_id", "kind", "number"),
)


class Tokens:
    """The table of numbers. It holds no value, so that reading it tells nobody anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self) -> None:
        """Make the table where it is missing."""
        make(self._database, _metadata)

    def numbers(self, case: str, values: Sequence[Value]) -> Mapping[Value, int]:
        """The number of each value; new ones get the next of their kind."""
        with self._database.read() as connection:
            known = _known(connection, case)
        if any(value not in known for value in values):
            with self._database.write() as connection:
                known = self._numbered(connection, case, values)
        return {value: known[value] for value in values}

    def forget(self, case: str) -> None:
        """Drop a case's numbers."""
        with self._database.write() as connection:
            connection.execute(delete(_token).where(_token.c.case_id == case))

    def _numbered(self, connection: Connection, case: str, values: Sequence[Value]) -> dict[Value, int]:
        if not self._database.is_sqlite:
            connection.exec_driver_sql("LOCK TABLE model_token IN SHARE ROW EXCLUSIVE MODE")
        known = _known(connection, case)
        for value in values:
            if value not in known:
                known[value] = 1 + max((number for other, number in known.items() if other.kind == value.kind), default=0)
                row = {"case_id": case, "kind": value.kind, "digest": value.digest, "number": known[value]}
                connection.execute(insert(_token).values(**row))
        return known


class InMemory:
    """The same without a store, for measurements and tests."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Value], int] = {}

    def numbers(self, case: str, values: Sequence[Value]) -> Mapping[Value, int]:
        """The number of each value; new ones get the next of their kind."""
        for value in values:
            if (case, value) not in self._known:
                mates = [number for (of, other), number in self._known.items() if of == case and other.kind == value.kind]
                self._known[case, value] = 1 + max(mates, default=0)
        return {value: self._known[case, value] for value in values}


def _known(connection: Connection, case: str) -> dict[Value, int]:
    columns = select(_token.c.kind, _token.c.digest, _token.c.number).where(_token.c.case_id == case)
    return {Value(row.kind, row.digest): row.number for row in connection.execute(columns)}
