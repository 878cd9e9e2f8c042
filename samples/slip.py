"""What a receipt says, before anybody decides how it looks."""

import zlib
from datetime import date, datetime, time
from decimal import Decimal

from baton.types.frozen import Frozen
from samples.records import Sale, Seller
from samples.story import Receipt
from samples.wording import printed_amount, printed_date


class Item(Frozen):
    """One line of a receipt."""

    name: str
    price: Decimal
    serial: str = ""


class Slip(Frozen):
    """A receipt in words and amounts."""

    seller: Seller
    number: str
    sold: datetime
    buyer: str
    currency: str
    items: tuple[Item, ...]
    hidden: str = ""

    @property
    def total(self) -> Decimal:
        """What the customer paid for everything on it, tax included."""
        return sum((item.price for item in self.items), Decimal(0))

    @property
    def net(self) -> Decimal:
        """The total without its value-added tax."""
        return (self.total * 100 / (100 + self.seller.vat_percent)).quantize(Decimal("0.01"))

    @property
    def date(self) -> str:
        """The day as this shop prints it."""
        return printed_date(self.sold.date(), self.seller.dates, self.seller.language)

    def money(self, amount: Decimal) -> str:
        """An amount as this shop prints it."""
        return printed_amount(amount, self.seller.language)


def slip_for(sale: Sale, buyer: str, spec: Receipt) -> Slip:
    """The receipt of a sale, with what the sample changes about it."""
    bought = Item(name=sale.product, price=sale.paid if spec.price is None else spec.price, serial=sale.serial)
    along = tuple(Item(name=name, price=price) for name, price in spec.extras)
    return Slip(
        seller=sale.seller,
        number=sale.receipt_number,
        sold=_at_the_till(sale.purchased, sale.order),
        buyer=buyer,
        currency=sale.currency,
        items=(bought, *along),
        hidden=spec.hidden,
    )


def _at_the_till(day: date, order: str) -> datetime:
    """Some minute of the shop's opening hours, always the same for one order."""
    minute = zlib.crc32(order.encode()) % (8 * 60)
    return datetime.combine(day, time(9 + minute // 60, minute % 60))
