"""Who wrote, by the name in their own message; kept, so that a list opens each message once in its life."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from baton.cases.store import insert_once
from baton.cases.tables import case, message
from baton.console.bench import Bench
from baton.console.tables import caller
from baton.errors import BatonError
from baton.store import Database
from baton.store.lookup import first
from baton.types.documents import Message

_ENOUGH = 64 * 1024
_HEADERS = BytesHeaderParser(policy=default)
_KEEPING: set[asyncio.Task[None]] = set()
_CALLED = select(caller.c.name).where(caller.c.case == bindparam("case"))


def callers(bench: Bench, ids: Iterable[str]) -> dict[str, str]:
    """The name for each of these cases. One that has none in its message is called by its address."""
    wanted = set(ids)
    if not wanted:
        return {}
    with bench.database.read() as connection:
        known = {row.case: row.name for row in connection.execute(select(caller).where(caller.c.case.in_(wanted)))}
        if not (new := wanted - known.keys()):
            return known
        senders = {row.id: row.sender for row in connection.execute(select(case.c.id, case.c.sender).where(case.c.id.in_(new)))}
        rows = connection.execute(
            select(message.c.case, message.c.body).where(message.c.case.in_(new)).order_by(message.c.at.desc())
        )
        first = {row.case: Message.model_validate(row.body) for row in rows}
    names = {id: (_name(bench, first.get(id)) or address)[:320] for id, address in senders.items()}
    _keep(bench.database, names)
    return known | names


def _keep(database: Database, names: Mapping[str, str]) -> None:
    """Whoever is shown a list does not wait for its names to be written; one that gets lost is looked up again."""

    def write() -> None:
        with database.write() as connection:
            for id, name in sorted(names.items()):
                insert_once(connection, caller, case=id, name=name)

    async def later() -> None:
        with suppress(SQLAlchemyError):
            await database.transact(write)

    try:
        task = asyncio.get_running_loop().create_task(later())
    except RuntimeError:
        write()
        return
    _KEEPING.add(task)
    task.add_done_callback(_KEEPING.discard)


def caller_of(bench: Bench, id: str) -> str:
    """The name of who wrote in this case; empty for a case that nobody opened."""
    with bench.database.read() as connection:
        known = called(connection, id)
    return callers(bench, [id]).get(id, "") if known is None else known


def called(connection: Connection, id: str) -> str | None:
    """The same, where it is known already."""
    found = first(connection, _CALLED, {"case": id})
    return str(found.name) if found else None


def _name(bench: Bench, found: Message | None) -> str:
    if found is None:
        return ""
    try:
        headers = _HEADERS.parsebytes(bench.documents.read(found.source.id)[:_ENOUGH])
    except BatonError:
        return ""
    return parseaddr(str(headers.get("From", "")))[0].strip()
