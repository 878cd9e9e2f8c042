"""What comes in: messages, documents, pages and words."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

Point: TypeAlias = tuple[float, float]


class Document(Frozen):
    """A file in the document store, by reference; its bytes never travel through Temporal."""

    id: DocumentId
    name: str
    media_type: str
    size: int = Field(description="bytes")


class Message(Frozen):
    """An incoming e-mail, already filed: the body and attachments are documents."""

    id: str = Field(description="the RFC 5322 Message-ID, or a hash of the message where it carries none")
    sender: str = Field(description="address only, lower case")
    recipient: str = ""
    subject: str
    received: AwareDatetime
    in_reply_to: str | None = None
    source: Document = Field(description="the message as it came")
    body: Document = Field(description="the plain text of the message, `text/plain`")
    attachments: tuple[Document, ...] = ()
    problems: tuple[str, ...] = Field(default=(), description="what could not be filed, in words for staff")
    told: str = Field(default="", description="the process that the door chose for it; empty for what came in another way")


class Word(Frozen):
    """One word where it stands: a polygon in page coordinates, or a span of characters in a text."""

    text: str
    polygon: tuple[Point, ...] = Field(
        default=(), description="corners, clockwise from top left, fractions of page width and height"
    )
    span: tuple[int, int] | None = Field(default=None, description="first and one-past-last character in `Page.text`")
    confidence: float = Field(default=1.0, ge=0, le=1)
    hidden: bool = Field(default=False, description="in the file, but no reader of the printed page sees it")


class Line(Frozen):
    """Words that stand on one line, left to right, as indexes into `Page.words`."""

    words: tuple[int, ...]


class Page(Frozen):
    """One page as read."""

    number: int = Field(ge=1)
    width: float = Field(description="points for PDF, pixels for images, 0 for plain text")
    height: float
    text: str
    words: tuple[Word, ...]
    lines: tuple[Line, ...]
    turned: float = Field(default=0.0, description="degrees the page was rotated to stand upright, clockwise")
    papers: int = Field(default=1, description="papers seen apart from each other on the page, each with its own lines")


class Reading(Frozen):
    """Text and word boxes of one document, however obtained."""

    document: DocumentId
    how: Literal["text", "text_layer", "ocr", "xml", "unreadable"]
    reader: str = Field(description="name and version of what read it")
    pages: tuple[Page, ...]
    problem: str | None = Field(default=None, description="why it could not be read, in words for staff")


class Received(Frozen):
    """When and how a message came to a case; kept in the case store."""

    message: Message
    at: datetime
