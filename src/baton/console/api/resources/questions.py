"""What colleagues ask each other about a task, which stays where it is."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Request
from pydantic import Field

from baton.cases import store
from baton.console import asking
from baton.console.access import viewable
from baton.console.api.guarded import Guarded
from baton.console.api.notes import Noted, Words
from baton.console.asking import Question
from baton.console.security import visitor_of
from baton.types.ids import TaskId

router = APIRouter(route_class=Guarded, tags=["tasks"])
TaskName: TypeAlias = Annotated[str, Path(max_length=64, description="as in `t-...`")]


class Asked(Words):
    """A question for somebody who may look at the case."""

    to: str = Field(min_length=1, max_length=64, description="a colleague's id, as `GET /people` names them")


class Answered(Words):
    """What whoever was asked says; the words are kept as they are."""


@router.get("/tasks/{id}/questions")
def questions(request: Request, id: TaskName) -> tuple[Question, ...]:
    """What was asked in the task's case, and answered; the oldest first."""
    visitor = visitor_of(request)
    with visitor.bench.database.read() as connection:
        task = store.task(connection, TaskId(id))
        viewable(connection, visitor, task.case)
        return asking.of_case(connection, task.case)


@router.post("/tasks/{id}/questions", status_code=201)
def ask(request: Request, id: TaskName, asked: Asked) -> Noted:
    """Ask a colleague: it appears in their inbox, and the task stays where it is."""
    return Noted(id=asking.ask(visitor_of(request), TaskId(id), asked.to, asked.words.strip()))


@router.post("/questions/{id}/answer")
def answer(request: Request, id: Annotated[str, Path(max_length=64)], said: Answered) -> Noted:
    """Answer what a colleague asked you, once; the id of the task it is about."""
    return Noted(id=asking.answer(visitor_of(request), id, said.words.strip()))
