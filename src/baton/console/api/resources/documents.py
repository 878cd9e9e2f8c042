"""Documents of a case: what they are, their pages as pictures and as words, and the files as they came."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from baton.console.access import viewable
from baton.console.api.guarded import Guarded
from baton.console.api.resources.cases import CaseName
from baton.console.evidence import evidence
from baton.console.pages.papers import document_of, file_of, picture_at
from baton.console.security import visitor_of
from baton.console.shown import Shown
from baton.types.documents import Document, Reading

router = APIRouter(route_class=Guarded, tags=["documents"])
DocumentName: TypeAlias = Annotated[str, Path(max_length=64, description="SHA-256 of its bytes")]
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": _BYTES}}}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/webp": _BYTES}}}


@router.get("/cases/{case}/evidence")
def shown(request: Request, case: CaseName) -> Shown:
    """Every field that was read with its readings and proofs, and every document with the places that carry them."""
    visitor = visitor_of(request)
    with visitor.bench.database.read() as connection:
        found = viewable(connection, visitor, case)
        return evidence(visitor.bench, connection, found.id)


@router.get("/cases/{case}/documents/{id}")
def document(request: Request, case: CaseName, id: DocumentName) -> Document:
    """One document."""
    return document_of(visitor_of(request), case, id)


@router.get("/cases/{case}/documents/{id}/reading")
def reading(request: Request, case: CaseName, id: DocumentName) -> Reading | None:
    """What was read in it: words with their boxes on the page; null where it was not read yet."""
    visitor = visitor_of(request)
    return visitor.bench.documents.reading(document_of(visitor, case, id).id)


@router.get(
    "/cases/{case}/documents/{id}/file",
    response_class=Response,
    responses=_FILE,
)
def file(request: Request, case: CaseName, id: DocumentName) -> Response:
    """The file as it came."""
    visitor = visitor_of(request)
    return file_of(visitor.bench, document_of(visitor, case, id))


@router.get("/cases/{case}/documents/{id}/pages/{page}", response_class=Response, responses=_PICTURE)
def page(request: Request, case: CaseName, id: DocumentName, page: Annotated[int, Path(ge=1, le=10_000)]) -> Response:
    """One page as a picture."""
    visitor = visitor_of(request)
    return picture_at(visitor.bench, document_of(visitor, case, id), page)
