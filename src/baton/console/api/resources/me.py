"""Who calls, and a session for a person who calls with a program of their own."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, Field

from baton.cases.clock import now
from baton.cases.store import people
from baton.console import absences
from baton.console.api.guarded import Guarded
from baton.console.api.problems import Told, documented
from baton.console.bench import Bench
from baton.console.security import visitor_of
from baton.console.signin.accounts import Accounts
from baton.governance.policy.schema import ENGINE_ACTIONS
from baton.types.frozen import Frozen
from baton.types.ids import PersonId
from baton.types.people import Person

router = APIRouter(route_class=Guarded, tags=["me"])
open_router = APIRouter(tags=["me"])


class Me(Frozen):
    """Whoever calls, and what the policies let them do whatever the department."""

    person: Person
    may: tuple[str, ...] = Field(description="as in `baton:audit`; more may be allowed in one's own department")


class SignIn(Frozen):
    """Name and password of a local account; in the demo, a person of the staff."""

    login: str = Field(default="", max_length=320)
    password: str = Field(default="", max_length=1000)
    person: str = Field(default="", max_length=64, description="for `BATON_SIGN_IN=demo` only")


class Session(Frozen):
    """A session: send its token as `Authorization: Bearer TOKEN`."""

    token: str
    person: str
    ends: AwareDatetime


class Leave(Frozen):
    """Who stands in while somebody is away."""

    delegate: str = Field(max_length=64)
    until: AwareDatetime


@router.get("/me")
def me(request: Request) -> Me:
    """Who calls, and what they may."""
    visitor = visitor_of(request)
    return Me(person=visitor.person, may=tuple(action for action in ENGINE_ACTIONS if visitor.may(action)))


@router.put("/me/absence", status_code=204, response_class=Response)
def leave(request: Request, body: Leave) -> Response:
    """Be away until then; the delegate sees one's tasks, and decides with their own authority."""
    absences.leave(visitor_of(request), body.delegate, body.until)
    return Response(status_code=204)


@router.delete("/me/absence", status_code=204, response_class=Response)
def come_back(request: Request) -> Response:
    """Be here again."""
    absences.come_back(visitor_of(request))
    return Response(status_code=204)


@router.delete("/session", status_code=204, response_class=Response)
def sign_out(request: Request) -> Response:
    """End the session that this call was made with."""
    visitor = visitor_of(request)
    if not visitor.session:
        raise Told(409, "an integration has no session: withdraw its token at `/tokens`")
    request.app.state.sessions.end_one(visitor.session)
    return Response(status_code=204)


@open_router.post("/session", status_code=201, responses=documented(400, 401, 409, 422))
def sign_in(request: Request, body: Annotated[SignIn, Field()]) -> Session:
    """A session for a person, where they sign in with a password; with OpenID Connect, sign in with a browser."""
    bench: Bench = request.app.state.bench
    match bench.settings.sign_in:
        case "oidc":
            raise Told(409, "people sign in with OpenID Connect here: use a browser, or a token of an integration")
        case "local":
            who = Accounts(bench.database).check(body.login, body.password)
        case _:
            who = _somebody(bench, body.person)
    ends = now() + timedelta(hours=bench.settings.session_hours)
    return Session(token=request.app.state.sessions.begin(who, "api"), person=who, ends=ends)


def _somebody(bench: Bench, id: str) -> PersonId:
    with bench.database.read() as connection:
        staff = people(connection)
    found = next((one for one in staff if one.id == id and one.active and one.kind == "person"), None)
    if found is None:
        raise Told(401, "nobody of the staff is called so: `person` is an id, as in `marta`")
    return found.id
