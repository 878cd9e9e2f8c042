"""The sets of labelled documents: one module each, found by its `NAME`."""

import importlib
import pkgutil
from functools import cache
from typing import Any


@cache
def sets() -> dict[str, Any]:
    """Every set by its name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}
