"""Cumulative caps: what was already promised to a customer this year and by a process today.

Reserved in the decision's own transaction, so that two cases racing for the last euro cannot both have it.
"""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Connection, Select, bindparam, func, select, update

from baton.cases.clock import now, written
from baton.cases.store import insert_once
from baton.cases.tables import reservation
from baton.types.ids import CustomerId, StepKey
from baton.types.money import Money

_PARTS = Decimal(10_000)
NOTHING = {"customer_year": "0.00", "process_day": "0.00"}
_STANDING = select(func.coalesce(func.sum(reservation.c.amount), 0)).where(
    reservation.c.step != bindparam("step"),
    reservation.c.currency == bindparam("currency"),
    reservation.c.at >= bindparam("since"),
    reservation.c.released.is_(False),
)
_OF_CUSTOMER = _STANDING.where(reservation.c.customer == bindparam("whose"))
_OF_PROCESS = _STANDING.where(reservation.c.process == bindparam("whose"))


def spent(
    connection: Connection, step: StepKey, customer: CustomerId | None, process: str, amount: Money | None
) -> dict[str, str]:
    """What stands promised, with this amount included. Call it inside the transaction that reserves.

    The sums hold the lock of this customer and process until the transaction ends.
    """
    if amount is None:
        return dict(NOTHING)
    if connection.dialect.name == "postgresql":
        for lock in sorted((f"customer:{customer}", f"process:{process}")):
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(lock))))
    year = _sum(connection, _OF_CUSTOMER, step, amount.currency, timedelta(days=365), customer or "")
    day = _sum(connection, _OF_PROCESS, step, amount.currency, timedelta(days=1), process)
    return {"customer_year": str(year + amount.amount), "process_day": str(day + amount.amount)}


def reserve(connection: Connection, step: StepKey, customer: CustomerId | None, process: str, amount: Money | None) -> None:
    """Count this amount from now on; the same step counts once."""
    if amount is not None:
        parts = int(amount.amount * _PARTS)
        insert_once(
            connection,
            reservation,
            step=step,
            customer=customer or "",
            process=process,
            amount=parts,
            currency=amount.currency,
            at=written(now()),
            released=False,
        )


def release(connection: Connection, step: StepKey) -> None:
    """The effect did not happen, or was undone: its amount no longer counts."""
    connection.execute(update(reservation).where(reservation.c.step == step).values(released=True))


def _sum(connection: Connection, query: Select[int], step: StepKey, currency: str, window: timedelta, whose: str) -> Decimal:
    about = {"step": step, "currency": currency, "since": written(now() - window), "whose": whose}
    return Decimal(int(connection.execute(query, about).scalar_one())) / _PARTS
