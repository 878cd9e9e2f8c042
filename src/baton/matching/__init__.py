"""Three-way match: an order, what was received of it, and what its supplier bills, line by line. Pure."""

from baton.matching.beside import Beside, beside
from baton.matching.checks import price_of
from baton.matching.confirmed import differences
from baton.matching.faults import Fault, Kind
from baton.matching.match import Judged, LineMatch, Match, match
from baton.matching.papers import Billed, BilledLine, Order, OrderLine, Receipt, ReceiptLine, Supplier, Tolerances

__all__ = [
    "Beside",
    "Billed",
    "BilledLine",
    "Fault",
    "Judged",
    "Kind",
    "LineMatch",
    "Match",
    "Order",
    "OrderLine",
    "Receipt",
    "ReceiptLine",
    "Supplier",
    "Tolerances",
    "beside",
    "differences",
    "match",
    "price_of",
]
