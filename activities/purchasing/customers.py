"""A supplier, seen as whom a case is about: what the company ordered there, and what it paid."""

from activities.purchasing.actions import place_order, release_payment
from activities.purchasing.order_ubl import totals_of
from activities.purchasing.port import Ordered, Purchasing
from activities.systems import system
from baton.governance.declare import knows_customers
from baton.types.customers import Bought, KnownCustomer
from baton.types.money import Money


@knows_customers(place_order, release_payment)
async def known(customer: str) -> KnownCustomer | None:
    """The supplier as purchasing holds them, with every order."""
    purchasing: Purchasing = system("purchasing")
    supplier = await purchasing.supplier(customer)
    if supplier is None:
        return None
    orders = tuple(_bought(one) for one in await purchasing.orders_of(customer))
    return KnownCustomer(name=supplier.name, email=supplier.email, tier="supplier", active=supplier.active, bought=orders)


def _bought(ordered: Ordered) -> Bought:
    names = [line.name for line in ordered.order.lines]
    more = {"category": ordered.category, "cost_centre": ordered.cost_centre, "state": ordered.state}
    return Bought(
        number=ordered.order.number,
        what=", ".join(names[:3]) + (f" (+{len(names) - 3})" if len(names) > 3 else ""),
        on=ordered.day,
        price=Money(amount=totals_of(ordered)[2], currency=ordered.order.currency),
        more={name: value for name, value in more.items() if value},
    )
