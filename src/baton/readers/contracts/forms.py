"""What is keyed from an agreement: the form of the contract process, and what its options are called in contracts."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from baton.readers.fields import Means, ReadAs
from baton.types.money import Money

Parties = Annotated[tuple[str, ...], ReadAs("name")]
Period = Annotated[str, ReadAs("identifier")]  # compared to the letter: `2 years` and `3 years` are alike as wording
Law = Annotated[str, ReadAs("name")]

RENEWAL = Means(
    {
        "automatic": (
            "automatically renew",
            "automatically be renewed",
            "automatically renewed",
            "automatically extended",
            "automatic renewal",
            "renew automatically",
            "renews automatically",
            "auto-renew",
            "renewed automatically",
            "successive renewal",
        ),
        "by_agreement": (
            "renewed by mutual",
            "extended by mutual",
            "renewed by written",
            "extended by written",
            "extended by the written",
            "extended in writing",
            "may be renewed",
            "may be extended",
            "option to renew",
            "option to extend",
            "renewed upon mutual",
            "renewed only",
        ),
    }
)
LIABILITY = Means(
    {
        "limited": (
            "liability shall not exceed",
            "liability will not exceed",
            "liability is limited to",
            "liability shall be limited",
            "liability arising out of",
            "aggregate liability",
            "total liability",
            "maximum liability",
            "not be liable for any indirect",
            "liable for any indirect",
            "liable for any special",
            "liable for any consequential",
            "consequential damages",
        ),
        "unlimited": (
            "unlimited liability",
            "liability shall be unlimited",
            "liability is unlimited",
            "without limitation of liability",
        ),
    }
)


class Contract(BaseModel):
    """An agreement as legal, finance and onboarding need it."""

    parties: Parties | None = Field(default=None, description="everyone who is bound, with legal form")
    effective_date: date | None = Field(default=None, description="from when it binds")
    term: Period | None = Field(default=None, description="how long it runs, as in `2 years` or `18 months`")
    renewal: Annotated[Literal["automatic", "by_agreement"] | None, RENEWAL] = Field(
        default=None, description="what follows the term"
    )
    governing_law: Law | None = Field(default=None, description="the state or country whose law governs")
    liability: Annotated[Literal["limited", "unlimited"] | None, LIABILITY] = Field(
        default=None, description="what it says of liability"
    )
    liability_cap: Money | None = Field(default=None, description="the most that one party owes the other")
    payment_days: int | None = Field(default=None, description="days from invoice to payment")
