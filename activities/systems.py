"""The systems of record by name: `erp()`, `crm()`, `mail()`, `system("any other")`, each one adapter, chosen by setting.

`BATON_ERP=sandbox` means the file `activities/erp/sandbox.py`, whose `adapter()` opens it: a new adapter is a new file.
"""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from baton.errors import BatonError

if TYPE_CHECKING:  # a system's own code asks here for its adapter, so nothing of a system is loaded from here
    from activities.crm.port import Crm
    from activities.erp.port import Erp
    from activities.mail.port import Mail

_opened: Final[dict[str, Any]] = {}
_opening: Final = RLock()  # one system may stand on another, as signing does on mail


class NoAdapter(BatonError):
    """A system of record has no adapter of the name in its setting."""


def erp() -> "Erp":
    """The ERP of this process (`BATON_ERP`, default `sandbox`)."""
    return system("erp")  # type: ignore[no-any-return]  # chosen by name at run time


def crm() -> "Crm":
    """The CRM of this process (`BATON_CRM`, default `sandbox`)."""
    return system("crm")  # type: ignore[no-any-return]  # chosen by name at run time


def mail() -> "Mail":
    """Outgoing mail of this process (`BATON_MAIL`, default `sandbox`)."""
    return system("mail")  # type: ignore[no-any-return]  # chosen by name at run time


def system(name: str) -> Any:
    """Any system by its folder's name: `system("signing")` is `BATON_SIGNING`, default `sandbox`."""
    if name not in _opened:
        with _opening:
            if name not in _opened:
                _opened[name] = _open(name)
    return _opened[name]


@contextmanager
def use(**given: Any) -> Iterator[None]:
    """Put other adapters in place for the whole process while the block runs, by system: `use(erp=mine)`; the rest stays."""
    before = dict(_opened)
    _opened.update({name: adapter for name, adapter in given.items() if adapter is not None})
    try:
        yield
    finally:
        _opened.clear()
        _opened.update(before)


def forget() -> None:
    """Open every system afresh at its next use, for instance after a setting changed."""
    _opened.clear()


def _open(name: str) -> Any:
    chosen = os.environ.get(f"BATON_{name.upper()}", "sandbox")
    try:
        module = importlib.import_module(f"activities.{name}.{chosen}")
        return module.adapter()
    except (ModuleNotFoundError, AttributeError) as missing:
        raise NoAdapter(
            f"BATON_{name.upper()} names `{chosen}`, but `activities/{name}/{chosen}.py` has no `adapter()`: "
            "add it, or set the key to `sandbox`"
        ) from missing
