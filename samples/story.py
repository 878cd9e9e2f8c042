"""The sample messages as the demo needs them: what arrives, what should become of it, what the staff say."""

import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from baton.types.answers import Says
from baton.types.canonical import Json
from baton.types.frozen import Frozen
from samples.contracts import Agreement, Countersign
from samples.papers import SupplierPaper

INBOX = Path(__file__).parent / "inbox"

Language: TypeAlias = Literal["en", "de", "nl"]
Form: TypeAlias = Literal["pdf", "scan", "scan-pdf", "photo", "heic"]
Surface: TypeAlias = Literal["oak", "stone", "linen"]


class Receipt(Frozen):
    """A receipt for one order, as the customer's own camera or scanner saw it."""

    kind: Literal["receipt"]
    name: str = Field(description="the attachment's file name")
    form: Form
    order: str | None = Field(default=None, description="the story's own order where it names none")
    extras: tuple[tuple[str, Decimal], ...] = Field(default=(), description="small items bought along: name and price")
    price: Decimal | None = Field(default=None, description="printed instead of the price paid: a receipt that was tampered with")
    hidden: str = Field(default="", description="white text on white paper, for whoever reads the text layer only")
    skew: float = Field(default=1.2, description="degrees, clockwise")
    noise: float = Field(default=6.0, description="standard deviation of the sensor's noise, in grey levels of 255")
    blur: float = Field(default=0.0, description="standard deviation of the camera's blur, in pixels")
    shadow: float = Field(default=0.35, description="how much light the darkest shadow takes, 0 to 1")
    quality: int = Field(default=60, description="JPEG quality")
    surface: Surface = "oak"


class Defect(Frozen):
    """A photograph of what broke."""

    kind: Literal["defect"]
    name: str
    scene: str = Field(description="as in `washer-cracked-door`; two stories naming one scene send the same photograph")
    recompressed: bool = Field(default=False, description="smaller and saved again, as a messenger does")


class Blob(Frozen):
    """A file too large to be a document, made when the inbox is rendered."""

    kind: Literal["blob"]
    name: str
    megabytes: int


class BrokenPdf(Frozen):
    """A PDF whose end was lost on the way."""

    kind: Literal["broken-pdf"]
    name: str


Attachment: TypeAlias = Annotated[Receipt | Defect | Blob | BrokenPdf | Agreement | SupplierPaper, Field(discriminator="kind")]


class Reply(Frozen):
    """What the customer writes back when asked; rendered into `replies/`."""

    subject: str = ""
    body: str
    attachments: tuple[Attachment, ...] = ()


class Expected(Frozen):
    """What should become of the case, for people and for the demo's own check."""

    outcome: str = Field(description="the result the process returns, as in `gift card` or `signed`")
    alone: bool = Field(description="whether the agents decide the remedy without a person")
    role: str = Field(default="", description="who decides it otherwise, as in `claims-handler`")
    asks: bool = Field(default=False, description="the customer is asked, once, for something that is missing")
    why: str = Field(description="one sentence for the table of cases")
    opens: tuple[str, ...] = Field(default=(), description="how the cases end that it becomes, where it asks several things")


class Said(Frozen):
    """One decision that the demo takes for a member of the staff, as `baton decide` would; a case's are taken in their order."""

    person: str = Field(alias="as", description="an id in staff.csv")
    says: Says
    on: str = Field(description="the action it answers, as in `erp.issue_gift_card`; `question` for a question")
    reason: str = ""
    code: str = Field(default="", description="the coded reason, for `return` and `reject`")
    changes: dict[str, Json] = Field(default_factory=dict, description="fields to new values, or a question's `option`")


class Story(Frozen):
    """One sample message and what follows from it."""

    name: str = Field(description="the file's name without its ending, as in `01-kettle-straight-through`")
    title: str = Field(description="what the sample shows, in one line")
    sender: str = Field(alias="from", description="as in `Nadia Verhoeven <nadia@example.com>`")
    subject: str = ""
    process: str = Field(default="warranty_claim", description="the process it is for; `intake` where it ends at the door")
    same_as: str = Field(default="", description="the story whose very message comes a second time")
    threads: str = Field(default="", description="the story whose message it replies to")
    at: time = Field(description="time of day it arrived, on the day before the run")
    language: Language = "en"
    order: str | None = Field(default=None, description="the order it is about; fills `${purchased}` and the like in the body")
    deal: str | None = Field(default=None, description="the deal it is about; fills the customer's contract")
    countersign: Countersign | None = None
    stranger: bool = Field(default=False, description="the sender's address is on no record")
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    expect: Expected
    decisions: tuple[Said, ...] = ()
    reply: Reply | None = None
    during: str = Field(default="", description="the story whose case must be waiting for its customer when this message comes")
    after: str | None = Field(default=None, description="the story whose case must have ended before this message is submitted")

    @property
    def file(self) -> str:
        """The message as rendered, below the output folder."""
        return f"inbox/{self.name}.eml"

    @property
    def reply_file(self) -> str | None:
        """The customer's reply as rendered, below the output folder; None where no reply is needed."""
        return f"replies/{self.name}.eml" if self.reply else None


def load_stories(folder: Path = INBOX) -> list[Story]:
    """Every sample message, in the order of its file name."""
    return [load_story(path) for path in sorted(folder.glob("*.toml"))]


def load_story(path: Path) -> Story:
    """One sample message."""
    return Story.model_validate({"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))})
