"""A customer as the company's own systems hold them, in words that belong to no system."""

from datetime import date

from pydantic import Field

from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.money import Money


class Bought(Frozen):
    """One thing that a customer bought, or agreed to."""

    number: str = Field(description="of the order or deal, as in `SO-1`")
    what: str = Field(description="the product's or deal's name")
    on: date
    price: Money | None = Field(default=None, description="what was paid or agreed")
    more: dict[str, Json] = Field(default_factory=dict, description="what else staff want to see of it, as in `serial`")


class KnownCustomer(Frozen):
    """What one system knows of a customer; what several know is put together."""

    name: str = ""
    email: str = ""
    tier: str = ""
    active: bool | None = Field(default=None, description="None where the system does not say")
    bought: tuple[Bought, ...] = ()
