"""What purchasing refuses, in words for staff."""

from baton.errors import BatonError


class NotOnRecord(BatonError):
    """The records hold no such order, bill, payment or supplier."""


class TooMuch(BatonError):
    """More would have come than was ordered."""


class AlreadyRegistered(BatonError):
    """The supplier used this number before."""


class AlreadyPaid(BatonError):
    """A bill would be paid more than it says, or twice."""


class SamePerson(BatonError):
    """Whoever prepared a payment does not release it."""


class TooLate(BatonError):
    """Something that came after stands upon it."""
