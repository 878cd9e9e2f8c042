"""Petty cash as somebody changed it under open cases: the money is asked for before anybody looks at the message."""

import petty_cash
from temporalio import workflow

from baton.process import Message, Outcome, ask, do, hours, stage
from baton.types.money import Money


@workflow.defn
class PettyCash:
    """The same name, other steps."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """Ask first, pay then."""
        async with stage(petty_cash.CASH_DESK, within=hours(1)):
            choice = await ask(petty_cash.CASH_DESK, "Is there a receipt?", options=("yes", "no"))
            _, _, value = message.subject.partition(" ")
            amount = Money(amount=value, currency="EUR")  # type: ignore[arg-type]
            await do(petty_cash.pay_out, petty_cash.PayOut(employee="ann", amount=amount))
        return Outcome(result=choice.option)
