"""What was written into the company's records: once under each permit's key, and undone at most once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from activities.company.parts import series
from activities.company.tables import counter, entry
from baton.errors import BatonError
from baton.governance.declare import NoPermit, Permit
from baton.types.actions import Action
from baton.types.canonical import canonical
from baton.types.money import Money

Written: TypeAlias = Row[Any]

SERIES: Final = {
    "gift_card": "GC",
    "goodwill": "GW",
    "repair": "RP",
    "replacement": "SH",
    "recall": "RC",
    "recovery": "CB",
    "defect": "DR",
    "claim": "CL",
    "closing": "CC",
    "decline": "DC",
}
"""Every kind of entry that the ERP and the CRM write, with the letters its references begin with."""
FIRST: Final = 1000
PHOTOS: Final = "photo"
REMEDIES: Final = ("gift_card", "goodwill", "repair", "replacement")


_BY_KEY: Final = select(entry).where(entry.c.key == bindparam("key"))
_HELD: Final = select(counter.c.value).where(counter.c.name == bindparam("series")).with_for_update()
_COUNT_ON: Final = update(counter).where(counter.c.name == bindparam("series")).values(value=bindparam("next"))
_INSERT: Final = insert(entry)


class AlreadyUndone(BatonError):
    """It was taken back before, under another decision."""


class TwoAlike(BatonError):
    """Two systems number their entries alike."""


class NothingToUndo(BatonError):
    """The records hold no such entry."""


@dataclass(frozen=True)
class Draft:
    """What is to be written."""

    kind: str
    action: Action
    order: str = ""
    amount: Money | None = None
    detail: str = ""


@cache
def letters() -> dict[str, str]:
    """The letters of every kind of entry. Raises `TwoAlike` where two systems would write one reference."""
    known = dict(SERIES)
    for kind, begin in series().items():
        if kind in known or begin in known.values():
            raise TwoAlike(
                f"the series `{kind}` (`{begin}-...`) is taken: give it another kind or other letters in its `records.py`"
            )
        known[kind] = begin
    return known


def next_number(connection: Connection, name: str) -> int:
    """The next number of a series. Who asks second waits for the first to commit, so numbers rise in order of commit."""
    held = _hold(connection, name)
    connection.execute(_COUNT_ON, {"series": name, "next": held + 1})
    return held + 1


def write_once(connection: Connection, draft: Draft, permit: Permit) -> bool:
    """Write under the permit's key; False when that was done before. Raises `NoPermit` for other arguments."""
    permit.covers(draft.action)
    _hold(connection, draft.kind)  # two writers under one key meet here, and the second finds the first's entry
    if find(connection, permit.key) is not None:
        return False
    number = next_number(connection, draft.kind)
    reference = f"{letters()[draft.kind]}-{FIRST + number}"
    connection.execute(_INSERT, _row(draft, number, reference, permit.key, permit.case))
    return True


def find(connection: Connection, key: str) -> Written | None:
    """What stands under a key."""
    return connection.execute(_BY_KEY, {"key": key}).first()


def to_undo(
    connection: Connection, reference: str, permit: Permit, actions: Mapping[str, type[Action]]
) -> tuple[Written, Action]:
    """The entry that `permit` may undo and the action it came from.

    Undoing needs a permit of its own: for the same arguments and case, under another decision.
    """
    kind = connection.scalar(select(entry.c.kind).where(entry.c.reference == reference))
    if kind is not None:
        _hold(connection, kind)
    found = connection.execute(select(entry).where(entry.c.reference == reference)).first()
    if found is None or found.kind not in actions:
        raise NothingToUndo(f"no entry `{reference}` in the company's records: check the reference")
    original = actions[found.kind].model_validate(json.loads(found.action))
    permit.covers(original)
    if permit.case != found.case_id or permit.key == found.key:
        raise NoPermit(f"undoing `{reference}` needs a permit of its own for case `{found.case_id}`: propose the undo")
    return found, original


def mark_undone(connection: Connection, found: Written, permit: Permit) -> bool:
    """Mark an entry as taken back; False when this permit did so before. Raises `AlreadyUndone`."""
    if found.undone_by == permit.key:
        return False
    if found.undone_by is not None:
        raise AlreadyUndone(f"`{found.reference}` was already taken back under `{found.undone_by}`: nothing is left to undo")
    marked = update(entry).where(entry.c.key == found.key).values(undone_by=permit.key, undone=datetime.now(UTC))
    connection.execute(marked)
    return True


def standing(*kinds: str) -> ColumnElement[bool]:
    """Entries of these kinds that were not taken back."""
    return entry.c.kind.in_(kinds) & entry.c.undone_by.is_(None)


def money(row: Written) -> Money:
    """The amount of an entry."""
    return Money(amount=row.amount if row.amount is not None else Decimal(0), currency=row.currency or "EUR")


def _hold(connection: Connection, name: str) -> int:
    """Lock a series until the transaction ends and tell its last number."""
    held = connection.scalar(_HELD, {"series": name})
    assert held is not None, f"series `{name}` was not set up"
    return int(held)


def _row(draft: Draft, number: int, reference: str, key: str, case: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": draft.kind,
        "position": number,
        "reference": reference,
        "case_id": case,
        "order_no": draft.order,
        "action": canonical(draft.action).decode(),
        "amount": draft.amount.amount if draft.amount else None,
        "currency": draft.amount.currency if draft.amount else None,
        "detail": draft.detail,
        "written": datetime.now(UTC),
    }
