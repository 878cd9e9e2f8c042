"""How the API says that something went wrong: one shape for every error (RFC 9457, `application/problem+json`)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from baton.aside import MayNotBringBack
from baton.cases.store import NoCase, NoTask
from baton.console.api.tokens import BadToken, NoToken
from baton.console.customerview import NoCustomer
from baton.console.saying import Incomplete
from baton.console.signin.accounts import NotSignedIn
from baton.console.signin.visitor import NotAllowed
from baton.console.webhooks.register import NoWebhook
from baton.console.webhooks.targets import BadTarget
from baton.deciding import Pending
from baton.documents.store import DocumentMissing
from baton.errors import BatonError
from baton.governance.oversight import MayNotStop
from baton.intake import NotAMessage
from baton.ledger import UnknownDecision
from baton.runtime.connect import NotRunning
from baton.types.frozen import Frozen

MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final[tuple[tuple[type[BatonError], int], ...]] = (
    (NotSignedIn, 401), (NotAllowed, 403), (MayNotStop, 403), (MayNotBringBack, 403),
    (NoCase, 404), (NoTask, 404), (NoCustomer, 404), (DocumentMissing, 404),
    (UnknownDecision, 404), (NotAMessage, 422), (NoToken, 404), (BadToken, 422), (Incomplete, 422), (NotRunning, 503),
    (NoWebhook, 404), (BadTarget, 422), (Pending, 503),
)  # fmt: skip
"""Every other error in the user's terms is a conflict with how things stand."""


class Wrong(Frozen):
    """One part of a request that does not fit."""

    at: str = Field(description="where, as in `body.says` or `query.limit`")
    words: str


class Problem(Frozen):
    """What went wrong, in words for whoever asked."""

    type: str = Field(default="about:blank", description="always `about:blank`: the status says which kind")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what is wrong, and what to do about it")
    wrong: tuple[Wrong, ...] = Field(default=(), description="the parts that do not fit, for a status of 422")


class Told(BatonError):
    """Something is wrong that has a status of its own."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.headers = status, dict(headers or {})


def problem(status: int, detail: str, wrong: tuple[Wrong, ...] = (), headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer for one problem."""
    said = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, wrong=wrong)
    extra = dict(headers or {}) | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return JSONResponse(said.model_dump(mode="json"), status, headers=extra, media_type=MEDIA_TYPE)


def status_of(error: BatonError) -> int:
    """The status under which an error is told."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 409)


def handlers(app: FastAPI) -> None:
    """Let every error of this application be told so."""

    @app.exception_handler(Told)
    async def told(request: Request, error: Told) -> JSONResponse:
        return problem(error.status, str(error), headers=error.headers)

    @app.exception_handler(BatonError)
    async def in_words(request: Request, error: BatonError) -> JSONResponse:
        return problem(status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    async def does_not_fit(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = tuple(Wrong(at=_place(one["loc"]), words=str(one["msg"])) for one in error.errors())
        return problem(422, "the request does not fit: see `wrong`, and `/api/v1/openapi.json` for what does", wrong)

    @app.exception_handler(HTTPException)
    async def not_here(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, _words(request, error), headers=error.headers)


def _place(loc: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in loc)[:200]


def _words(request: Request, error: HTTPException) -> str:
    if error.status_code == 404:
        return f"there is nothing at `{request.url.path[:200]}`: `/api/v1/openapi.json` lists what there is"
    return str(error.detail).rstrip(".").lower()


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These problems, as the API's description names them."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses
    }
