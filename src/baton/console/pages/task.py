"""One task: the evidence first, why it needs somebody, what will be written, and every answer."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from baton.cases import store
from baton.cases.clock import now, written
from baton.console import asking, onrecord
from baton.console.access import viewable
from baton.console.giving import give
from baton.console.i18n import _
from baton.console.listed import asked_for, beside
from baton.console.outbox import Outbox, TooLate
from baton.console.questions import Asked
from baton.console.render import page
from baton.console.saying import Incomplete
from baton.console.saying import say as say_it
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.tables import comment
from baton.console.taskview import Look, look, see, seen_by
from baton.types.ids import TaskId

router = APIRouter()


@router.get("/tasks/{id}")
async def show(request: Request, id: str, view: str = "mine", q: str = "", process: str = "", reason: str = "") -> Response:
    """The task, with the list beside it."""
    visitor = visitor_of(request)
    database = visitor.bench.database
    drawn, looked = await database.run(_drawn, request, TaskId(id), asked_for(view, q, process, reason))
    if looked.is_new or onrecord.counts(visitor):
        await database.transact(_noted, visitor, looked)
    return drawn


@router.get("/tasks/{id}/decision")
def decision(request: Request, id: str) -> Response:
    """How the answer stands, for a page that waits."""
    return _panel(request, look(visitor_of(request), TaskId(id)))


@router.post("/tasks/{id}/answer")
async def answer(request: Request, id: str) -> Response:
    """Approve, edit, reject, ask or return: kept in the outbox, sent when the time for an undo is over."""
    form = await request.form()
    return await visitor_of(request).bench.database.run(_answer, request, TaskId(id), form)


@router.post("/answers/{id}/withdraw")
def withdraw(request: Request, id: str) -> Response:
    """Take back what was said, while it is held."""
    visitor, outbox = visitor_of(request), _outbox(request)
    problem = ""
    try:
        said = outbox.withdraw(id, visitor.person)
    except TooLate as late:
        said, problem = outbox.find(id), str(late)
    return _panel(request, look(visitor, said.answer.task), problem=problem)


@router.post("/tasks/{id}/assign")
def assign(request: Request, id: str, to: Annotated[str, Form()] = "", claim: Annotated[str, Form()] = "") -> Response:
    """Claim the task, or give it to a colleague who may decide it."""
    give(visitor_of(request), TaskId(id), claim or to)
    return _again(request, id)


@router.post("/questions/{id}/answer")
def tell(request: Request, id: str, words: Annotated[str, Form(max_length=4000)] = "") -> Response:
    """Say what a colleague asked."""
    visitor = visitor_of(request)
    if not words.strip():
        raise asking.NothingAsked(_("Write an answer first."))
    return _again(request, asking.answer(visitor, id, words.strip()))


@router.post("/tasks/{id}/comment")
def say(request: Request, id: str, words: Annotated[str, Form(max_length=4000)]) -> Response:
    """Note something for colleagues."""
    visitor = visitor_of(request)
    if words.strip():
        with visitor.bench.database.write() as connection:
            found = store.task(connection, TaskId(id))
            viewable(connection, visitor, found.case)
            values = {"case": found.case, "task": id, "person": visitor.person.id, "at": written(now())}
            connection.execute(comment.insert().values(id=str(uuid4()), words=words.strip(), **values))
    return _again(request, id)


def _drawn(request: Request, id: TaskId, asked: Asked) -> tuple[Response, Look]:
    visitor = visitor_of(request)
    with visitor.reading():
        looked = see(visitor, id)
        partial = request.headers.get("HX-Request") == "true"
        shown: dict[str, Any] = {"at": now()} if partial else beside(visitor, asked)
        shown |= {"current": id, "t": looked, "alone": True, "problem": "", "field": ""}
        return page(request, "inbox.html", **shown), looked


def _noted(visitor: Visitor, looked: Look) -> None:
    if looked.is_new:
        seen_by(visitor, looked)
    onrecord.opened(visitor, "task", looked.case.id, task=looked.task.id)


def _answer(request: Request, id: TaskId, form: FormData) -> Response:
    visitor, outbox = visitor_of(request), _outbox(request)
    looked = look(visitor, id)
    try:
        if str(form.get("says", "")) == "ask" and (to := str(form.get("whom", ""))):
            _ask(visitor, looked, to, str(form.get("reason:ask", "")).strip())
        else:
            say_it(visitor, outbox, looked, form)
    except Incomplete as missing:
        return _panel(request, looked, 422, problem=str(missing), field=missing.field, given=dict(form))
    if request.headers.get("HX-Request") == "true":
        return _panel(request, look(visitor, id))
    return RedirectResponse(f"/tasks/{id}", 303)


def _ask(visitor: Visitor, looked: Look, to: str, words: str) -> None:
    """A colleague: the task stays where it is, and the clock runs on."""
    if not words:
        raise Incomplete(_("Write what you want to know."), "reason:ask")
    asking.ask(visitor, looked.task.id, to, words[:4000])


def _panel(request: Request, looked: Look, status: int = 200, problem: str = "", field: str = "", **more: Any) -> Response:
    if request.headers.get("HX-Request") != "true" and request.method != "GET" and not problem:
        return RedirectResponse(f"/tasks/{looked.task.id}", 303)
    if request.headers.get("HX-Request") != "true":
        shown = beside(visitor_of(request), asked_for("mine", "", "", ""))
        shown |= {"current": looked.task.id, "problem": problem, "field": field, "alone": True}
        return page(request, "inbox.html", status, **shown, t=looked)
    return page(request, "decision.html", status, t=looked, at=now(), problem=problem, field=field)


def _again(request: Request, id: str) -> Response:
    return RedirectResponse(f"/tasks/{id}", 303)


def _outbox(request: Request) -> Outbox:
    outbox: Outbox = request.app.state.outbox
    return outbox
