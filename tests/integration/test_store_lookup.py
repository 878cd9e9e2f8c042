"""A query that is spelt out once answers as SQLAlchemy's own execution does, on both databases."""

from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, Select, String, Table, bindparam, insert, select

from baton.store import Database
from baton.store.lookup import column, first, look_up

thing = Table(
    "looked_up",
    MetaData(),
    Column("id", String(8), primary_key=True),
    Column("number", Integer),
    Column("whole", Boolean, nullable=False),
    Column("body", JSON),
)
THINGS: list[dict[str, Any]] = [
    {"id": f"t{number}", "number": number or None, "whole": number % 2 == 0, "body": {"kind": "odd" if number % 2 else "even"}}
    for number in range(7)
]
IDS = bindparam("ids", expanding=True)
QUERIES: dict[str, tuple[Select[Any], dict[str, Any]]] = {
    "everything, JSON and truth read": (select(thing).order_by(thing.c.id), {}),
    "by a value": (select(thing.c.id).where(thing.c.number > bindparam("least")).order_by(thing.c.id), {"least": 3}),
    "one value in two places": (
        select(thing.c.id).where(thing.c.number >= bindparam("edge"), thing.c.number <= bindparam("edge")),
        {"edge": 4},
    ),
    "a value of its own": (select(thing.c.id).where(thing.c.number == 5).limit(1), {}),
    "by what JSON says": (select(thing.c.id).where(thing.c.body["kind"].as_string() == "odd").order_by(thing.c.id), {}),
    "nothing": (select(thing).where(thing.c.id == bindparam("id")), {"id": "t9"}),
    "a list of one": (select(thing).where(thing.c.id.in_(IDS)), {"ids": ["t3"]}),
    "a list of three": (select(thing.c.id).where(thing.c.id.in_(IDS)).order_by(thing.c.id), {"ids": ["t1", "t2", "t6"]}),
    "a list between values": (
        select(thing.c.id)
        .where(thing.c.number > bindparam("least"), thing.c.id.in_(IDS), thing.c.number < bindparam("most"))
        .order_by(thing.c.id),
        {"least": 1, "ids": ["t1", "t2", "t3", "t4", "t5"], "most": 5},
    ),
    "a list of nothing": (select(thing.c.id).where(thing.c.id.in_(IDS)), {"ids": []}),
}


@pytest.fixture
def things(database: Database) -> Database:
    with database.write() as connection:
        thing.create(connection)
        connection.execute(insert(thing), THINGS)
    return database


@pytest.mark.parametrize("name", QUERIES)
def test_it_answers_as_sqlalchemy_does(things: Database, name: str) -> None:
    query, values = QUERIES[name]
    with things.read() as connection:
        expected = [row._asdict() for row in connection.execute(query, values)]
        for _ in range(2):
            assert [row._asdict() for row in look_up(connection, query, values)] == expected
        found = first(connection, query, values)
        assert (found and found._asdict()) == (expected[0] if expected else None)
        assert column(connection, query, values) == [next(iter(row.values())) for row in expected]


def test_it_sees_what_the_same_transaction_wrote(things: Database) -> None:
    query = select(thing.c.number).where(thing.c.id == bindparam("id"))
    with things.write() as connection:
        connection.execute(insert(thing), [{"id": "new", "number": 8, "whole": True, "body": None}])
        assert first(connection, query, {"id": "new"}).number == 8
