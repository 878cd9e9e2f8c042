"""One task: the evidence first, why it needs somebody, what will be written, and every answer."""

from typing import Annotated, Any, cast, get_args
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from baton.cases import store
from baton.cases.clock import now, written
from baton.console.access import viewable
from baton.console.giving import give
from baton.console.i18n import _
from baton.console.listed import asked_for, beside
from baton.console.outbox import Outbox, TooLate
from baton.console.render import page
from baton.console.screen import seen
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.console.tables import comment
from baton.console.taskview import Look, look
from baton.console.wording import is_money
from baton.errors import BatonError
from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.ids import TaskId

router = APIRouter()


class Incomplete(BatonError):
    """Something is missing in what was said; the field says what."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@router.get("/tasks/{id}")
def show(request: Request, id: str, view: str = "mine", q: str = "", process: str = "", reason: str = "") -> Response:
    """The task, with the list beside it."""
    visitor = visitor_of(request)
    looked = look(visitor, request.app.state.outbox, TaskId(id))
    partial = request.headers.get("HX-Request") == "true"
    shown: dict[str, Any] = {} if partial else beside(visitor, asked_for(view, q, process, reason))
    shown.setdefault("at", now())
    return page(request, "inbox.html", **shown, current=id, t=looked, alone=True, problem="", field="")


@router.get("/tasks/{id}/decision")
def decision(request: Request, id: str) -> Response:
    """How the answer stands, for a page that waits."""
    return _panel(request, look(visitor_of(request), request.app.state.outbox, TaskId(id)))


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
    return _panel(request, look(visitor, outbox, said.answer.task), problem=problem)


@router.post("/tasks/{id}/assign")
def assign(request: Request, id: str, to: Annotated[str, Form()]) -> Response:
    """Claim the task, or give it to a colleague who may decide it."""
    give(visitor_of(request), TaskId(id), to)
    return _again(request, id)


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


def _answer(request: Request, id: TaskId, form: FormData) -> Response:
    visitor, outbox = visitor_of(request), _outbox(request)
    looked = look(visitor, outbox, id)
    try:
        _say(visitor, outbox, looked, form)
    except Incomplete as missing:
        return _panel(request, looked, 422, problem=str(missing), field=missing.field, given=dict(form))
    if request.headers.get("HX-Request") == "true":
        return _panel(request, look(visitor, outbox, id))
    return RedirectResponse(f"/tasks/{id}", 303)


def _say(visitor: Visitor, outbox: Outbox, looked: Look, form: FormData) -> None:
    says = str(form.get("says", ""))
    task = looked.task
    if says not in get_args(Says):
        raise Incomplete(_("Choose what to say."), "says")
    if task.status != "open" or (looked.said and looked.said.status != "refused"):
        raise Incomplete(_("Somebody was faster: this task is decided already."), "says")
    if str(form.get("hash", "")) != task.hash:
        raise Incomplete(_("The proposal has changed since you saw it. Look again."), "says")
    if (says in ("approve", "edit") and not looked.may_answer) or (says == "approve" and not looked.may_approve):
        raise Incomplete(looked.hindrance or _("You may not decide this."), "says")
    chosen = _chosen(looked, form) if says in ("approve", "edit") else []
    changes = _changes(looked, form, says)
    reason, code = str(form.get(f"reason:{says}", "")).strip(), str(form.get(f"code:{says}", ""))
    if says in ("reject", "return", "ask") and not (reason or code):
        raise Incomplete(_("Say why."), f"reason:{says}")
    watched = seen(visitor.bench.database, task, visitor.person, _seconds(form))
    shown = (*watched.shown, *chosen, *(f"looked at {part}" for part in str(form.get("looked", "")).split()[:30]))
    more: dict[str, Any] = {"changes": changes, "reason": reason, "code": code, "seconds": watched.seconds, "shown": shown}
    outbox.keep(visitor.person, task, cast(Says, says), **more)


def _chosen(looked: Look, form: FormData) -> list[str]:
    """Which reading of each field in dispute was taken: on the record, by number and never by value."""
    chosen = []
    for name in looked.open_fields:
        number = str(form.get(f"reading:{name}", ""))
        if not number:
            raise Incomplete(_("Choose a reading first."), f"reading:{name}")
        chosen.append(f"chose reading {number[:2]} of {name}")
    return chosen


def _changes(looked: Look, form: FormData, says: str) -> dict[str, Json]:
    task = looked.task
    if task.proposal is None:
        if says == "approve" and task.options and str(form.get("option", "")) not in task.options:
            raise Incomplete(_("Choose one."), "option")
        return {"option": str(form.get("option"))} if says == "approve" and task.options else {}
    if says != "edit":
        return {}
    changes: dict[str, Json] = {}
    for name in task.editable:
        given, before = str(form.get(f"set:{name}", "")).strip(), task.proposal.arguments.get(name)
        after: Json = {**before, "amount": given.replace(",", "")} if isinstance(before, dict) and is_money(before) else given
        if given and after != before:
            changes[name] = after
    if not changes:
        raise Incomplete(
            _("Change a value first, or approve it as it is."), f"set:{task.editable[0]}" if task.editable else "says"
        )
    return changes


def _seconds(form: FormData) -> float:
    try:
        return max(float(str(form.get("seconds", "0"))), 0.0)
    except ValueError:
        return 0.0


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
