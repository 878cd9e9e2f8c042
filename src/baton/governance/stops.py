"""The stop switch: everything, a process, or an agent. The next governed activity refuses; `resume` lets it go on."""

from datetime import timedelta

from sqlalchemy import Connection, select, update

from baton.cases.clock import now, written
from baton.cases.store import insert_once
from baton.cases.tables import stop
from baton.store.lookup import column
from baton.types.frozen import Frozen
from baton.types.ids import StepKey, decision_id
from baton.types.people import Actor

_ACTIVE = select(stop.c.body).where(stop.c.active).order_by(stop.c.id)
"""Made once: every governed step asks it."""
ASK_AGAIN = timedelta(seconds=2)
"""How soon a stopped step asks whether it may go on."""


class Stop(Frozen):
    """What is stopped, by whom, and why. Empty `process` and `agent` mean everything."""

    id: str
    process: str = ""
    agent: str = ""
    by: Actor
    reason: str
    at: str

    @property
    def words(self) -> str:
        """What is stopped, for staff."""
        what = f"process `{self.process}`" if self.process else f"agent `{self.agent}`" if self.agent else "everything"
        return f"{what} was stopped by {self.by.id}: {self.reason}"


def set_stop(connection: Connection, process: str, agent: str, by: Actor, reason: str) -> Stop:
    """Switch off; stopping what is stopped already keeps the first stop."""
    standing = next((one for one in active(connection) if (one.process, one.agent) == (process, agent)), None)
    if standing:
        return standing
    at = written(now())
    made = Stop(
        id=decision_id(StepKey(f"{process}/{agent}/{at}"), "stop"), process=process, agent=agent, by=by, reason=reason, at=at
    )
    insert_once(connection, stop, id=made.id, process=process, agent=agent, active=True, body=made.model_dump(mode="json"))
    return made


def lift(connection: Connection, process: str, agent: str) -> list[Stop]:
    """Switch on again what was stopped under exactly this name; returns what was lifted."""
    lifted = [one for one in active(connection) if (one.process, one.agent) == (process, agent)]
    for one in lifted:
        connection.execute(update(stop).where(stop.c.id == one.id).values(active=False))
    return lifted


def active(connection: Connection) -> list[Stop]:
    """Everything that is stopped now."""
    return [Stop.model_validate(body) for body in column(connection, _ACTIVE)]


def stopping(connection: Connection, process: str, agents: tuple[str, ...]) -> Stop | None:
    """The stop that holds this step, or None."""
    standing = (Stop.model_validate(body) for body in column(connection, _ACTIVE))
    return next((one for one in standing if one.process in ("", process) and one.agent in ("", *agents)), None)
