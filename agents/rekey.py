"""Typing a message and its attachments into a form: the verb `rekey`. Every field carries where it was read."""

from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel, Field

from baton.documents.pages import ReadDocuments, read_documents
from baton.forms import name_of
from baton.governance.declare import agent
from baton.process import do
from baton.types.documents import Document, Message
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

F = TypeVar("F", bound=BaseModel)


class RekeyRequest(Frozen):
    """A form to fill, and what to read."""

    form: str = Field(description="as in `warranty_claim:Claim`")
    message: Message
    documents: tuple[Document, ...] = Field(default=(), description="attachments that were read into words")
    photos: tuple[DocumentId, ...] = Field(default=(), description="those among them that are pictures of things, not of text")


@agent(timeout=timedelta(minutes=4))
async def key_form(request: RekeyRequest) -> Finding[BaseModel]:
    """Fill a form by rules and, where one is configured, by a language model; both keyings are compared field by field."""
    # Here, because LangGraph takes seconds to import and a process needs the verb only.
    from agents.graphs.rekey import run

    return await run(request)


async def rekey(message: Message, into: type[F]) -> Finding[F]:
    """The form `into`, as far as the message and its attachments fill it; a field nobody could read is None.

    Pages are read first, once, by the workers that do only that.
    """
    photos: tuple[DocumentId, ...] = ()
    if message.attachments:
        read = await do(read_documents, ReadDocuments(documents=message.attachments))
        photos = tuple(reading.document for reading in read.readings if reading.is_photo)
    request = RekeyRequest(form=name_of(into), message=message, documents=message.attachments, photos=photos)
    found: Finding[F] = await do(key_form, request, into=Finding[into])  # type: ignore[valid-type]  # known when it runs
    return found
