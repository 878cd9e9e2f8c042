"""What a customer agreed to, and what became of the contract."""

from activities.contracts.actions import agree_billing, archive, go_live, start_onboarding
from activities.contracts.port import Contracts, DealRecord
from activities.signing.actions import countersign, sign
from activities.systems import system
from baton.governance.declare import knows_customers
from baton.types.customers import Bought, KnownCustomer


@knows_customers(sign, countersign, archive, agree_billing, start_onboarding, go_live)
async def known(customer: str) -> KnownCustomer | None:
    """The customer's deals as the contract register holds them."""
    register: Contracts = system("contracts")
    deals = await register.deals_of(customer)
    return KnownCustomer(name=deals[0].party, bought=tuple(_bought(deal) for deal in deals)) if deals else None


def _bought(deal: DealRecord) -> Bought:
    more = {"starts": deal.starts.isoformat(), "months": str(deal.term_months), "payment_days": str(deal.payment_days)}
    return Bought(number=deal.number, what=deal.title, on=deal.agreed, price=deal.value, more={**more})
