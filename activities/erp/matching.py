"""Whether what was read is what the records say. Pure; nothing here trusts a reading beyond comparing it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from pydantic import ValidationError
from rapidfuzz import fuzz

from activities.erp.models import OrderQuery
from activities.erp.port import OrderRecord
from baton.types.canonical import Json
from baton.types.money import Money

_SELLER: Final = 90
_PRODUCT: Final = 80
_CLEARLY: Final = 5
_LEGAL_FORMS: Final = {
    *("ag", "as", "bhd", "bv", "co", "company", "corp", "corporation", "eg", "enterprise", "gmbh", "inc", "kg", "limited", "llc"),
    *("llp", "ltd", "nv", "oy", "plc", "pte", "pty", "sa", "sarl", "sas", "sb", "sdn", "spa", "srl"),
}


def words(text: str) -> list[str]:
    """Lower-case words without accents or punctuation; `B.V.` and `S/B` are one word each."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    joined = re.sub(r"\b(\w)[./](?=\w\b)", r"\1", flat)
    return re.findall(r"\w+", joined)


def code(text: str) -> str:
    """A serial or receipt number without spaces, dashes and capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def same_seller(read: str | None, record: str) -> bool:
    """Whether two spellings name one seller, legal forms aside."""
    one, other = _seller(read or ""), _seller(record)
    return bool(one) and bool(other) and fuzz.ratio(one, other) >= _SELLER


def same_serial(read: str | None, record: str) -> bool:
    """Whether the serial read is the record's; a record without one fits any."""
    return not code(record) or code(read or "") == code(record)


def same_money(read: Money | None, record: Money) -> bool:
    """Whether amount and currency are equal."""
    return read is not None and read == record


def money_of(value: Json) -> Money | None:
    """Money as an agent read it, or None for what is no money."""
    try:
        return Money.model_validate(value) if isinstance(value, dict) else None
    except ValidationError:
        return None


def day_of(value: Json) -> date | None:
    """A date as an agent read it, or None for what is no date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def text_of(claim: Mapping[str, Json], name: str) -> str | None:
    """A text field as an agent read it, or None."""
    value = claim.get(name)
    return value if isinstance(value, str) and value.strip() else None


def the_one(query: OrderQuery, orders: Iterable[OrderRecord]) -> OrderRecord | None:
    """The order a customer speaks of: by serial, else by receipt number, else by product, date, price and seller.

    None when nothing fits or two orders fit alike.
    """
    own = list(orders)
    for asked, field in ((query.serial, "serial"), (query.receipt_number, "receipt_number")):
        exact = [order for order in own if code(asked or "") and code(getattr(order, field)) == code(asked or "")]
        if exact:
            return exact[0] if len(exact) == 1 else _best(query, exact, enough=1)
    return _best(query, own, enough=2) or _only_product(query, own)


def _seller(name: str) -> str:
    every = words(name)
    telling = [word for word in every if word not in _LEGAL_FORMS]
    return "".join(telling or every)


def _product(query: OrderQuery, order: OrderRecord) -> float:
    """How well the product's name fits: 0 to 100 by the words both hold, and more for the very same name."""
    asked, known = " ".join(words(query.product or "")), " ".join(words(order.product))
    if len(asked) < 4:  # a fragment fits everything
        return 0.0
    return max(fuzz.token_set_ratio(asked, known), fuzz.token_sort_ratio(asked, known)) + 10 * (asked == known)


def _fits(query: OrderQuery, order: OrderRecord) -> int:
    return sum(
        (
            _names(query, order),
            query.purchased == order.purchased,
            same_money(query.paid, order.paid),
            same_seller(query.seller, order.seller),
        )
    )


def _names(query: OrderQuery, order: OrderRecord) -> bool:
    return _product(query, order) >= _PRODUCT


def _best(query: OrderQuery, orders: list[OrderRecord], enough: int) -> OrderRecord | None:
    fitting = [order for order in orders if _fits(query, order) >= enough]
    if not fitting:
        return None
    most = max(_fits(query, order) for order in fitting)
    return _clearest(query, [order for order in fitting if _fits(query, order) == most])


def _clearest(query: OrderQuery, orders: list[OrderRecord]) -> OrderRecord | None:
    ranked = sorted(orders, key=lambda order: _product(query, order), reverse=True)
    if len(ranked) == 1 or _product(query, ranked[0]) - _product(query, ranked[1]) >= _CLEARLY:
        return ranked[0]
    return None


def _only_product(query: OrderQuery, orders: list[OrderRecord]) -> OrderRecord | None:
    """With neither date nor price to compare, the product's name is enough when it fits one order alone."""
    if query.purchased or query.paid:
        return None
    return _best(query, [order for order in orders if _names(query, order)], enough=1)
