"""What models may use: tokens and money, for each case and for each day (UTC)."""

from decimal import ROUND_CEILING, Decimal

from pydantic import Field

from baton.llm.call import BudgetSpent
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

MICRO = 1_000_000
"""Money is counted in millionths, so that a call of a few tokens costs more than nothing."""


class Spend(Frozen):
    """Tokens, and money in millionths of the currency that prices are given in."""

    tokens: int = 0
    micro: int = 0

    @property
    def money(self) -> Decimal:
        """The money, in whole units."""
        return Decimal(self.micro) / MICRO


class Prices(Frozen):
    """What a provider asks for a million tokens."""

    sent: Decimal = Decimal(0)
    received: Decimal = Decimal(0)

    def of(self, sent: int, received: int) -> Spend:
        """What so many tokens cost, rounded up to a millionth."""
        micro = (sent * self.sent + received * self.received).to_integral_value(ROUND_CEILING)
        return Spend(tokens=sent + received, micro=int(micro))


class Budget(Frozen):
    """The most that a case, and a day, may use; None is no limit."""

    tokens_per_case: int | None = None
    tokens_per_day: int | None = None
    money_per_case: Decimal | None = Field(default=None)
    money_per_day: Decimal | None = Field(default=None)

    def allow(self, case: CaseId, next_call: Spend, of_case: Spend, of_day: Spend) -> None:
        """Nothing, when the next call fits. Raises `BudgetSpent` naming the setting that stands in its way."""
        for whose, used, tokens, money, name in (
            (f"case `{case}`", of_case, self.tokens_per_case, self.money_per_case, "PER_CASE"),
            ("today", of_day, self.tokens_per_day, self.money_per_day, "PER_DAY"),
        ):
            if tokens is not None and used.tokens + next_call.tokens > tokens:
                raise BudgetSpent(_words(whose, used.tokens, tokens, "tokens", next_call.tokens, f"BATON_TOKENS_{name}"))
            if money is not None and used.money + next_call.money > money:
                raise BudgetSpent(_words(whose, used.money, money, "of money", next_call.money, f"BATON_MONEY_{name}"))


def _words(whose: str, used: object, most: object, unit: str, needed: object, setting: str) -> str:
    begins = f"{whose} has used" if whose.startswith("case") else f"{whose} used"
    return (
        f"{begins} {used} of {most} {unit}, and this call needs about {needed}: "
        f"raise `{setting}`, or let people key what is missing"
    )
