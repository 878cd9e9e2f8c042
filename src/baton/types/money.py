"""Money is a decimal with its currency; two currencies never mix silently."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator

from baton.types.frozen import Frozen


class Money(Frozen):
    """An amount in one currency, to at most four decimal places (what the policy language can compare)."""

    amount: Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]

    @field_validator("amount", mode="after")
    @classmethod
    def _one_spelling(cls, amount: Decimal) -> Decimal:
        """Write 5, 5.0 and 5.00 alike, so that equal amounts hash alike."""
        return amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount.normalize()

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"
