"""Typing the lines of a paper, whether a request, a quote, a confirmation or a bill: the verb `read_lines`."""

from datetime import timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from pydantic import Field

from baton.documents.pages import ReadDocuments, read_documents
from baton.governance.declare import agent
from baton.matching import BilledLine
from baton.process import do
from baton.types.documents import Message
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

PaperKind: TypeAlias = Literal["invoice", "credit_note", "confirmation", "quote", "delivery", "request", "unknown"]


class Lines(Frozen):
    """The lines of the paper that says most, and the sums it prints below them."""

    kind: PaperKind
    lines: tuple[BilledLine, ...] = ()
    freight: Decimal = Field(default=Decimal(0), description="charges beside the lines, net")
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    currency: str | None = None
    corrects: str = Field(default="", description="the invoice that a credit note corrects")
    document: DocumentId | None = None
    adds_up: bool = Field(default=False, description="the lines make the sum that the paper prints")


class LinesRequest(Frozen):
    """A message whose papers are read."""

    message: Message


@agent(timeout=timedelta(minutes=2))
async def key_lines(request: LinesRequest) -> Finding[Lines]:
    """Every line of the message's papers, by rules; lines that make the printed sum are confirmed by it."""
    # Here, because the readers take seconds to import and a process needs the verb only.
    from agents.graphs.lines import run

    return await run(request)


async def read_lines(message: Message) -> Finding[Lines]:
    """What kind of paper a message brings, and its lines; pages are read first, once."""
    if message.attachments:
        await do(read_documents, ReadDocuments(documents=message.attachments))
    return await do(key_lines, LinesRequest(message=message))
