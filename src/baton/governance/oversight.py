"""Stopping and resuming, by people who may; each is a row, and so is each attempt by those who may not."""

from collections.abc import Collection

from sqlalchemy import Connection

from baton.cases.clock import now
from baton.errors import BatonError
from baton.governance import rows, stops
from baton.governance.engine import Engine
from baton.governance.stops import Stop
from baton.types.ids import PersonId, StepKey, decision_id
from baton.types.people import Actor, Person


class MayNotStop(BatonError):
    """This person may not stop or resume that."""


def stop(engine: Engine, person: PersonId, process: str, agent: str, reason: str) -> Stop:
    """Stop everything, a process or an agent. Raises `MayNotStop`."""
    if not reason.strip():
        raise MayNotStop("say why: `--reason` is kept on record and shown to everybody who waits")
    _exists("process", process, engine.prefixes)
    _exists("agent", agent, _agents(engine))
    by = _allowed(engine, person, "baton:stop", process, agent, reason)
    with engine.database.write() as connection:
        made = stops.set_stop(connection, process, agent, by, reason)
        _row(engine, connection, by, "stopped", process, agent, reason)
    return made


def resume(engine: Engine, person: PersonId, process: str, agent: str, reason: str) -> list[Stop]:
    """Lift what was stopped under this name. Raises `MayNotStop`."""
    by = _allowed(engine, person, "baton:resume", process, agent, reason)
    with engine.database.write() as connection:
        lifted = stops.lift(connection, process, agent)
        if not lifted:
            raise MayNotStop("nothing is stopped under this name: `baton stop` names a process, an agent, or everything")
        _row(engine, connection, by, "resumed", process, agent, reason)
    return lifted


def _agents(engine: Engine) -> set[str]:
    """Who can be stopped by name: those who judge, and those who propose a process's effects."""
    judging = {name.split(".")[0] for name, declared in engine.declarations.items() if declared.kind == "agent"}
    return judging | {engine.agent(process).id for process in engine.prefixes}


def _exists(what: str, name: str, known: Collection[str]) -> None:
    """A stop with a typing mistake would stop nothing and say it did."""
    if name and name not in known:
        raise MayNotStop(f"there is no {what} `{name}`: name one of {', '.join(f'`{one}`' for one in sorted(known))}")


def _allowed(engine: Engine, id: PersonId, verb: str, process: str, agent: str, reason: str) -> Actor:
    with engine.database.read() as connection:
        person: Person | None = engine.people(connection).get(id)
    if person is None:
        refusal = f"nobody called `{id}` is on the staff"
    else:
        permission = engine.policies.may_do(person, verb, {"process": process, "agent": agent})
        if permission.allowed:
            return rows.actor(person)
        refusal = f"{person.name} may not do this: {permission.words}"
    with engine.database.write() as connection:
        by = rows.actor(person) if person else Actor(kind="person", id=id)
        _row(engine, connection, by, "refused", process, agent, reason, refusal=refusal)
    raise MayNotStop(refusal)


def _row(
    engine: Engine, connection: Connection, by: Actor, outcome: str, process: str, agent: str, reason: str, **more: str
) -> None:
    id = decision_id(StepKey(f"{process}/{agent}/{now().isoformat()}"), f"stop:{outcome}")
    detail = {"process": process, "agent": agent, "reason": reason, **more}
    made = rows.row("stop", id, by, outcome, process=process, detail=detail, bundle=engine.policies.bundle.hash)
    engine.ledger.append(connection, made)
