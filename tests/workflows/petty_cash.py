"""A process of one step for the engine's own tests: petty cash is paid from a till to an employee it is owed to."""

from typing import Any

from temporalio import workflow

from baton.governance.declare import About, FateUnknown, agent, effect, exact
from baton.governance.permits import Permit
from baton.process import Department, Message, Outcome, Rejected, Returned, ask, do, hours, stage
from baton.types.actions import Action, Done, Facts
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.ids import PersonId
from baton.types.money import Money
from baton.types.people import Person

CASH_DESK = Department("cash-desk")


class PayOut(Action):
    """Cash for an employee."""

    employee: str
    amount: Money


class PayOutFacts(Facts):
    """What the books say."""

    owed: Money
    known: bool


class Paid(Done):
    """Cash left the till."""

    value: Money


class Till:
    """The system of record: how much is owed, and what was paid under which key."""

    def __init__(self) -> None:
        self.owed = "40.00"
        self.known = True
        self.paid: dict[str, Paid] = {}
        self.writes = 0
        self.undone: list[str] = []
        self.fails: list[Exception] = []
        self.loses_track = False


till = Till()


async def what_is_owed(pay: PayOut, about: About) -> PayOutFacts:
    """From the books, never from the request."""
    return PayOutFacts(owed=Money(amount=till.owed, currency="EUR"), known=till.known)  # type: ignore[arg-type]


async def find_payment(key: str) -> Done | None:
    """By our reference."""
    if till.loses_track:
        raise FateUnknown("the till cannot say whether it paid")
    return till.paid.get(key)


async def put_back(done: Done, permit: Permit) -> Done:
    """The cash goes back."""
    till.undone.append(done.reference)
    return done


@effect(
    facts=what_is_owed,
    look_up=find_payment,
    undo=exact(put_back),
    says="Pay {amount} to {employee}",
    spends="amount",
    editable=("amount",),
)
async def pay_out(pay: PayOut, permit: Permit) -> Paid:
    """Take cash from the till."""
    permit.covers(pay)
    if till.fails:
        raise till.fails.pop(0)
    till.writes += 1
    paid = Paid(reference=f"P-{till.writes}", wrote={"cash": str(pay.amount)}, value=pay.amount)
    return till.paid.setdefault(permit.key, paid)


class Note(Frozen):
    """What an agent read."""

    words: str = ""


@agent()
async def look_at(message: Message) -> Finding[Note]:
    """An agent that reads nothing in particular."""
    from baton.governance.context import current

    return Finding(id=current().decision, values=Note(words=message.subject), fields=())


@workflow.defn
class PettyCash:
    """Cash is paid, or it is not."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """The subject says what to do: `pay 12.00`, `ask`, `break`, `fail`."""
        what, _, value = message.subject.partition(" ")
        async with stage(CASH_DESK, within=hours(1)):
            await do(look_at, message, into=Finding[Note])
            if what == "break":
                raise KeyError("a mistake in the process")
            if what == "ask":
                choice = await ask(CASH_DESK, "Which drawer?", options=("left", "right"))
                return Outcome(result=choice.option, words=choice.reason)
            try:
                paid = await do(pay_out, PayOut(employee="ann", amount=Money(amount=value, currency="EUR")))  # type: ignore[arg-type]
            except Rejected as no:
                return Outcome(result="rejected", words=f"{no.code}: {no.message}")
            except Returned as back:
                return Outcome(result="returned", words=back.code)
        return Outcome(result="paid", words=str(paid.value))


POLICY = """
@id("cash.alone")
@reason("Up to 10 EUR of what is owed may be paid alone")
@when1("the employee is known")
@when2("it is at most what is owed")
@when3("it is more than nothing and at most 10.00")
@when4("at most 25.00 a day leaves the till alone")
permit (principal is Agent in Role::"agent", action == Action::"petty_cash.pay_out", resource)
when { resource.facts.known }
when { resource.action.amount.amount.lessThanOrEqual(resource.facts.owed.amount) }
when {
  resource.action.amount.amount.greaterThan(decimal("0.0")) &&
  resource.action.amount.amount.lessThanOrEqual(decimal("10.0")) }
when { resource.spent.process_day.lessThanOrEqual(decimal("25.0")) };

@id("cash.cashier")
@reason("A cashier may pay up to 50 EUR")
@when1("it is at most 50.00")
permit (
  principal is Person in Role::"cashier",
  action in [Action::"petty_cash.pay_out:approve", Action::"petty_cash.pay_out:edit"],
  resource
)
when { resource.action.amount.amount.lessThanOrEqual(decimal("50.0")) };

@id("cash.head")
@reason("The head cashier may pay up to 500 EUR")
@when1("it is at most 500.00")
permit (
  principal is Person in Role::"head-cashier",
  action in [Action::"petty_cash.pay_out:approve", Action::"petty_cash.pay_out:edit"],
  resource
)
when { resource.action.amount.amount.lessThanOrEqual(decimal("500.0")) };
"""

CLOCKS = "process,stage,tier,hours,escalate\npetty_cash,cash-desk,*,1,head-cashier|director\n*,*,*,24,director\n"


def person(id: str, *roles: str, department: str = "cash-desk", **rest: Any) -> Person:
    """Somebody of the cash desk."""
    return Person(
        id=PersonId(id), name=id.title(), department=department, roles=frozenset(roles), email=f"{id}@example.com", **rest
    )


STAFF = [
    person("carl", "cashier"),
    person("cora", "cashier"),
    person("hans", "head-cashier"),
    person("hilde", "head-cashier"),
    person("ida", "cashier", active=False),
    person("dora", "director", department="board"),
    person("olga", "operations-manager", department="operations"),
    person("otto", "cook", department="kitchen"),
]
