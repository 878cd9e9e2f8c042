"""What Baton wrote in Tryton, kept in Tryton: a tree of party categories below `Baton`, one branch a supplier.

Tryton holds no foreign references that are unique. Names of party categories are, below one parent, by a constraint of its
database: so an entry named by our reference stands once, whoever else writes at the same moment. Beside each entry stands the
next number of its supplier's branch; who decided on an older state of the branch finds the number taken and looks again.
An entry that is done is inactive, which takes it off Tryton's lists.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Final

from activities.purchasing.tryton.rpc import Client, Domain, Meanwhile, Record, TrytonRefuses
from baton.types.frozen import Frozen

_MODEL: Final = "party.category"
_ROOT: Final = "Baton"
_PIECE: Final = 400
"""Characters a category holds of an entry's text: PostgreSQL indexes names, and no long ones."""
_FIELDS: Final = ("name", "active", "parent", "parent.name", "childs.name", "childs.active")


class Body(Frozen):
    """What an entry says."""

    kind: str
    reference: str
    order_no: str = ""
    detail: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    case: str
    action: dict[str, Any]
    document: str = ""
    order: str = ""
    by: str = ""
    requester: str = ""
    day: date


class Entry(Body):
    """One entry of the register."""

    id: int
    key: str
    supplier: str
    branch: int
    finished: bool
    undone_by: str = ""
    taken_back: bool = False

    @property
    def standing(self) -> bool:
        """Whether it was not undone."""
        return not self.undone_by

    @property
    def number(self) -> int:
        """Id of the document in Tryton that it is about."""
        return int(self.document.partition(",")[2] or 0)


class Register:
    """The entries, in the Tryton that they are about."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._branches: dict[str, int] = {}

    def find(self, key: str) -> Entry | None:
        """What stands under our reference."""
        return next(iter(self._entries([["name", "=", key]])), None)

    def by_reference(self, reference: str) -> Entry | None:
        """The entry that an effect reported as this."""
        return next(iter(self._entries([["childs.name", "=", f"ref {reference}"]])), None)

    def of_orders(self, numbers: Iterable[str]) -> list[Entry]:
        """Every entry about these orders."""
        named = [f"order {number}" for number in numbers]
        return self._entries([["childs.name", "in", named]]) if named else []

    def of_documents(self, model: str, ids: Iterable[int]) -> list[Entry]:
        """Every entry about these documents of Tryton."""
        named = [f"about {model},{id}" for id in ids]
        return self._entries([["childs.name", "in", named]]) if named else []

    def of_kind(self, kind: str, supplier: str | None = None) -> list[Entry]:
        """Every entry of one kind."""
        below = [["parent.name", "=", supplier]] if supplier is not None else []
        return self._entries([["childs.name", "=", f"kind {kind}"], *below])

    def next(self, supplier: str) -> int:
        """The number that the next entry about a supplier will have."""
        wanted = [["parent.name", "=", supplier], ["parent.parent", "=", self._root()], ["name", "like", "#%"]]
        found = self._client.call(f"model.{_MODEL}.search_read", wanted, 0, 1, [["id", "DESC"]], ["name"], active_test=False)
        return int(found[0]["name"][1:]) + 1 if found else 1

    def claim(self, supplier: str, number: int, key: str, body: Body) -> Entry:
        """Write an entry. Raises `Meanwhile` when another stands under this key, or was written since `number` was told."""
        branch = self._branch(supplier)
        told = json.dumps(body.model_dump(mode="json"), sort_keys=True)
        pieces = [f"{place // _PIECE:04d} {told[place : place + _PIECE]}." for place in range(0, len(told), _PIECE)]
        names = [f"kind {body.kind}", f"ref {body.reference}", *pieces]
        names += [f"about {body.document}"] if body.document else []
        names += [f"order {body.order}"] if body.order else []
        entry = {"name": key, "parent": branch, "childs": [["create", [{"name": name} for name in names]]]}
        id, _ = self._append([entry, {"name": f"#{number}", "parent": branch}])
        return Entry(**dict(body), id=id, key=key, supplier=supplier, branch=branch, finished=False)

    def finish(self, entry: Entry) -> Entry:
        """Mark an entry as done."""
        open_parts = ["OR", ["parent", "=", entry.id], [["parent", "=", entry.branch], ["name", "like", "#%"]]]
        parts = [row["id"] for row in self._client.search(_MODEL, open_parts, ["id"])]
        self._client.write(_MODEL, [entry.id, *parts], {"active": False})
        return entry.model_copy(update={"finished": True})

    def undo(self, entry: Entry, number: int, key: str) -> Entry:
        """Mark an entry as undone, once. Raises `Meanwhile`."""
        undone = [{"name": "undone", "parent": entry.id}, {"name": f"undone by {key}", "parent": entry.id}]
        self._append([*undone, {"name": f"#{number}", "parent": entry.branch}])
        return entry.model_copy(update={"undone_by": key})

    def _append(self, records: Sequence[Record]) -> list[int]:
        try:
            return self._client.create(_MODEL, *records)
        except TrytonRefuses as error:
            if "unique" not in str(error):
                raise
            raise Meanwhile(str(error)) from error

    def _branch(self, supplier: str) -> int:
        if supplier not in self._branches:
            self._branches[supplier] = self._below(self._root(), supplier)
        return self._branches[supplier]

    def _root(self) -> int:
        if _ROOT not in self._branches:
            self._branches[_ROOT] = self._below(None, _ROOT)
        return self._branches[_ROOT]

    def _below(self, parent: int | None, name: str) -> int:
        wanted = [["name", "=", name], ["parent", "=", parent]]
        found = self._client.search(_MODEL, wanted, ["id"], hidden=True)
        if not found:
            with suppress(Meanwhile):  # another made it first
                self._append([{"name": name, "parent": parent}])
            found = self._client.search(_MODEL, wanted, ["id"], hidden=True)
        return int(found[0]["id"])

    def _entries(self, domain: Domain) -> list[Entry]:
        ours = ["parent.parent", "=", self._root()]
        found = self._client.search(_MODEL, [*domain, ours], _FIELDS, hidden=True)
        return [_entry(one) for one in found]


def _entry(row: Record) -> Entry:
    parts = row["childs."]
    names = [part["name"] for part in parts]
    pieces = sorted(name for name in names if name[:4].isdigit())
    body = json.loads("".join(piece[5:-1] for piece in pieces))
    undone = next((name.removeprefix("undone by ") for name in names if name.startswith("undone by ")), "")
    return Entry(
        **body,
        id=row["id"],
        key=row["name"],
        supplier=row["parent."]["name"],
        branch=row["parent"],
        finished=not row["active"],
        undone_by=undone,
        taken_back=any(part["name"] == "undone" and not part["active"] for part in parts),
    )
