"""What may be written to a customer: a template by name and its values, never free text of a model."""

from pydantic import Field

from baton.types.actions import Action, Done, Facts


class Letter(Action):
    """One fixed-template letter to the customer of this case."""

    template: str
    """A file in `activities/mail/templates`, as in `acknowledge`, `stage_changed`, `ask_for`, `gift_card`, `declined`."""
    values: dict[str, str] = Field(default_factory=dict)


class Question(Action):
    """A person's own words to the customer: always approved by the person who writes them."""

    text: str


class LetterFacts(Facts):
    """What is known about the recipient."""

    recipient_known: bool
    """The sender's address is a customer's address on file."""
    template_known: bool
    values_fit: bool
    """Exactly the template's own placeholders are filled, none holds a link or more than 200 characters, and the cards,
    repairs, shipments and amounts it names stand in this case's records."""
    letters_today: int
    already_asked: bool
    """This case already asked the customer for the same documents."""
    on_file: bool
    """What is asked for is already on file."""


class Sent(Done):
    """The letter left, or lies in the outbox."""

    recipient: str
    message_id: str
    subject: str = ""
    """What stands above it, without the case."""
