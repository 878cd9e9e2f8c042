"""Being away: a colleague sees the tasks meanwhile and decides them by their own right, or nobody does."""

from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.cases import store
from baton.cases.clock import now
from baton.console import absences
from baton.console.i18n import _
from baton.console.render import page
from baton.console.security import visitor_of

router = APIRouter()


@router.get("/me/away")
def show(request: Request) -> Response:
    """Who stands in for me, and for whom I do."""
    return _page(request)


@router.post("/me/away")
def leave(request: Request, delegate: Annotated[str, Form()] = "", until: Annotated[str, Form()] = "") -> Response:
    """Be away until the end of that day."""
    visitor = visitor_of(request)
    try:
        absences.leave(visitor, delegate, _end_of(until))
    except absences.CannotLeave as no:
        return _page(request, str(no), delegate, until, 422)
    return RedirectResponse("/me/away", 303)


@router.post("/me/back")
def back(request: Request) -> Response:
    """Be here again."""
    absences.come_back(visitor_of(request))
    return RedirectResponse("/me/away", 303)


def _end_of(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time.max).astimezone()
    except ValueError as error:
        raise absences.CannotLeave(_("Choose the last day on which you are away.")) from error


def _page(request: Request, problem: str = "", delegate: str = "", until: str = "", status: int = 200) -> Response:
    visitor, at = visitor_of(request), now()
    with visitor.bench.database.read() as connection:
        people = {str(one.id): one for one in store.people(connection)}
        absent = absences.away(connection, at)
    shown: dict[str, Any] = {
        "mine": absent.get(visitor.person.id),
        "stands_for": [absent[one] for one in sorted(absences.stands_for(visitor.person.id, absent))],
        "could": absences.could_stand_in(visitor, people, absent),
        "names": {id: one.name for id, one in people.items()},
        "today": at.astimezone().date().isoformat(),
    }
    return page(request, "away.html", status, **shown, problem=problem, delegate=delegate, until=until)
