"""Looking something up that every page and every step looks up.

SQLite answers such a question in a few microseconds; SQLAlchemy's own execution costs several times that. So a query that is
made once is spelt out once, and its words go to SQLite's driver as they are. PostgreSQL is asked in the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql import Executable

_NONE: Final[Mapping[str, Any]] = {}


def look_up(connection: Connection, query: Executable, values: Mapping[str, Any] = _NONE) -> Sequence[Any]:
    """Every row that a query finds, inside the caller's transaction. The query is one that lasts: a constant of a module."""
    spelt = _spelt(query, connection.dialect) if connection.dialect.name == "sqlite" else None
    if spelt is None or not all(values[name] for name in spelt.lists):
        return connection.execute(query, values).all()
    raw: Any = connection.connection.dbapi_connection
    return [*map(spelt.row, raw.execute(*spelt.with_values(values)).fetchall())]


def first(connection: Connection, query: Executable, values: Mapping[str, Any] = _NONE) -> Any:
    """The first row, or None."""
    found = look_up(connection, query, values)
    return found[0] if found else None


def column(connection: Connection, query: Executable, values: Mapping[str, Any] = _NONE) -> list[Any]:
    """The first value of every row."""
    return [row[0] for row in look_up(connection, query, values)]


class _Spelt(NamedTuple):
    """A query in SQLite's own words."""

    text: str
    places: tuple[str, ...]
    """Which value goes where."""
    own: Mapping[str, Any]
    """Values that the query itself holds."""
    lists: tuple[str, ...]
    """Values that are lists of any length but none."""
    row: Callable[[tuple[Any, ...]], Any]
    """Makes a row of its cells."""

    def with_values(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """What the driver is given."""
        if not self.lists:
            return self.text, [values[name] if name in values else self.own[name] for name in self.places]
        text = self.text
        given: list[Any] = []
        long = {name: _whole(values[name]) for name in self.lists}
        for name, listed in long.items():
            text = text.replace(_MARK % name, ", ".join("?" * len(listed)))
        for name in self.places:
            given += long[name] if name in long else [values[name] if name in values else self.own[name]]
        return text, given


_MARK: Final = "__[POSTCOMPILE_%s]"


def _whole(listed: Sequence[Any]) -> list[Any]:
    """A list in one of a few lengths, its last value as often as it takes: SQLite knows the question again."""
    return [*listed, *[listed[-1]] * ((1 << (len(listed) - 1).bit_length()) - len(listed))]


@lru_cache(maxsize=512)
def _spelt(query: Executable, dialect: Dialect) -> _Spelt | None:
    """None for a query that is asked with values that have to be written in another way first."""
    compiled: Any = query.compile(dialect=dialect)  # type: ignore[attr-defined]  # whatever is selected can be compiled
    put = compiled._bind_processors
    if not put.keys().isdisjoint(name for name, one in compiled.binds.items() if one.required):
        return None
    own = {name: put[name](value) if name in put else value for name, value in compiled.params.items()}
    lists = tuple(one.key for one in compiled.post_compile_params)
    return _Spelt(compiled.string, tuple(compiled.positiontup), own, lists, _reading(compiled, dialect))


def _reading(compiled: Any, dialect: Dialect) -> Callable[[tuple[Any, ...]], Any]:
    """What stands in a cell becomes what its column says, as JSON becomes what was written."""
    found: Any = namedtuple("Found", [column.keyname for column in compiled._result_columns])  # type: ignore[misc]  # told at run time
    types = [column.type.dialect_impl(dialect) for column in compiled._result_columns]
    reading = [(place, how) for place, one in enumerate(types) if (how := one.result_processor(dialect, None))]

    def read(cells: tuple[Any, ...]) -> Any:
        told = list(cells)
        for place, how in reading:
            told[place] = how(told[place])
        return found._make(told)

    return read if reading else found._make
