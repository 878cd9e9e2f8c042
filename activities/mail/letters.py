"""The company's list of letters: which left, which may have left, and what customers were asked for."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, TypeAlias, TypeVar

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from activities.company.tables import letter
from activities.mail.port import Envelope
from baton.errors import BatonError
from baton.governance.declare import Permit
from baton.store import Database

T = TypeVar("T")
State: TypeAlias = Literal["sending", "sent"]
MOST_A_DAY: Final = 30
"""Letters that one case may send in a day: a loop stops here."""


class TooManyLetters(BatonError):
    """A case sends more letters than anybody would."""


class Letters:
    """The list of letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, envelope: Envelope, permit: Permit, message_id: str, state: State = "sending") -> State | None:
        """Note that a letter is about to leave; when it is noted already, its state. Raises `TooManyLetters`."""
        try:
            return await asyncio.to_thread(self._begin, _row(envelope, permit, message_id, state))
        except IntegrityError:  # two began at once: the other was first
            found = await self.find(permit.key)
            return found.state if found else None

    async def end(self, key: str) -> None:
        """Note that it left."""
        await self._change(update(letter).where(letter.c.key == key).values(state="sent"))

    async def forget(self, key: str) -> None:
        """It surely did not leave: it may be sent again."""
        await self._change(delete(letter).where(letter.c.key == key, letter.c.state == "sending"))

    async def find(self, key: str) -> Row[Any] | None:
        """One letter, or None."""
        return await self._read(lambda connection: connection.execute(select(letter).where(letter.c.key == key)).first())

    async def sent_on(self, recipient: str, day: date) -> int:
        """How many letters went to this address on this day (UTC)."""
        begins = datetime.combine(day, time(), tzinfo=UTC)
        on_the_day = (letter.c.written >= begins) & (letter.c.written < begins + timedelta(days=1))
        wanted = select(func.count()).where(letter.c.recipient == recipient.lower(), on_the_day)
        return await self._read(lambda connection: connection.scalar(wanted) or 0)

    async def asked_for(self, case: str) -> frozenset[str]:
        """What this case already asked the customer to send."""
        wanted = select(letter.c.asks_for).where(letter.c.case_id == case, letter.c.asks_for != "")
        rows = await self._read(lambda connection: connection.scalars(wanted).all())
        return frozenset(asked for row in rows for asked in row.split(","))

    def _begin(self, row: dict[str, Any]) -> State | None:
        with self._database.write() as connection:
            found: State | None = connection.scalar(select(letter.c.state).where(letter.c.key == row["key"]))
            if found is None:
                _not_too_many(connection, row["case_id"])
                connection.execute(insert(letter), row)
            return found

    async def _read(self, query: Callable[[Connection], T]) -> T:
        def reading() -> T:
            with self._database.read() as connection:
                return query(connection)

        return await asyncio.to_thread(reading)

    async def _change(self, statement: Any) -> None:
        def changing() -> None:
            with self._database.write() as connection:
                connection.execute(statement)

        await asyncio.to_thread(changing)


def _not_too_many(connection: Connection, case: str) -> None:
    lately = letter.c.written > datetime.now(UTC) - timedelta(days=1)
    if (connection.scalar(select(func.count()).where(letter.c.case_id == case, lately)) or 0) >= MOST_A_DAY:
        raise TooManyLetters(f"case `{case}` already sent {MOST_A_DAY} letters within a day: look at what its process does")


def _row(envelope: Envelope, permit: Permit, message_id: str, state: State) -> dict[str, Any]:
    return {
        "key": permit.key,
        "case_id": permit.case,
        "template": envelope.template,
        "recipient": envelope.recipient.lower(),
        "message_id": message_id,
        "asks_for": ",".join(envelope.asks_for),
        "state": state,
        "written": datetime.now(UTC),
    }
