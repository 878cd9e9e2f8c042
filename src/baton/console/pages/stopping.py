"""The stop switch: everything, a process or an agent stands still within seconds; with a reason, by those who may."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.console.stopview import look
from baton.governance.oversight import MayNotStop, resume, stop

router = APIRouter()
ENTRY = Entry("octagon-pause", "Stop switch", "/stop", 80, key="s", action="baton:stop")


@router.get("/stop")
def show(request: Request) -> Response:
    """What stands still, and who may change it; anybody may look, for everybody waits."""
    return page(request, "stopping.html", s=look(visitor_of(request)), problem="", kept="", at="")


@router.post("/stop")
def set_stop(
    request: Request,
    reason: Annotated[str, Form(max_length=500)] = "",
    process: Annotated[str, Form(max_length=100)] = "",
    agent: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Stop it. A try by somebody who may not is on record too."""
    visitor = visitor_of(request)
    try:
        stop(visitor.bench.engine, visitor.person.id, process, agent, reason)
    except MayNotStop as no:
        return _refused(request, no, reason, process or agent)
    return RedirectResponse("/stop", 303)


@router.post("/stop/resume")
def lift(
    request: Request,
    reason: Annotated[str, Form(max_length=500)] = "",
    process: Annotated[str, Form(max_length=100)] = "",
    agent: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Let it go on."""
    visitor = visitor_of(request)
    try:
        resume(visitor.bench.engine, visitor.person.id, process, agent, reason)
    except MayNotStop as no:
        return _refused(request, no, reason, process or agent)
    return RedirectResponse("/stop", 303)


def _refused(request: Request, no: MayNotStop, reason: str, at: str) -> Response:
    """The page once more, with what was typed still there."""
    visitor = visitor_of(request)
    status = 422 if visitor.may("baton:stop") else 403
    return page(request, "stopping.html", status, s=look(visitor), problem=str(no), kept=reason, at=at)
