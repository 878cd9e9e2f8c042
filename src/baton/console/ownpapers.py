"""Papers that a proposal names and no case has on file: our own, as the contract that somebody is asked to sign."""

import mimetypes
import re
from collections.abc import Container, Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, select

from baton.cases.tables import document
from baton.console.bench import Bench
from baton.console.shown import Paper, Sheet
from baton.console.wording import words
from baton.documents.kinds import media_type_of
from baton.documents.pdf import NoPdf, open_pdf
from baton.documents.store import DocumentDamaged, DocumentMissing, DocumentStore
from baton.types.documents import Document
from baton.types.ids import DocumentId
from baton.types.verdicts import Proposal

_ID = re.compile(r"[0-9a-f]{64}")
_MOST_PAGES, _KEPT = 40, 256
_laid_out: dict[str, tuple[tuple[Sheet, ...], bool, str]] = {}
"""Pages of documents by id, which is a hash of their content: they never change."""
_ON_FILE = select(document.c.id).where(document.c.id == bindparam("id")).limit(1)


def named_in(proposal: Proposal | None) -> dict[str, str]:
    """Documents by id that the proposal's arguments name, each with the name of its argument."""
    given = proposal.arguments.items() if proposal else ()
    return {value: name for name, value in given if isinstance(value, str) and _ID.fullmatch(value)}


def own_papers(bench: Bench, connection: Connection, proposal: Proposal | None, shown: Container[str]) -> Iterator[Paper]:
    """What is to be decided about and is not shown yet, ready to be looked at."""
    for id, name in named_in(proposal).items():
        if id not in shown and (found := own_document(bench, connection, id, name)):
            yield _paper(bench.documents, found)


def own_document(bench: Bench, connection: Connection, id: str, name: str) -> Document | None:
    """The document, if it is ours and made to be looked at: what is on file in a case is for whoever may look at that case."""
    if connection.execute(_ON_FILE, {"id": id}).first():
        return None
    try:
        data = bench.documents.read(DocumentId(id))
    except (DocumentMissing, DocumentDamaged):
        return None
    kind, label = media_type_of(data, "application/octet-stream"), words(name)
    if kind != "application/pdf" and not kind.startswith("image/"):
        return None  # mails as they came and what was said through links lie in the same store
    return Document(id=DocumentId(id), name=f"{label}{mimetypes.guess_extension(kind) or ''}", media_type=kind, size=len(data))


def _paper(documents: DocumentStore, found: Document) -> Paper:
    about: dict[str, Any] = {"id": found.id, "name": found.name, "media_type": found.media_type, "size": found.size}
    if found.media_type != "application/pdf":
        return Paper(kind="picture" if found.media_type.startswith("image/") else "other", problem="", **about)
    if found.id not in _laid_out:
        if len(_laid_out) >= _KEPT:
            _laid_out.clear()
        _laid_out[found.id] = _pages(documents.read(found.id))
    sheets, cut, problem = _laid_out[found.id]
    return Paper(kind="pages" if sheets else "other", problem=problem, sheets=sheets, cut=cut, **about)


def _pages(data: bytes) -> tuple[tuple[Sheet, ...], bool, str]:
    try:
        with open_pdf(data) as pdf:
            sizes = [pdf.size(index) for index in range(min(pdf.count, _MOST_PAGES))]
            return tuple(_sheet(at, *size) for at, size in enumerate(sizes, 1)), pdf.count > _MOST_PAGES, ""
    except NoPdf as problem:
        return (), False, str(problem)


def _sheet(number: int, width: float, height: float) -> Sheet:
    return Sheet(number=number, ratio=1000 * height / max(width, 1), width=round(width), height=round(height), marks=())
