"""What somebody sets for themselves: light or dark, and the language. Kept in the browser."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from baton.console.i18n import languages
from baton.console.pages.signin import safe
from baton.console.security import visitor_of

router = APIRouter()
_YEAR = 365 * 86400


@router.post("/me/look")
def set_look(
    request: Request, theme: Annotated[str, Form()] = "", language: Annotated[str, Form()] = "", to: Annotated[str, Form()] = "/"
) -> Response:
    """Remember the choice and go back."""
    visitor = visitor_of(request)
    response = RedirectResponse(safe(to), 303)
    secure = visitor.bench.settings.secure
    if theme in ("light", "dark", "auto"):
        response.set_cookie("theme", theme, max_age=_YEAR, samesite="lax", secure=secure)
    if language in languages():
        response.set_cookie("language", language, max_age=_YEAR, samesite="lax", httponly=True, secure=secure)
    return response
