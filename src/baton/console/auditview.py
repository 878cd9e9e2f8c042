"""Finding decisions on record: by case, document, amount, day, person, rule, in any order, a page at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from baton.cases.tables import case
from baton.console.auditindex import AuditIndex, Word
from baton.console.auditterms import amounts_of
from baton.console.auditwords import PREFIXES, READING, Wanted, amounts, kind_of
from baton.console.bench import Bench
from baton.console.staff import staff
from baton.ledger.entry import parse
from baton.ledger.tables import decision_index, entry
from baton.store import Database
from baton.store.lookup import column, first, look_up
from baton.types.frozen import Frozen
from baton.types.money import Money

PAGE = 50
_MOST_LOOKED_AT = 20_000
_AT_ONCE = 64
_SLACK = 1000
"""Rows enter the ledger in the order of their commits, which is nearly that of their times."""
_MOST_CASES = 50
_ENTRIES = select(entry.c.position, entry.c.body).where(entry.c.position.in_(bindparam("positions", expanding=True)))
_ENTRIES = _ENTRIES.order_by(entry.c.position.desc())
_NEWEST = select(decision_index.c.position).order_by(decision_index.c.position.desc()).limit(1)
_THEIRS = select(case.c.id).where(
    or_(case.c.customer == bindparam("token"), case.c.customer == bindparam("upper"), case.c.sender == bindparam("lower"))
)
_THEIRS = _THEIRS.order_by(case.c.opened.desc()).limit(_MOST_CASES)


class Line(Frozen):
    """One decision in the list of what was found."""

    position: int
    id: str
    at: datetime
    kind: str
    outcome: str
    action: str
    case: str
    by: str
    name: str
    who: str
    rules: tuple[str, ...]
    amounts: tuple[Money, ...] = ()


class Found(Frozen):
    """One page of what was found."""

    lines: tuple[Line, ...]
    before: int | None
    """Where the next page goes on; None at the end."""
    behind: int
    """How many of the newest rows are not indexed yet."""
    unknown: tuple[str, ...] = ()
    """Tokens under which nothing is on record."""


@lru_cache(maxsize=8)
def index_of(database: Database, home: Path) -> AuditIndex:
    """The index of an installation, opened once."""
    return AuditIndex(database, home)


def search(bench: Bench, asked: Wanted, kind: str = "", before: int | None = None, most: int = PAGE) -> Found:
    """What fits, the newest first."""
    index = index_of(bench.database, bench.home)
    bench.engine.ledger.drain()
    behind = index.catch_up()
    if behind:
        index.go_on()
    with bench.database.read() as connection:
        names = staff(connection).names
        tokens = [(token, _meanings(connection, index, token, names)) for token in asked.tokens]
        if unknown := tuple(token for token, words in tokens if not words):
            return Found(lines=(), before=None, behind=behind, unknown=unknown)
        wanted = [words for _, words in tokens] + ([index.words([f"kind:{kind}"])] if kind else [])
        low, high = _between(connection, asked, before)
        matching = index.matching(wanted, low, high) if wanted else nullcontext(iter(range(high - 1, low - 1, -1)))
        with matching as positions:
            lines, after = _page(connection, positions, asked, kind, names, most)
    return Found(lines=tuple(lines), before=after, behind=behind)


def _page(
    connection: Connection, positions: Iterator[int | None], asked: Wanted, kind: str, names: dict[str, str], most: int
) -> tuple[list[Line], int | None]:
    lines: list[Line] = []
    looked, last = 0, None
    while len(lines) <= most and looked < _MOST_LOOKED_AT:
        some = list(islice(positions, _AT_ONCE))
        if not some:
            return lines[:most], None if len(lines) <= most else lines[most - 1].position
        looked += len(some)
        numbers = [one for one in some if one is not None]
        last = numbers[-1] if numbers else last
        lines += _lines(connection, numbers, asked, kind, names)
    return lines[:most], lines[most - 1].position if len(lines) > most else last


def _lines(connection: Connection, positions: Sequence[int], asked: Wanted, kind: str, names: dict[str, str]) -> Iterator[Line]:
    if not positions:
        return
    rows = [(row.position, parse(bytes(row.body))) for row in look_up(connection, _ENTRIES, {"positions": list(positions)})]
    rows = [(position, said) for position, said in rows if _counts(said, asked, kind)]
    money = amounts_of(connection, [said for _, said in rows])
    for position, said in rows:
        yield line_of(position, said, names, money.get(said["id"], ()))


def line_of(position: int, said: dict[str, Any], names: dict[str, str], money: tuple[Money, ...]) -> Line:
    """One row of the ledger as the list shows it."""
    by = said["by"]
    return Line(
        position=position,
        id=said["id"],
        at=said["at"],
        kind=kind_of(said),
        outcome=said["outcome"],
        action=said["action"],
        case=said["case"] or "",
        by=by["id"],
        name=names.get(by["id"], by["id"]),
        who=by["kind"],
        rules=tuple(said["rules"]),
        amounts=money,
    )


def _counts(said: dict[str, Any], asked: Wanted, kind: str) -> bool:
    day = date.fromisoformat(said["at"][:10])
    if (asked.since and day < asked.since) or (asked.until and day > asked.until):
        return False
    return kind_of(said) == kind if kind else kind_of(said) != READING


def _meanings(connection: Connection, index: AuditIndex, token: str, names: dict[str, str]) -> list[Word]:
    """Every word that a token may stand for."""
    small = token.lower()
    if small.partition(":")[0] in PREFIXES and ":" in small:
        prefix, _, rest = small.partition(":")
        return index.words([small, *(f"amount:{one}" for one in amounts(rest) if prefix == "amount")])
    exact = [f"{prefix}:{small}" for prefix in PREFIXES]
    exact += [f"amount:{one}" for one in amounts(token)]
    exact += [f"by:{id}" for id, name in names.items() if small in name.lower()]
    exact += [f"case:{id}" for id in _cases_of(connection, token)]
    starting = [f"{prefix}:{small}" for prefix in ("rule", "document", "action") if len(small) >= 3 and not amounts(token)]
    return index.words(exact, starting)


def _cases_of(connection: Connection, token: str) -> Iterable[str]:
    """The cases of a customer, by their id or address."""
    return column(connection, _THEIRS, {"token": token, "upper": token.upper(), "lower": token.lower()})


def _between(connection: Connection, asked: Wanted, before: int | None) -> tuple[int, int]:
    """The stretch of the ledger in which the asked days lie, a little wider."""
    newest = first(connection, _NEWEST)
    size = newest.position + 1 if newest else 0
    low = max(_first(connection, size, asked.since.isoformat()) - _SLACK, 0) if asked.since else 0
    high = min(_first(connection, size, f"{asked.until.isoformat()}T24") + _SLACK, size) if asked.until else size
    return low, high if before is None else min(high, before)


def _first(connection: Connection, size: int, at: str) -> int:
    """The first position whose time is not before this one, by halving."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(select(decision_index.c.at).where(decision_index.c.position == middle)).scalar()
        low, high = (middle + 1, high) if found is not None and found < at else (low, middle)
    return low
