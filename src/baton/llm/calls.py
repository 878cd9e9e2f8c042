"""Calls to models, noted before they are made: so that none is paid twice, and none goes beyond a budget.

A call that was noted and has no answer may have been paid: after a crash it is never made again. Whoever asks while another
attempt is still waiting waits with it.
"""

import hashlib
import os
import socket
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, delete, func, insert, select, update

from baton.llm.budget import Budget, Spend
from baton.llm.call import CallKey
from baton.llm.tables import make
from baton.store.database import Database
from baton.types.ids import CaseId, Hash

_metadata = MetaData()
_call = Table(
    "model_call",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("place", Text, unique=True),  # empty for a case that was forgotten: what it cost still counts
    Column("case_id", Text, index=True),
    Column("day", Text, nullable=False, index=True),
    Column("until", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", Text, nullable=False),  # `begun`, `answered`, `lost`
    Column("tokens", BigInteger, nullable=False),  # a guess until it is answered
    Column("micro", BigInteger, nullable=False),
)
Turn: TypeAlias = Literal["ours", "wait", "lost"]
Clock: TypeAlias = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Calls:
    """The table of calls, in the scratch database beside their answers."""

    def __init__(self, database: Database, clock: Clock = _now) -> None:
        self._database = database
        self._clock = clock

    def create(self) -> None:
        """Make the table where it is missing."""
        make(self._database, _metadata)

    def begin(self, place: str, case: CaseId, guess: Spend, budget: Budget, seconds: float) -> Turn:
        """Note a call that is about to be made: `ours` to make, under way elsewhere (`wait`), or `lost`.

        Raises `BudgetSpent`. What calls under way may cost counts, so that many at once cannot overspend together.
        """
        with self._database.write() as connection:
            if not self._database.is_sqlite:
                connection.exec_driver_sql("LOCK TABLE model_call IN SHARE ROW EXCLUSIVE MODE")
            known = connection.execute(select(_call).where(_call.c.place == place)).mappings().first()
            if known is not None:
                return self._standing(connection, place, dict(known))
            now = self._clock()
            of_case = _sum(connection, _call.c.case_id == case)
            budget.allow(case, guess, of_case, _sum(connection, _call.c.day == now.date().isoformat()))
            until = now + timedelta(seconds=seconds)
            row = {"day": now.date().isoformat(), "until": until.isoformat(), "owner": _me(os.getpid()), "state": "begun"}
            connection.execute(insert(_call).values(place=place, case_id=case, **row, **guess.model_dump()))
            return "ours"

    def answered(self, place: str, paid: Spend) -> None:
        """The call was answered and cost this."""
        with self._database.write() as connection:
            connection.execute(update(_call).where(_call.c.place == place).values(state="answered", **paid.model_dump()))

    def lost(self, place: str) -> None:
        """Nobody knows whether the call was paid: it counts as paid and is never made again."""
        with self._database.write() as connection:
            connection.execute(update(_call).where(_call.c.place == place).values(state="lost"))

    def refused(self, place: str) -> None:
        """The endpoint did not take the call, so nothing was paid: it may be made again."""
        with self._database.write() as connection:
            connection.execute(delete(_call).where(_call.c.place == place, _call.c.state == "begun"))

    def spent(self, case: CaseId) -> Spend:
        """What a case has used so far."""
        with self._database.read() as connection:
            return _sum(connection, _call.c.case_id == case)

    def spent_on(self, day: str) -> Spend:
        """What every case together used on a day (UTC), as in `2026-03-01`."""
        with self._database.read() as connection:
            return _sum(connection, _call.c.day == day)

    def forget(self, case: CaseId) -> None:
        """Drop what says that a call was about this case; what it cost still counts for its day."""
        with self._database.write() as connection:
            connection.execute(update(_call).where(_call.c.case_id == case).values(place=None, case_id=None))

    def _standing(self, connection: Connection, place: str, row: dict[str, str]) -> Turn:
        if row["state"] == "begun" and _may_live(row["owner"]) and self._clock() < datetime.fromisoformat(row["until"]):
            return "wait"
        if row["state"] == "begun":
            connection.execute(update(_call).where(_call.c.place == place).values(state="lost"))
        return "wait" if row["state"] == "answered" else "lost"


def place_of(key: CallKey, prompt: Hash, asked: str) -> str:
    """What makes a call the same call, as one word."""
    return hashlib.sha256("\0".join((key.step, key.graph, key.node, prompt, asked)).encode()).hexdigest()


def _sum(connection: Connection, condition: object) -> Spend:
    tokens, micro = (func.coalesce(func.sum(column), 0) for column in (_call.c.tokens, _call.c.micro))
    row = connection.execute(select(tokens, micro).where(condition)).one()  # type: ignore[arg-type]  # any column's condition
    return Spend(tokens=int(row[0]), micro=int(row[1]))


@lru_cache(maxsize=4)
def _me(pid: int) -> str:
    """This process, told from another that had its number before; a forked child is another process."""
    return f"{socket.gethostname()}|{pid}|{uuid.uuid4()}"


def _may_live(owner: str) -> bool:
    """Whether the process that began a call may still be waiting for it; of other machines nobody knows."""
    host, pid, _ = owner.rsplit("|", 2)
    if host != socket.gethostname():
        return True
    if int(pid) == os.getpid():
        return owner == _me(os.getpid())
    if os.name != "posix":
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
