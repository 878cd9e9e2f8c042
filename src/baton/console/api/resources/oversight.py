"""Oversight: stop and resume, the work in numbers, the staff, who may do what, and the processes there are."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from baton.cases import store
from baton.console.api.guarded import Guarded
from baton.console.numbersview import Numbers, numbers
from baton.console.security import visitor_of
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.stopview import StopLook, look
from baton.governance.oversight import resume, stop
from baton.governance.policy.authority import Right, authority
from baton.types.frozen import Frozen
from baton.types.people import Person

router = APIRouter(route_class=Guarded, tags=["oversight"])


class Halt(Frozen):
    """What to stop or resume, and why; neither process nor agent means everything."""

    reason: str = Field(max_length=500, min_length=1, pattern=r"\S")
    process: str = Field(default="", max_length=100)
    agent: str = Field(default="", max_length=100)


class Kind(Frozen):
    """A process there is."""

    name: str
    words: str
    prefix: str
    """What the ids of its cases begin with."""


@router.get("/stops")
def stops(request: Request) -> StopLook:
    """What stands still, what can be stopped, and who may; everybody may look, for everybody waits."""
    return look(visitor_of(request))


@router.post("/stops")
def halt(request: Request, body: Halt) -> StopLook:
    """Stop everything, a process or an agent. A try by somebody who may not is on record too."""
    visitor = visitor_of(request)
    stop(visitor.bench.engine, visitor.person.id, body.process, body.agent, body.reason)
    return look(visitor)


@router.post("/stops/resume")
def go_on(request: Request, body: Halt) -> StopLook:
    """Let it go on."""
    visitor = visitor_of(request)
    resume(visitor.bench.engine, visitor.person.id, body.process, body.agent, body.reason)
    return look(visitor)


@router.get("/numbers")
def work(request: Request, days: Literal[1, 7, 30, 90, 365] = 30, process: Annotated[str, Query(max_length=64)] = "") -> Numbers:
    """What waits where, where the time goes, which clocks are missed, what people make of proposals."""
    visitor = visitor_of(request)
    visitor.need("baton:numbers")
    return numbers(visitor.bench.database, days, process)


@router.get("/people")
def people(request: Request) -> tuple[Person, ...]:
    """Everybody on the staff, and every integration; for people, and for whoever may look at any case."""
    visitor = visitor_of(request)
    if visitor.person.kind != "person" and not visitor.may_view(()):
        raise NotAllowed(f"`{visitor.person.id}` may not see the staff: it needs a role that may look at any case")
    return _people(visitor)


@router.get("/authority")
def rights(request: Request) -> tuple[Right, ...]:
    """Who may do what, up to which limit, read off the rules themselves."""
    visitor = visitor_of(request)
    visitor.need("baton:audit")
    return authority(visitor.bench.engine.policies, _people(visitor))


@router.get("/processes")
def processes(request: Request) -> tuple[Kind, ...]:
    """Every process there is."""
    bench = visitor_of(request).bench
    known = bench.engine.prefixes.items()
    return tuple(Kind(name=name, words=bench.processes.get(name, ""), prefix=prefix) for name, prefix in sorted(known))


def _people(visitor: Visitor) -> tuple[Person, ...]:
    with visitor.bench.database.read() as connection:
        return tuple(store.people(connection))
