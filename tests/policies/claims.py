"""The company's own policies for warranty claims, on the activities as they are declared."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import activities
from baton.governance.declare import Declaration
from baton.governance.policy import Bundle, Policies
from baton.types.findings import Trust
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal

FOLDER = Path(__file__).parents[2] / "policies"


def effects() -> list[Declaration]:
    """Every effect of the company."""
    modules = [import_module(f"activities.{found.name}") for found in iter_modules(activities.__path__) if found.ispkg]
    modules += [import_module(f"{one.__name__}.actions") for one in modules if find_spec(f"{one.__name__}.actions")]
    found = {id(one): one for module in modules for item in vars(module).values() if (one := getattr(item, "__baton__", None))}
    return [declared for declared in found.values() if isinstance(declared, Declaration) and declared.kind == "effect"]


POLICIES = Policies(Bundle.load(FOLDER), effects())
HANDLER, MANAGER, DIRECTOR = (
    Person(id=role, name=role, department="claims", roles=frozenset({role}), email="x@example.com")
    for role in ("claims-handler", "claims-manager", "finance-director")
)
STAFF = (HANDLER, MANAGER, DIRECTOR)
FACTS: dict[str, Any] = {
    "order_known": True, "order_is_customers": True, "customer_active": True, "days_since_purchase": 30, "warranty_days": 730,
    "in_warranty": True, "receipt_on_file": True, "price_matches": True, "date_matches": True, "seller_matches": True,
    "serial_matches": True, "remedies_before": 0, "other_open_claims": 0, "photo_used_before": False, "repairable": True,
    "in_stock": 1, "repair_centre": "North", "supplier": "S", "supplier_recovers": True, "remedy_given": False,
}  # fmt: skip
SURE = Trust(grounded=True, disputed=False, confidence=0.95, instruction_like_text=False)


def gift_card(amount: str, *, paid: str | None = None, currency: str = "EUR", trust: Trust = SURE, **facts: Any) -> Proposal:
    """A gift card for what was paid, beyond doubt, unless something is said otherwise."""
    worth, value = {"amount": amount, "currency": currency}, {"amount": paid or amount, "currency": currency}
    return Proposal(
        case="WC-1", process="warranty_claim", stage="claims", step="WC-1/1/0", action="erp.issue_gift_card", resource="GiftCard",
        arguments={"order": "SO-1", "amount": worth},
        facts=FACTS | {"paid": value, "cost": worth, "recoverable": value} | facts,
        trust=trust, spent={"customer_year": amount, "process_day": amount}, proposer=Actor(kind="agent", id="claims"),
    )  # fmt: skip
