"""The way of a case through the departments: who has it, since when, until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from baton.cases import prepared as q
from baton.cases import tables as t
from baton.cases.clock import now, written
from baton.cases.store import insert_once
from baton.store.lookup import look_up
from baton.types.canonical import Json
from baton.types.ids import CaseId, PersonId


def enter_stage(
    connection: Connection,
    id: CaseId,
    position: int,
    stage: str,
    before: str,
    holder: PersonId | None,
    due: datetime,
    package: dict[str, Json],
) -> bool:
    """A department holds the case now; False when this handoff is on record already."""
    values = {"stage": stage, "from_stage": before, "holder": holder, "entered": written(now()), "due": written(due)}
    fresh = insert_once(connection, t.handoff, case=id, position=position, package=package, **values)
    connection.execute(q.ENTER_STAGE, {"at": id, "stage": stage, "holder": holder, "due": written(due)})
    return fresh


def leave_stage(connection: Connection, id: CaseId, position: int, at: datetime, returned: str) -> None:
    """The stage's clock stopped then."""
    connection.execute(q.LEAVE_STAGE, {"at": id, "held": position, "left": written(at), "returned": returned or None})


def handoffs(connection: Connection, id: CaseId) -> list[dict[str, Any]]:
    """The way of a case through the departments."""
    return [row._asdict() for row in look_up(connection, q.HANDOFFS, {"id": id})]
