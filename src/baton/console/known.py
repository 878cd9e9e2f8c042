"""What the company's own systems know of a customer: each is asked at once, and one that is down holds nobody up."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import NamedTuple

from baton.governance.declare import KnowsCustomers
from baton.types.customers import KnownCustomer

_PATIENCE = 3.0
"""Seconds that a page waits for a system."""
_log = logging.getLogger(__name__)


class Known(NamedTuple):
    """What the systems said, put together."""

    customer: KnownCustomer | None
    """None where no system that answered knows them."""
    silent: tuple[str, ...]
    """Systems that did not answer."""


def systems() -> tuple[KnowsCustomers, ...]:
    """Every system of the project whose folder says what it knows of customers, by name."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("activities.")]
    items = (item for module in modules for item in vars(module).values())
    marks = (getattr(item, "__baton_customers__", None) for item in items if callable(item))
    return tuple(sorted({one for one in marks if isinstance(one, KnowsCustomers)}, key=lambda one: one.name))


async def known_of(asked: Sequence[KnowsCustomers], customer: str) -> Known:
    """Ask them all."""
    said = await asyncio.gather(*(_ask(one, customer) for one in asked), return_exceptions=True)
    silent = tuple(one.name for one, answer in zip(asked, said, strict=True) if isinstance(answer, BaseException))
    found = [answer for answer in said if isinstance(answer, KnownCustomer)]
    return Known(_together(found) if found else None, silent)


async def _ask(one: KnowsCustomers, customer: str) -> KnownCustomer | None:
    try:
        return await asyncio.wait_for(one.ask(customer), _PATIENCE)
    except Exception as trouble:
        _log.warning("customer:silent system=%s error=%s", one.name, type(trouble).__name__)
        raise


def _together(found: Sequence[KnownCustomer]) -> KnownCustomer:
    """Who they are is said by whichever system says most of it; what they bought, by each."""
    first = max(found, key=lambda one: sum(bool(said) for said in (one.email, one.tier, one.name)))
    bought = sorted((thing for one in found for thing in one.bought), key=lambda thing: (thing.on, thing.number), reverse=True)
    return first.model_copy(update={"bought": tuple(bought)})
