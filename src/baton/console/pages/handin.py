"""Handing in messages that reached somebody another way: files of mail, taken by the door like every other one."""

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile

from baton.console.api.problems import Told
from baton.console.api.submitting import MOST, hand_in
from baton.console.i18n import _
from baton.console.render import Entry, page
from baton.console.security import visitor_of
from baton.errors import BatonError
from baton.intake import DOOR, Submitted
from baton.types.frozen import Frozen

router = APIRouter()
ENTRY = Entry("upload", "Hand in", "/hand-in", 30, key="u", action="baton:submit")
MOST_AT_ONCE = 20
"""Files at a time."""


class Handed(Frozen):
    """A file, and what became of it."""

    name: str
    taken: Submitted | None = None
    problem: str = ""


@router.get("/hand-in")
def show(request: Request) -> Response:
    """Where files are chosen."""
    visitor_of(request).need("baton:submit", process=DOOR)
    return page(request, "handin.html", handed=())


@router.post("/hand-in")
async def take(request: Request, files: Annotated[list[UploadFile] | None, File()] = None) -> Response:
    """Take them in one by one; what cannot be taken is named with the reason, and the others go on."""
    visitor_of(request).need("baton:submit", process=DOOR)
    handed = [await _taken(request, file) for file in (files or [])[:MOST_AT_ONCE] if file.filename]
    status = 422 if not handed or any(one.problem for one in handed) else 200
    return page(request, "handin.html", status, handed=handed or (Handed(name="", problem=_("Choose at least one file.")),))


async def _taken(request: Request, file: UploadFile) -> Handed:
    name = str(file.filename)[:120]
    if (file.size or 0) > MOST:
        return Handed(name=name, problem=_("It is larger than any message we take."))
    raw = await file.read()
    if not raw.strip():
        return Handed(name=name, problem=_("The file is empty."))
    try:
        return Handed(name=name, taken=await hand_in(visitor_of(request), raw, ""))
    except (Told, BatonError) as no:
        return Handed(name=name, problem=str(no))
