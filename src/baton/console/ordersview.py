"""The three papers of a purchase on its case page: order, receipts and bill side by side, with what differs."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from baton.matching.beside import Beside


def papers_of(handoffs: Sequence[dict[str, Any]]) -> tuple[Beside, ...]:
    """Every bill that the case's handoffs carry beside its order, the last first; nothing for a case without one."""
    found = {beside.bill: beside for beside in _found(handoffs)}
    return tuple(reversed(found.values()))


def _found(handoffs: Sequence[dict[str, Any]]) -> Iterator[Beside]:
    for row in handoffs:
        package = row.get("package")
        told = package.get("beside") if isinstance(package, dict) else None
        if told:
            try:
                yield Beside.model_validate(told)
            except ValidationError:  # a process may keep something else under this name
                continue
