"""What a customer bought, and what they were given for it."""

from datetime import timedelta

from activities.erp.actions import book_repair, give_goodwill, issue_gift_card, send_replacement
from activities.erp.port import OrderRecord
from activities.systems import erp
from baton.governance.declare import knows_customers
from baton.types.canonical import Json
from baton.types.customers import Bought, KnownCustomer


@knows_customers(issue_gift_card, give_goodwill, book_repair, send_replacement)
async def known(customer: str) -> KnownCustomer | None:
    """The customer's orders as the ERP holds them."""
    orders = await erp().orders_of(customer)
    return KnownCustomer(bought=tuple(_bought(order) for order in orders)) if orders else None


def _bought(order: OrderRecord) -> Bought:
    until = order.purchased + timedelta(days=order.warranty_days)
    more = {"serial": order.serial, "seller": order.seller, "receipt_number": order.receipt_number}
    said: dict[str, Json] = {name: value for name, value in more.items() if value}
    return Bought(
        number=order.number,
        what=order.product,
        on=order.purchased,
        price=order.paid,
        more=said | ({"warranty_until": until.isoformat()} if order.warranty_days else {}),
    )
