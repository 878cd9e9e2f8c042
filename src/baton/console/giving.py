"""Putting a task before somebody: claiming it, or giving it to a colleague."""

from baton.cases import store
from baton.cases.clock import now, written
from baton.console.access import viewable
from baton.console.i18n import _
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.governance import rows
from baton.types.ids import PersonId, StepKey, TaskId, decision_id


def give(visitor: Visitor, id: TaskId, to: str) -> None:
    """Put a task before somebody who may decide it; a row says who gave it. Raises `NotAllowed`."""
    engine = visitor.bench.engine
    with visitor.bench.database.write() as connection:
        found = store.task(connection, id)
        viewable(connection, visitor, found.case)
        visitor.need("baton:assign", department=found.department)
        person = engine.people(connection).get(PersonId(to))
        if person is None or not person.active or (person.id not in found.approvers and person.department != found.department):
            raise NotAllowed(_("Give the task to somebody who may decide it."))
        if found.status != "open" or found.assignee == person.id:
            return
        store.change_task(connection, found.model_copy(update={"assignee": person.id}))
        key = decision_id(StepKey(f"{id}/{written(now())}"), "assigned")
        detail = {"task": id, "from": found.assignee, "to": person.id}
        place = {"case": found.case, "process": found.process, "stage": found.stage, "step": found.step}
        engine.ledger.append(connection, rows.row("handoff", key, rows.actor(visitor.person), "assigned", detail=detail, **place))
