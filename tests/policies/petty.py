"""A small company of its own for policy tests: one refund, one letter, two policies and their tables."""

from dataclasses import dataclass
from typing import Any, Literal

from baton.governance.policy import Bundle, Policies
from baton.types.actions import Action, Facts
from baton.types.findings import Trust
from baton.types.money import Money
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal


class Refund(Action):
    order: str
    amount: Money
    note: str | None = None


class RefundFacts(Facts):
    known: bool
    paid: Money
    times: int


class Note(Action):
    template: str
    values: dict[str, str]


class NoteFacts(Facts):
    recipient_known: bool
    values_fit: bool


@dataclass(frozen=True)
class How:
    how: Literal["exact", "compensating", "none"]


@dataclass(frozen=True)
class Declared:
    name: str
    action: type[Action]
    facts_type: type[Facts]
    undo: How = How("exact")
    spends: str | None = None


EFFECTS = (Declared("shop.refund", Refund, RefundFacts, spends="amount"), Declared("post.note", Note, NoteFacts, How("none")))

SHARED = """\
@id("stop")
@class("hard")
@reason("stopped")
@when1("it is stopped")
forbid (principal, action in [Action::"alone", Action::"approve", Action::"edit"], resource)
when { resource.stopped };

@id("proposer")
@class("hard")
@reason("whoever proposed it does not approve it")
@when1("this person proposed it")
forbid (principal is Person, action in [Action::"approve", Action::"edit"], resource)
when { resource.proposers.contains(principal) };
"""
REFUNDS = """\
// Refunds.

@id("refund.alone")
@table("autonomy")
@reason("small refunds of known orders")
@when1("the order is known")
@when2("it was refunded fewer than 2 times")
@when3("the amount is exactly what was paid")
permit (principal is Agent in Role::"agent", action == Action::"shop.refund", resource)
when { resource.case.process == "refunds" && resource.facts.known }
when { resource.facts.times < 2 }
when { resource.action.amount == resource.facts.paid };

@id("note.alone")
@reason("fixed notes to known people")
@when1("the process is refunds")
@when2("the recipient is known and the values fit")
permit (principal is Agent in Role::"agent", action == Action::"post.note", resource)
when { resource.case.process == "refunds" }
when { resource.facts.recipient_known && resource.facts.values_fit };
"""
LIMITS = """\
id,action,role,currency,limit,reason
refund.clerk,shop.refund,clerk,EUR,100.00,A clerk may refund up to 100
refund.boss,shop.refund,boss,EUR,"1,000.00",A boss may refund up to 1000
"""
AUTONOMY = """\
id,action,currency,limit,customer_year,process_day
refund.alone.eur,shop.refund,EUR,20.00,50.00,
refund.alone.usd,shop.refund,USD,25.00,,
"""
TEXTS = {"shared.cedar": SHARED, "refunds.cedar": REFUNDS, "tables/limits.csv": LIMITS, "tables/autonomy.csv": AUTONOMY}

CLERK = Person(id="cleo", name="Cleo", department="desk", roles=frozenset({"clerk"}), email="cleo@example.com")
BOSS = Person(id="bo", name="Bo", department="desk", roles=frozenset({"boss"}), email="bo@example.com")
STAFF = (CLERK, BOSS)
AGENT = Actor(kind="agent", id="refunds-agent")


def bundle(**texts: str) -> Bundle:
    """The company's bundle, some texts replaced (`refunds_cedar="..."`) or left out (`limits_csv=""`)."""
    names = {name.rpartition("/")[2].replace(".", "_"): name for name in TEXTS}
    given = {names.get(key, key.replace("_cedar", ".cedar")): text for key, text in texts.items()}
    return Bundle(texts={name: text for name, text in (TEXTS | given).items() if text})


def policies(**texts: str) -> Policies:
    """The company's policies."""
    return Policies(bundle(**texts), EFFECTS)


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    """An amount as a proposal carries it."""
    return {"amount": amount, "currency": currency}


def refund(amount: str = "20.00", currency: str = "EUR", *, facts: dict[str, Any] | None = None, **other: Any) -> Proposal:
    """A refund that goes through alone, unless something is said otherwise."""
    known = {"known": True, "paid": money(amount, currency), "times": 0} | (facts or {})
    told = {
        "case": "RE-1", "process": "refunds", "stage": "desk", "step": "RE-1/1/0", "action": "shop.refund", "resource": "Refund",
        "arguments": {"order": "O-1", "amount": money(amount, currency), "note": None}, "facts": known,
        "trust": Trust(grounded=True, disputed=False, confidence=0.9, instruction_like_text=False),
        "spent": {"customer_year": amount, "process_day": amount}, "proposer": AGENT,
    }  # fmt: skip
    return Proposal.model_validate(told | other)
