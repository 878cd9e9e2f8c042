"""Who a customer is, for whoever looks at everything about them."""

from activities.systems import crm
from baton.governance.declare import knows_customers
from baton.types.customers import KnownCustomer


@knows_customers()
async def known(customer: str) -> KnownCustomer | None:
    """The customer as the CRM holds them."""
    found = await crm().customer(customer)
    return KnownCustomer(name=found.name, email=found.email, tier=found.tier, active=found.active) if found else None
