"""One case: its owner, its way through the departments, everything decided and written, with undo, and its customer."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.cases.clock import now, written
from baton.console import onrecord
from baton.console.access import viewable
from baton.console.caseview import CaseLook, look
from baton.console.i18n import _
from baton.console.render import page
from baton.console.security import visitor_of
from baton.console.signin.visitor import NotAllowed
from baton.console.tables import comment
from baton.governance.undoing import CannotUndo
from baton.types.ids import DecisionId
from baton.undo import ask_for_undo

router = APIRouter()


@router.get("/cases/{id}")
async def show(request: Request, id: str) -> Response:
    """The case, for whoever may look at it."""
    visitor = visitor_of(request)
    database = visitor.bench.database
    drawn, looked = await database.run(_drawn, request, id)
    if onrecord.counts(visitor):
        await database.transact(onrecord.opened, visitor, "case", looked.case.id)
    return drawn


@router.post("/cases/{id}/comment")
def say(request: Request, id: str, words: Annotated[str, Form(max_length=4000)]) -> Response:
    """Note something for colleagues."""
    visitor = visitor_of(request)
    with visitor.bench.database.write() as connection:
        case = viewable(connection, visitor, id)
        if words.strip():
            values = {"case": case.id, "task": "", "person": visitor.person.id, "at": written(now())}
            connection.execute(comment.insert().values(id=str(uuid4()), words=words.strip(), **values))
    return RedirectResponse(f"/cases/{id}#notes", 303)


@router.post("/cases/{id}/undo")
async def undo(request: Request, id: str, effect: Annotated[str, Form()], reason: Annotated[str, Form()] = "") -> Response:
    """Take an effect back, as its action declares; the policies say who may."""
    visitor = visitor_of(request)
    bench = visitor.bench
    looked = await bench.database.run(look, visitor, id)
    if effect not in {event.id for event in looked.events if event.kind == "effect"}:
        raise NotAllowed(_("This effect belongs to another case."))
    try:
        client = await bench.connect()
        await ask_for_undo(client, bench.sign_in, DecisionId(effect), visitor.person.id, reason, bench.queue)
    except CannotUndo as no:
        return page(request, "case.html", 409, c=looked, problem=str(no))
    return RedirectResponse(f"/cases/{id}#d-{effect}", 303)


def _drawn(request: Request, id: str) -> tuple[Response, CaseLook]:
    visitor = visitor_of(request)
    with visitor.reading():
        looked = look(visitor, id)
        return page(request, "case.html", c=looked, problem=""), looked
