"""Documents of a case, for whoever may look at the case: pages as pictures, and the file as it came."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.responses import Response as Plain

from baton.cases import store
from baton.console import onrecord
from baton.console.access import viewable
from baton.console.bench import Bench
from baton.console.ownpapers import named_in, own_document
from baton.console.pictures import picture_of
from baton.console.security import visitor_of
from baton.console.signin.visitor import Visitor
from baton.documents.store import DocumentMissing
from baton.types.documents import Document
from baton.types.ids import CaseId
from baton.types.verdicts import Proposal

router = APIRouter()


@router.get("/cases/{case}/papers/{id}/{page}.webp")
def picture(request: Request, case: str, id: str, page: int) -> Response:
    """One page; named by content, so that a browser may keep it for as long as the session."""
    visitor = visitor_of(request)
    document = document_of(visitor, case, id)
    if page == 1:
        onrecord.opened(visitor, "document", case, document=document.id)
    return picture_at(visitor.bench, document, page)


def picture_at(bench: Bench, document: Document, page: int) -> Response:
    """One page as WebP."""
    data = picture_of(bench.documents, bench.home, document.id, document.media_type, page)
    return Plain(data, media_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


@router.get("/cases/{case}/papers/{id}/file")
def file(request: Request, case: str, id: str) -> Response:
    """The file as it came, to be kept and never opened inside the console."""
    visitor = visitor_of(request)
    document = document_of(visitor, case, id)
    onrecord.opened(visitor, "document", case, document=document.id)
    return file_of(visitor.bench, document)


def file_of(bench: Bench, document: Document) -> Response:
    """The bytes as they came; a browser keeps them and never opens them here."""
    data = bench.documents.read(document.id)
    safe = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in document.name)[-80:] or "document"
    ascii_name = safe.encode("ascii", "replace").decode().replace("?", "_")
    headers = {"Content-Disposition": f'attachment; filename="{ascii_name}"', "Content-Security-Policy": "sandbox"}
    return Plain(data, media_type="application/octet-stream", headers=headers)


def document_of(visitor: Visitor, case: str, id: str) -> Document:
    """A document of a case that this person may look at. Raises `DocumentMissing`."""
    with visitor.bench.database.read() as connection:
        viewable(connection, visitor, case)
        messages = store.messages(connection, CaseId(case))
        known = [*store.documents(connection, CaseId(case)), *(message.source for message in messages)]
        found = next((document for document in known if document.id == id), None) or _ours(visitor, connection, CaseId(case), id)
    if found is None:
        raise DocumentMissing(f"case `{case}` has no document `{id[:12]}`")
    return found


def _ours(visitor: Visitor, connection: Connection, case: CaseId, id: str) -> Document | None:
    """A paper of our own that this case is or was to be decided about."""
    asked = [task.proposal for task in store.tasks(connection, None, case)]
    rows = visitor.bench.engine.ledger.of_case(case, connection)
    judged = [row.private["proposal"] for row in rows if row.kind == "verdict" and "proposal" in row.private]
    proposals = (*asked, *(Proposal.model_validate(one) for one in judged))
    name = next((found for one in proposals if (found := named_in(one).get(id))), None)
    return own_document(visitor.bench, connection, id, name) if name else None
