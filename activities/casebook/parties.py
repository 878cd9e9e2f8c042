"""Who an address belongs to: customers, suppliers, colleagues, whatever system keeps them.

A file `activities/<system>/parties.py` may hold `async def party(address)`: a new system makes its people known by a new file.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeAlias

import activities
from activities.casebook.book import casebook
from activities.casebook.models import KnownAs
from activities.systems import crm, erp
from baton.cases import store
from baton.types.frozen import Frozen


class Party(Frozen):
    """Somebody whose address is on file."""

    known_as: KnownAs
    name: str
    customer: str | None = None
    tier: str = "standard"


Asks: TypeAlias = Callable[[str], Awaitable[Party | None]]


async def party_of(address: str) -> Party | None:
    """Whose address this is; customers come first. None for a stranger."""
    if not address:
        return None
    for asks in (_customer, _supplier, _colleague, *_others()):
        if found := await asks(address):
            return found
    return None


async def _customer(address: str) -> Party | None:
    found = await crm().customer_by_address(address)
    return Party(known_as="customer", name=found.name, customer=found.id, tier=found.tier) if found else None


async def _supplier(address: str) -> Party | None:
    found = await erp().supplier_by_address(address)
    return Party(known_as="supplier", name=found.name) if found else None


async def _colleague(address: str) -> Party | None:
    with casebook().database.read() as connection:
        found = next((one for one in store.people(connection) if one.email.lower() == address.lower()), None)
    return Party(known_as="colleague", name=found.name) if found else None


@cache
def _others() -> tuple[Asks, ...]:
    systems = sorted(found.name for found in pkgutil.iter_modules(activities.__path__) if found.ispkg)
    named = [f"activities.{system}.parties" for system in systems if system != "casebook"]
    return tuple(importlib.import_module(name).party for name in named if importlib.util.find_spec(name))
