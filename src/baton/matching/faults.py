"""What can be wrong with a bill, by name."""

from decimal import Decimal
from typing import Final, Literal, TypeAlias

from pydantic import Field

from baton.types.frozen import Frozen

Kind: TypeAlias = Literal[
    "price",
    "quantity",
    "undelivered",
    "credit_missing",
    "unit",
    "unordered",
    "freight",
    "tax",
    "sums",
    "currency",
    "duplicate",
    "bank",
    "supplier",
    "order",
    "credit",
]

WORDS: Final[dict[Kind, str]] = {
    "price": "the price billed is not the price ordered",
    "quantity": "more is billed than was ordered",
    "undelivered": "more is billed than was delivered",
    "credit_missing": "rejected goods are billed and no credit note gives them back",
    "unit": "the unit billed is not the unit ordered",
    "unordered": "a line is billed that nobody ordered",
    "freight": "more freight is billed than was agreed",
    "tax": "the tax is not what the order's rates make",
    "sums": "the invoice does not add up",
    "currency": "the currency is not the order's",
    "duplicate": "this was billed before",
    "bank": "the account is none of the supplier's on file",
    "supplier": "another supplier bills than was ordered from",
    "order": "the invoice names another order",
    "credit": "the credit note gives back more than was billed",
}
"""Every fault, in words for staff."""

DISPUTABLE: Final[frozenset[Kind]] = frozenset({"price", "quantity", "undelivered", "credit_missing", "freight"})
"""Faults of an amount: what is beyond doubt may be paid, the rest is disputed. With any other fault nothing is paid."""


class Fault(Frozen):
    """One thing that is wrong with one bill."""

    kind: Kind
    bill: str = Field(description="number of the invoice or credit note")
    line: int | None = Field(default=None, description="the order line; None for the whole bill, or a line nobody ordered")
    expected: str = ""
    found: str = ""
    at_stake: Decimal = Field(default=Decimal(0), description="net; what would be paid too much")

    @property
    def words(self) -> str:
        """The fault in one sentence."""
        where = f" (line {self.line})" if self.line is not None else ""
        said = f": `{self.found}` instead of `{self.expected}`" if self.expected else f": `{self.found}`" if self.found else ""
        return f"{WORDS[self.kind]}{where}{said}"
