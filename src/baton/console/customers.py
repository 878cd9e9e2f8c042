"""Everything else about a case's customer: their other cases, and what was given in each."""

from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, or_, select

from baton.cases import store
from baton.cases.clock import moment
from baton.cases.tables import case as table
from baton.store.lookup import look_up
from baton.types.cases import Case
from baton.types.frozen import Frozen

_SENDER = table.c.sender == bindparam("sender")
_OTHERS = select(table.c.id, table.c.body, table.c.status, table.c.stage, table.c.opened).where(table.c.id != bindparam("own"))
_OTHERS = _OTHERS.order_by(table.c.opened.desc()).limit(bindparam("most", type_=Integer))
_SAME_SENDER = _OTHERS.where(_SENDER)
_THEIRS = _OTHERS.where(or_(table.c.customer == bindparam("customer"), table.c.customer.is_(None) & _SENDER))


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
    asked = {"sender": sender, "own": case.id, "most": most} | ({"customer": case.customer} if case.customer else {})
    rows = look_up(connection, _THEIRS if case.customer else _SAME_SENDER, asked)
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
