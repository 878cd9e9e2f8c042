"""A person's leave for one step: the answer as it is on record, and what they saw when they gave it."""

from sqlalchemy import Connection

from baton.cases import store as cases
from baton.governance.desk import StepHeader
from baton.governance.engine import Engine
from baton.governance.refusals import Forbidden
from baton.types.answers import Says
from baton.types.cases import Task
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId, PersonId, TaskId


class Leave(Frozen):
    """A person's accepted answer, and the task it was given to."""

    answer: Decision
    says: Says
    task: Task

    @property
    def person(self) -> PersonId:
        """Who gave it."""
        return PersonId(self.answer.by.id)


def leave_on_record(engine: Engine, connection: Connection, header: StepHeader) -> Leave:
    """The leave that a header names, for this very step of this case. Raises `Forbidden`: a header alone gives none."""
    answer = engine.ledger.find(DecisionId(header.answer), connection)
    if answer is None or answer.kind != "answer" or answer.outcome not in ("approve", "edit"):
        raise Forbidden(f"answer `{header.answer}` is not on record as an approval")
    if answer.links.get("task") != header.task:
        raise Forbidden(f"answer `{header.answer}` was given to another task")
    judged_on = answer.private.get("task")
    seen = Task.model_validate(judged_on) if judged_on else cases.task(connection, TaskId(header.task))
    if seen.case != header.case:
        raise Forbidden(f"answer `{header.answer}` was given in another case")
    # What was edited runs as the step's next revision.
    asked = header if answer.outcome == "approve" else header.model_copy(update={"revision": header.revision - 1})
    if seen.step != asked.key:
        raise Forbidden(f"answer `{header.answer}` was given at another step")
    return Leave(answer=answer, says=answer.outcome, task=seen)  # type: ignore[arg-type]  # checked above
