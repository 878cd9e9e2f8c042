"""The words of decisions, with amounts and documents from the case store: what is sealed in the ledger stays sealed."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from baton.cases.tables import document, finding, reservation, task
from baton.console.auditwords import words_of
from baton.ledger.entry import parse
from baton.ledger.tables import entry
from baton.store.lookup import column, look_up
from baton.types.ids import StepKey, decision_id
from baton.types.money import Money

_PARTS = Decimal(10_000)
"""Reservations count in ten-thousandths of the currency."""
_ROWS = select(entry.c.position, entry.c.body).where(entry.c.position >= bindparam("start"), entry.c.position < bindparam("end"))
_ROWS = _ROWS.order_by(entry.c.position)
_PROMISED = select(reservation.c.step, reservation.c.amount, reservation.c.currency).where(
    reservation.c.step.in_(bindparam("steps", expanding=True)), reservation.c.currency != ""
)
_PROPOSED = select(task.c.body).where(task.c.id.in_(bindparam("ids", expanding=True)))
_FOUND = select(finding.c.id, finding.c.body).where(finding.c.id.in_(bindparam("ids", expanding=True)))
_FILED = select(document.c.case, document.c.id, document.c.body).where(document.c.case.in_(bindparam("cases", expanding=True)))


def rows_with_words(connection: Connection, start: int, most: int) -> list[tuple[int, str, set[str]]]:
    """The next rows of the ledger: position, id, and the words that each is found under."""
    found = look_up(connection, _ROWS, {"start": start, "end": start + most})
    rows = [(row.position, parse(bytes(row.body))) for row in found]
    amounts = amounts_of(connection, [said for _, said in rows])
    filed = _documents(connection, {said["case"] for _, said in rows if said["kind"] == "finding"})
    return [
        (
            position,
            said["id"],
            words_of(said, (money.amount for money in amounts.get(said["id"], ())), _filed(said, filed)),
        )
        for position, said in rows
    ]


def amounts_of(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[str, tuple[Money, ...]]:
    """What each row is about in money, by its id: promised, proposed to a person, or read in a document."""
    steps = {said["step"] for said in rows if said["step"]}
    promised, proposed = _promised(connection, steps), _proposed(connection, steps)
    read = _read(connection, [said["id"] for said in rows if said["kind"] == "finding"])
    found: dict[str, tuple[Money, ...]] = {}
    for said in rows:
        step = said["step"] or ""
        known = read.get(said["id"], ()) if said["kind"] == "finding" else promised.get(step, ()) + proposed.get(step, ())
        if known:
            found[said["id"]] = tuple(dict.fromkeys(known))
    return found


def _promised(connection: Connection, steps: Collection[str]) -> dict[str, tuple[Money, ...]]:
    if not steps:
        return {}
    rows = look_up(connection, _PROMISED, {"steps": list(steps)})
    return {row.step: (Money(amount=row.amount / _PARTS, currency=row.currency),) for row in rows}


def _proposed(connection: Connection, steps: Collection[str]) -> dict[str, tuple[Money, ...]]:
    """By the task that the step opened; an edit's own step says what it became."""
    found: dict[str, tuple[Money, ...]] = {}
    if not steps:
        return found
    ids = ["t-" + decision_id(StepKey(step), "task")[2:] for step in steps]
    for body in column(connection, _PROPOSED, {"ids": ids}):
        proposal = body.get("proposal") or {}
        if known := tuple(_monies(proposal.get("arguments"))):
            found[body["step"]] = known
    return found


def _read(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Money, ...]]:
    if not ids:
        return {}
    return {row.id: tuple(_monies(row.body.get("values"))) for row in look_up(connection, _FOUND, {"ids": list(ids)})}


def _monies(value: Any) -> Iterable[Money]:
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        yield Money(amount=Decimal(str(value["amount"])), currency=str(value["currency"]))
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _monies(item)


def _documents(connection: Connection, cases: set[str | None]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    if not (known := [one for one in cases if one]):
        return found
    for row in look_up(connection, _FILED, {"cases": known}):
        found.setdefault(row.case, []).append((row.id, str(row.body.get("name", ""))))
    return found


def _filed(said: dict[str, Any], documents: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """A reading is found by every document that its case had."""
    return documents.get(said["case"] or "", []) if said["kind"] == "finding" else []
