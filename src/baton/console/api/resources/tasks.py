"""Tasks: what waits, one with everything about it, every answer, and who it is put before."""

import asyncio
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from baton.cases import store
from baton.console.access import viewable
from baton.console.api.guarded import Guarded
from baton.console.api.notes import Noted, Words, note
from baton.console.api.paging import Cursor, Page, mark, place
from baton.console.api.problems import Told
from baton.console.api.views import AnswerLook, TaskLook, answer_look, task_look
from baton.console.bulk import MOST, Alike, approve_alike
from baton.console.giving import give
from baton.console.listed import asked_for, beside
from baton.console.outbox import Outbox
from baton.console.saying import say
from baton.console.security import visitor_of
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.taskview import Look, see, seen_by
from baton.console.work import Line, View
from baton.types.answers import Says
from baton.types.cases import Task
from baton.types.frozen import Frozen
from baton.types.ids import TaskId

router = APIRouter(route_class=Guarded, tags=["tasks"])
TaskName: TypeAlias = Annotated[str, Path(max_length=64, description="as in `t-...`")]
Text: TypeAlias = Annotated[str, Query(max_length=100)]
_LOOK_EVERY = 0.25
"""Another process may bring it to its case, in seconds."""


class Saying(Frozen):
    """An answer to a task."""

    says: Says
    hash: str = Field(max_length=64, description="the task's `hash` as it was seen: an answer to anything else does not count")
    reason: str = Field(default="", max_length=4000)
    code: str = Field(default="", max_length=64, description="the coded reason, for `reject` and `return`")
    changes: dict[str, str] = Field(default_factory=dict, description="for `edit`: field to new value", max_length=50)
    readings: dict[str, int] = Field(
        default_factory=dict,
        max_length=50,
        description="for `approve` and `edit`: the number of the reading taken, for each field in dispute",
    )
    option: str = Field(default="", max_length=200, description="the choice, for a question")
    seconds: float = Field(default=0, ge=0, le=86_400, description="how long somebody looked at it")

    def form(self) -> dict[str, Any]:
        """The same as the console's form."""
        said: dict[str, Any] = {"says": self.says, "hash": self.hash, "option": self.option, "seconds": str(self.seconds)}
        said |= {f"reason:{self.says}": self.reason, f"code:{self.says}": self.code}
        said |= {f"reading:{name}": str(number) for name, number in self.readings.items()}
        return said | {f"set:{name}": value for name, value in self.changes.items()}


class Together(Frozen):
    """Tasks that look alike."""

    tasks: tuple[str, ...] = Field(min_length=1, max_length=MOST, description="their ids")
    sole: str = Field(
        max_length=200, description="the one condition that holds them: rule and place, as in `gift-card.alone.eur/3`"
    )
    seconds: float = Field(default=0, ge=0, le=86_400, description="how long somebody looked at them")


class To(Frozen):
    """Somebody of the staff."""

    to: str = Field(max_length=64, description="a person's id")


@router.get("/tasks")
def tasks(
    request: Request,
    view: View = "mine",
    q: Text = "",
    process: Text = "",
    reason: Annotated[str, Query(max_length=120, description="the policy that held it")] = "",
    department: Annotated[str, Query(max_length=64, description="for `team`: another department than one's own")] = "",
    cursor: Cursor = "",
) -> Page[Line]:
    """What waits, the most urgent first: mine, my team's, or for others."""
    visitor = visitor_of(request)
    if department and department != visitor.person.department:
        if not visitor.may_view((department,)):
            raise NotAllowed(f"{visitor.person.name} may not look at the tasks of {department}")
        visitor = Visitor(visitor.person.model_copy(update={"department": department}), "", "", visitor.how, visitor.bench)
    after = place(cursor, str) or ("",)
    listing = beside(visitor, asked_for(view, q, process, reason), after[0])["listing"]
    return Page(items=listing.lines, next=mark(listing.next) if listing.next else None)


@router.get("/tasks/{id}")
async def task(request: Request, id: TaskName) -> TaskLook:
    """One task: evidence, why it needs somebody, what will be written, and what the caller may do."""
    return task_look(await _looked(visitor_of(request), TaskId(id)))


@router.post("/tasks/{id}/answer", status_code=202)
async def answer(
    request: Request,
    id: TaskName,
    body: Saying,
    wait: Annotated[float, Query(ge=0, le=30, description="seconds to wait until the case has taken it")] = 0,
) -> AnswerLook:
    """Approve, edit, reject, ask or return. It is held back for an undo, then brought to the case, however long that is away."""
    visitor, outbox, loop = visitor_of(request), _outbox(request), asyncio.get_running_loop()
    looked = await _looked(visitor, TaskId(id))
    said = await asyncio.to_thread(say, visitor, outbox, looked, body.form())
    until = loop.time() + wait
    while said.waits and (left := until - loop.time()) > 0:
        said = await outbox.settled(said.answer.id, min(left, _LOOK_EVERY))
    return answer_look(said)


@router.post("/tasks/approve", status_code=202)
def approve(request: Request, body: Together) -> Alike:
    """Approve many that one reason holds; those that need a look of their own are left, and named."""
    return approve_alike(visitor_of(request), _outbox(request), body.tasks, body.sole, body.seconds)


@router.get("/answers/{id}")
def said(request: Request, id: Annotated[str, Path(max_length=64)]) -> AnswerLook:
    """How an answer stands: held, pending, accepted, refused or withdrawn."""
    return answer_look(_mine(visitor_of(request), _outbox(request), id))


@router.post("/answers/{id}/withdraw")
def withdraw(request: Request, id: Annotated[str, Path(max_length=64)]) -> AnswerLook:
    """Take back what one said, while it is held."""
    visitor, outbox = visitor_of(request), _outbox(request)
    _mine(visitor, outbox, id)
    return answer_look(outbox.withdraw(id, visitor.person))


@router.post("/tasks/{id}/claim", status_code=204, response_class=Response)
def claim(request: Request, id: TaskName) -> Response:
    """Take the task."""
    visitor = visitor_of(request)
    give(visitor, TaskId(id), visitor.person.id)
    return Response(status_code=204)


@router.post("/tasks/{id}/assign", status_code=204, response_class=Response)
def assign(request: Request, id: TaskName, body: To) -> Response:
    """Give the task to somebody who may decide it."""
    give(visitor_of(request), TaskId(id), body.to)
    return Response(status_code=204)


@router.post("/tasks/{id}/comments", status_code=201)
def comment(request: Request, id: TaskName, body: Words) -> Noted:
    """Note something for colleagues."""
    visitor = visitor_of(request)
    with visitor.bench.database.write() as connection:
        found = _viewable(connection, visitor, id)
        return Noted(id=note(connection, visitor, found.case, body.words, found.id))


async def _looked(visitor: Visitor, id: TaskId) -> Look:
    """The task as this visitor sees it; that they opened it is noted."""
    database = visitor.bench.database
    looked = await database.run(see, visitor, id)
    if looked.is_new:
        await database.transact(seen_by, visitor, looked)
    return looked


def _viewable(connection: Connection, visitor: Visitor, id: str) -> Task:
    found = store.task(connection, TaskId(id))
    viewable(connection, visitor, found.case)
    return found


def _mine(visitor: Visitor, outbox: Outbox, id: str) -> Any:
    found = outbox.find(id)
    if found.answer.person != visitor.person.id:
        raise Told(404, f"you gave no answer `{id}`")
    return found


def _outbox(request: Request) -> Outbox:
    outbox: Outbox = request.app.state.outbox
    return outbox
