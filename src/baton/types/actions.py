"""What a process may want done, and how it is undone."""

from typing import Literal, TypeAlias

from pydantic import Field

from baton.types.frozen import Frozen
from baton.types.money import Money

Kind: TypeAlias = Literal["read", "agent", "effect", "engine"]
"""What an activity is: a look-up, a judgement, a change of the world, or the engine's own bookkeeping."""

Undoing: TypeAlias = Literal["exact", "compensating", "none"]


class Action(Frozen):
    """A change to the outside world that a process wants. One subclass per action.

    A model may have chosen every value in it, so policies compare them with `Facts` and never trust them alone.
    """


class Facts(Frozen):
    """What the systems of record say about an action. Loaded by trusted code; no attribute is optional: unknown is a value."""


class Done(Frozen):
    """What an effect left behind in the system of record."""

    reference: str
    """The system's own number for what was written."""
    wrote: dict[str, str] = Field(default_factory=dict)
    """Human words of what stands where, as in `{"gift card": "GC-1007 over 389.00 EUR"}`."""
    amount: Money | None = None
