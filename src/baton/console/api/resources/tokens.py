"""Tokens of integrations, for whoever keeps the accounts."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field

from baton.console.api.guarded import Guarded
from baton.console.api.tokens import LONGEST_DAYS, Made, Token, Tokens
from baton.console.security import visitor_of
from baton.types.frozen import Frozen

router = APIRouter(route_class=Guarded, tags=["tokens"])


class Wish(Frozen):
    """A token to make."""

    integration: str = Field(max_length=41, description="its name: small letters, digits and dashes, as in `web-shop`")
    roles: tuple[str, ...] = Field(min_length=1, max_length=10, description="as in `api-reader`")
    days: int = Field(default=365, ge=1, le=LONGEST_DAYS)


@router.get("/tokens")
def tokens(request: Request) -> tuple[Token, ...]:
    """Every token there is or was, without its secret."""
    visitor = visitor_of(request)
    return Tokens(visitor.bench.engine).all(visitor.person)


@router.post("/tokens", status_code=201)
def make(request: Request, body: Wish) -> Made:
    """A token for an integration, which holds exactly these roles from now on. The secret is shown this once."""
    visitor = visitor_of(request)
    return Tokens(visitor.bench.engine).make(visitor.person, body.integration, body.roles, body.days)


@router.delete("/tokens/{id}")
def withdraw(request: Request, id: Annotated[str, Path(max_length=64)]) -> Token:
    """It opens nothing from now on."""
    visitor = visitor_of(request)
    return Tokens(visitor.bench.engine).withdraw(visitor.person, id)
