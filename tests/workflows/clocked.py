"""Processes that wait: for somebody in a department, and for the customer."""

from temporalio import workflow

from baton.process import Department, Message, Outcome, ask, days, hours, reply, stage

CASH_DESK = Department("cash-desk")
EMPTY_DESK = Department("empty-desk")
"""Nobody works there."""

CLOCKS = """process,stage,tier,hours,escalate
clocked,cash-desk,*,4,head-cashier|director
clocked,empty-desk,*,4,head-cashier|director
*,*,*,24,director
"""


@workflow.defn
class Clocked:
    """The subject says who is waited for: `desk`, `empty` or `customer`."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """Wait, and say how that ended."""
        if message.subject == "customer":
            answer = await reply(within=days(7))
            return Outcome(result="answered" if answer else "no answer", words=answer.subject if answer else "")
        department = EMPTY_DESK if message.subject == "empty" else CASH_DESK
        async with stage(department, within=hours(4)):
            choice = await ask(department, "Which drawer?", options=("left", "right"))
        return Outcome(result=choice.option, words=choice.by)
