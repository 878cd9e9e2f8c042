"""Ledger entries in great number: each kind of row is spelled once by the ledger itself, and then cast for every case."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from baton.ledger import entry, sealing
from baton.ledger.entry import Entry, Indexed, Key
from baton.ledger.note import encode
from baton.types.canonical import spell
from baton.types.decisions import Decision
from baton.types.ids import StepKey, decision_id

NUMBER: Final = 987_654_321
AMOUNT: Final = "987.65"
CUSTOMER: Final = "C-7654321"
AT: Final = datetime(1987, 6, 5, 4, 3, 2, 1, tzinfo=UTC)


class Cast(NamedTuple):
    """What differs between two cases."""

    number: int
    amount: str
    customer: str
    opened: datetime
    key: Key


class Mould:
    """One row of the ledger, with holes."""

    def __init__(self, prefix: str, made: Decision, steps: Sequence[tuple[str, str]]) -> None:
        """`steps`: the steps and kinds whose ids stand in the row, its own first."""
        self._prefix, self._made, self._steps = prefix, made, steps
        bare = made.model_copy(update={"private": {}})
        self._private = spell(made.private) if made.private else b""
        said = entry.parse(entry.write(bare, None).body)
        if made.private:
            said["sealed"] = {"key": "@key@", "box": "@box@"}
        self._body = spell(said)
        self._after, self._at = made.at - AT, _spelt(made.at).encode()
        self._old = self._ids(NUMBER)

    def cast(self, one: Cast) -> Entry:
        """The row for one case."""
        ids = self._ids(one.number)
        at = _spelt(one.opened + self._after)
        body = self._filled(self._body, one, ids)
        body = body.replace(self._at, at.encode())
        if self._private:
            box = sealing.seal(one.key.secret, self._filled(self._private, one, ids), ids[0])
            body = body.replace(b"@box@", encode(box).encode()).replace(b"@key@", one.key.id.encode())
        case = f"{self._prefix}-{one.number}"
        step = f"{case}/{self._steps[0][0]}/0" if self._made.step else None
        return Entry(body, Indexed(ids[0], self._made.kind, case, step, self._made.action, self._made.outcome, at))

    def _ids(self, number: int) -> list[str]:
        return [_id(f"{self._prefix}-{number}/{step}/0", kind) for step, kind in self._steps]

    def _filled(self, text: bytes, one: Cast, ids: list[str]) -> bytes:
        for old, new in zip(self._old, ids, strict=True):
            text = text.replace(old[2:].encode(), new[2:].encode())
        text = text.replace(str(NUMBER).encode(), str(one.number).encode()).replace(CUSTOMER.encode(), one.customer.encode())
        return text.replace(AMOUNT.encode(), one.amount.encode())


@lru_cache(maxsize=64)
def _id(step: str, kind: str) -> str:
    return decision_id(StepKey(step), kind)


def _spelt(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
