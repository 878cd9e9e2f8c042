"""Everything else about a case's customer: their other cases, and what was given in each."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from baton.cases import store
from baton.cases.clock import moment
from baton.cases.tables import case as table
from baton.types.cases import Case
from baton.types.frozen import Frozen


class Other(Frozen):
    """Another case of the same customer."""

    id: str
    subject: str
    status: str
    stage: str
    opened: datetime
    result: str


def others(connection: Connection, case: Case, most: int = 20) -> tuple[Other, ...]:
    """The customer's other cases, the newest first; by address while nobody knows who they are."""
    sender = store.whose(connection, case.id).sender
    same = table.c.customer == case.customer if case.customer else table.c.sender == sender
    if case.customer:
        same = or_(same, table.c.customer.is_(None) & (table.c.sender == sender))
    rows = connection.execute(select(table).where(same, table.c.id != case.id).order_by(table.c.opened.desc()).limit(most))
    return tuple(
        Other(
            id=row.id,
            subject=row.body.get("subject", ""),
            status=row.status,
            stage=row.stage,
            opened=moment(row.opened),
            result=(row.body.get("outcome") or {}).get("result", ""),
        )
        for row in rows
    )
