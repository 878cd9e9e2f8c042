"""What single systems keep in the company's records beside what all share: found by looking, never listed.

A file `activities/<system>/records.py` may hold tables made with `activities.company.tables.records`, `SERIES` (kinds of
entry, with the letters their references begin with) and `seed(connection, folder)`, which fills its tables once.
"""

import importlib
import importlib.util
import pkgutil
from functools import cache
from types import ModuleType

import activities


@cache
def parts() -> tuple[ModuleType, ...]:
    """The records of every system that keeps any, in the order of their names."""
    systems = [found.name for found in pkgutil.iter_modules(activities.__path__) if found.ispkg]
    return tuple(module for module in map(_records_of, sorted(systems)) if module is not None)


@cache
def series() -> dict[str, str]:
    """Every kind of entry that a system adds, with the letters its references begin with."""
    return {kind: letters for module in parts() for kind, letters in getattr(module, "SERIES", {}).items()}


def _records_of(system: str) -> ModuleType | None:
    name = f"activities.{system}.records"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None
