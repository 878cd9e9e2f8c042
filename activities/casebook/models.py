"""What may be asked of the casebook, and done in it."""

from typing import Literal, TypeAlias

from pydantic import Field

from baton.types.actions import Action, Done, Facts
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

KnownAs: TypeAlias = Literal["customer", "supplier", "colleague", ""]


class WhoseMessage(Frozen):
    """Ask who wrote this case's message, and about which case. Both come from the records, not from a model."""


class CaseSeen(Frozen):
    """A case as its customer may hear of it."""

    case: str
    process: str
    open: bool
    waiting: bool = Field(description="for its customer")


class Recognised(Frozen):
    """Whose message it is; `known_as` is empty for a stranger."""

    known_as: KnownAs = ""
    customer: str | None = None
    tier: str = "standard"
    name: str = ""
    answers: CaseSeen | None = Field(default=None, description="the sender's own case that the message names or replies to")
    open_cases: tuple[str, ...] = Field(default=(), description="all open cases of this sender, oldest first")
    again: bool = Field(default=False, description="a person brought it back: it is for people to sort")


class OpenCase(Action):
    """A message, or a part of it, becomes a case of a process."""

    process: str
    spans: tuple[str, ...] = Field(default=(), description="its parts in the message's words, as in `0-120`; none for all")
    attachments: tuple[DocumentId, ...] = ()
    number: int = Field(default=1, description="which case of this process it is, of all that come of this message")


class OpenCaseFacts(Facts):
    """What the records say about opening a case."""

    process_known: bool
    """The process takes messages from the door."""
    sender_known: bool
    """The sender's address is a customer's, a supplier's or a colleague's on file."""
    chosen: bool
    """A person chose this process for this message."""
    fits: bool
    """The parts lie within the message's words, and the attachments are its own."""
    opened_before: bool
    """This part of the message has its case of the process already."""
    opened_today: int
    """Cases that messages of this sender became since midnight (UTC)."""


class CaseOpened(Done):
    """The case stands, and runs."""

    process: str


class AddMessage(Action):
    """A message is put on the file of a case that is under way."""

    case: str


class AddMessageFacts(Facts):
    """What the records say about adding to a case."""

    case_open: bool
    case_is_senders: bool
    """The case belongs to the customer who sent the message, or was opened from the same address."""
    chosen: bool
    """A person chose this case for this message."""


class MessageAdded(Done):
    """The message is on the case's file, and the case has heard of it."""


class AnswerStatus(Action):
    """A fixed letter that says how a case stands."""

    case: str


class AnswerStatusFacts(Facts):
    """What the records say about answering how a case stands."""

    recipient_known: bool
    """The sender's address is a customer's address on file."""
    values_fit: bool
    """The case is known, and the letter says what its record says."""
    case_is_senders: bool
    letters_today: int


class RememberChoice(Action):
    """What a person said a message is, kept for the classifier to learn from."""

    kind: str
    """A process, `status_question`, `reply`, `spam`, or empty for none that is known."""
    spans: tuple[str, ...] = ()


class RememberChoiceFacts(Facts):
    """What the record says about a choice."""

    chosen: bool
    """A person chose exactly this for this message."""


class ChoiceRemembered(Done):
    """The example is kept; the next training learns from it."""

    kind: str
