"""What a message at the door asks for, one thing or several: the verb `sort`."""

from datetime import timedelta

from pydantic import Field

from baton.documents.pages import ReadDocuments, read_documents
from baton.governance.declare import agent
from baton.process import do
from baton.types.documents import Message
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId


class Part(Frozen):
    """One thing that a message asks for."""

    label: str | None = Field(
        default=None,
        description="a process, or `status_question`, `reply`, `thanks`, `spam`, `empty`; None when a person had better look",
    )
    opens: bool = Field(default=False, description="whether the label is a process")
    reason: str = Field(description="why, in words for staff")
    confidence: float = Field(ge=0, le=1)
    text: str = Field(default="", description="its first words")
    spans: tuple[str, ...] = Field(default=(), description="where it stands in the message's words, as in `0-120`; none for all")
    attachments: tuple[DocumentId, ...] = ()
    number: int = Field(default=1, description="which one of its label it is")


class Sorted(Frozen):
    """Everything that a message asks for, in its order."""

    parts: tuple[Part, ...]
    processes: tuple[str, ...] = Field(default=(), description="every process that takes messages: what a person may choose")


class SortRequest(Frozen):
    """A message to sort."""

    message: Message


class ShareRequest(Frozen):
    """Which attachments belong to which part of a message."""

    message: Message
    sorted: Sorted


@agent(timeout=timedelta(minutes=4))
async def sort_message(request: SortRequest) -> Finding[Sorted]:
    """Split a message and tell each part's kind, by words, router and, where one is configured, a language model."""
    # Here, because LangGraph takes seconds to import and a process needs the verb only.
    from agents.graphs.sort import run

    return await run(request)


@agent(timeout=timedelta(minutes=4))
async def share_out(request: ShareRequest) -> Finding[Sorted]:
    """Give each part of a message its attachments; one that cannot be told goes with every part."""
    from agents.graphs.share import run

    return await run(request)


async def sort(message: Message) -> Finding[Sorted]:
    """What a message asks for. The attachments of one that asks several things are read, to tell where each belongs."""
    found = await do(sort_message, SortRequest(message=message))
    if len(found.values.parts) > 1 and message.attachments:
        await do(read_documents, ReadDocuments(documents=message.attachments))
        return await do(share_out, ShareRequest(message=message, sorted=found.values))
    return found
