"""What is asked of an order, a contract or an invoice for services over a period."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from baton.readers.fields import ReadAs
from baton.types.money import Money


class Booking(BaseModel):
    """A booking of something delivered over a period: who buys, under which number, for how much, from when to when."""

    contract_number: Annotated[str, ReadAs("identifier")] | None = Field(None, description="the seller's number of it")
    advertiser: Annotated[str, ReadAs("seller")] | None = Field(None, description="who buys, not the agency that books")
    gross_amount: Annotated[Money, ReadAs("money")] | None = Field(None, description="all of it, before the agency's share")
    starts: Annotated[date, ReadAs("date")] | None = Field(None, description="first day of the period")
    ends: Annotated[date, ReadAs("date")] | None = Field(None, description="last day of the period")


class BilledBooking(Booking):
    """The same as an invoice says it: under its own number, for which order, and what is to be paid."""

    invoice_number: Annotated[str, ReadAs("identifier")] | None = Field(None, description="the invoice's own number")
    order_number: Annotated[str, ReadAs("identifier")] | None = Field(None, description="the order that is billed")
    net_amount: Annotated[Money, ReadAs("money")] | None = Field(None, description="what remains after the agency's share")
