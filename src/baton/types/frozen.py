"""The one way records are declared: immutable, and strict about unknown keys."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A record that never changes after it is made; a key nobody declared is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")
