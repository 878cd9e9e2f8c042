"""What Baton needs of outgoing mail: send once, and say later what became of it."""

from datetime import date
from typing import Protocol

from pydantic import Field

from activities.mail.models import Sent
from baton.governance.declare import Permit
from baton.types.actions import Action
from baton.types.frozen import Frozen


class Enclosure(Frozen):
    """A file that leaves with a letter: one of our own records, never one that somebody names."""

    name: str
    media_type: str
    content: bytes


class Envelope(Frozen):
    """A letter ready to leave; every word of it comes from a template, a record or a person."""

    template: str
    recipient: str = Field(description="a single address")
    name: str = Field(default="", description="the customer's name on file")
    subject: str
    text: str
    asks_for: tuple[str, ...] = Field(default=(), description="what the customer is asked to send")
    in_reply_to: str = Field(default="", description="Message-ID of the customer's message, where known")
    enclosed: tuple[Enclosure, ...] = ()
    automatic: bool = Field(default=True, description="no person wrote it")


class Mail(Protocol):
    """Outgoing mail."""

    async def send(self, envelope: Envelope, action: Action, permit: Permit) -> Sent:
        """Send once under the permit's key. Raises `FateUnknown` when nobody can tell whether it left."""
        ...

    async def look_up(self, key: str) -> Sent | None:
        """The letter sent under this key, or None. Raises `FateUnknown` when nobody can tell whether it left."""
        ...

    async def sent_on(self, recipient: str, day: date) -> int:
        """How many letters went to this address on this day (UTC)."""
        ...

    async def asked_for(self, case: str) -> frozenset[str]:
        """What this case already asked the customer to send."""
        ...
