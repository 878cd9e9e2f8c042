"""Two steps about one customer's money at once: the second would judge facts that the first is about to change.

Who may act is marked in the decision's own transaction, and the mark is cleared with the effect's row. A step whose facts are
older than that asks again and loads them afresh, so that two cases never both give what may be given once.
"""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from baton.cases.clock import now, written
from baton.cases.store import insert_once
from baton.cases.tables import reservation
from baton.types.ids import CustomerId, StepKey

ASK_AGAIN = timedelta(milliseconds=200)
"""How soon a step asks again that met another one."""
_WINDOW = timedelta(hours=1)
"""How long a mark holds others up when nobody comes back to finish the step, as in a case that was terminated."""
_END = update(reservation).where(reservation.c.step == bindparam("mark")).values(released=True)
_LATELY = select(reservation.c.step, reservation.c.released).where(
    reservation.c.customer == bindparam("customer"),
    reservation.c.at >= bindparam("since"),
    reservation.c.currency == "",
)


def finished(connection: Connection, customer: CustomerId | None) -> frozenset[str]:
    """The marks of this customer that are cleared already. Ask before the facts are loaded."""
    return frozenset(step for step, cleared in _marks(connection, customer) if cleared)


def met(connection: Connection, step: StepKey, customer: CustomerId | None, before: frozenset[str]) -> bool:
    """Whether another step acts, or acted since `before`: the facts may be stale. Ask in the transaction that marks."""
    if customer and connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"customer:{customer}"))))
    others = [(mark, cleared) for mark, cleared in _marks(connection, customer) if mark != _mark(step)]
    return any(not cleared or mark not in before for mark, cleared in others)


def begin(connection: Connection, step: StepKey, customer: CustomerId | None) -> None:
    """This step acts from now on."""
    if customer:
        values = {"customer": customer, "process": "", "amount": 0, "currency": "", "at": written(now()), "released": False}
        insert_once(connection, reservation, step=_mark(step), **values)


def end(connection: Connection, step: StepKey) -> None:
    """What became of it is on record."""
    connection.execute(_END, {"mark": _mark(step), "at": written(now())})


def _mark(step: StepKey) -> str:
    return f"{step}/acting"


def _marks(connection: Connection, customer: CustomerId | None) -> list[tuple[str, bool]]:
    if not customer:
        return []
    lately = {"customer": customer, "since": written(now() - _WINDOW)}
    return [(row.step, row.released) for row in connection.execute(_LATELY, lately)]
