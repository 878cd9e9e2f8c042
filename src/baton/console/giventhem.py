"""What was written for a customer, sorted: what they got, what they were told, and what else stands in their cases."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection

from baton.console.bench import Bench
from baton.console.wording import words
from baton.governance.proposing import title_of
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.verdicts import Proposal

_CODE = re.compile(r"`([a-z]+(?:_[a-z]+)*)`")
_MOST = 300
"""Rows of the ledger: the newest effects and undos of all their cases."""


class Given(Frozen):
    """One effect, with what became of it."""

    id: str
    """Its decision."""
    case: str
    at: datetime
    by: str
    who: Literal["agent", "person", "engine", "integration"]
    action: str
    title: str
    wrote: str
    """What stands in the system of record, in its words."""
    to: str = ""
    """For a letter: its address."""
    undone: datetime | None = None
    undo: str = ""
    """The decision that took it back."""


class Written(NamedTuple):
    """All of it, the newest first."""

    given: tuple[Given, ...]
    beside: tuple[Given, ...]
    sent: tuple[Given, ...]
    more: bool
    """Whether there is more than was looked through."""


def given(bench: Bench, connection: Connection, cases: Sequence[Any]) -> Written:
    """What was written in these cases and, where it was taken back, when; two questions, however many cases."""
    ledger = bench.engine.ledger
    rows = ledger.of_cases(cases, ("effect", "undo"), _MOST, connection)
    undone = {row.links.get("undoes", ""): row for row in rows if row.kind == "undo" and row.outcome == "undone"}
    done = [row for row in rows if row.kind == "effect" and row.outcome == "written"]
    verdicts = ledger.these([link for row in done if (link := row.links.get("verdict"))], connection)
    found = [_given(bench, row, verdicts, undone.get(row.id)) for row in done]
    gives = frozenset(name for system in bench.systems for name in system.gives)
    return Written(
        given=tuple(one for one in found if not one.to and one.action in gives),
        beside=tuple(one for one in found if not one.to and one.action not in gives),
        sent=tuple(one for one in found if one.to),
        more=len(rows) == _MOST,
    )


def _given(bench: Bench, row: Decision, verdicts: Mapping[str, Decision], undo: Decision | None) -> Given:
    private: dict[str, Any] = row.private  # empty once its person was erased
    done: dict[str, Any] = private.get("done") or {}
    return Given(
        id=row.id,
        case=row.case or "",
        at=row.at,
        by=row.by.id,
        who=row.by.kind,
        action=row.action,
        title=str(done.get("subject") or "") or _title(bench, row, verdicts.get(row.links.get("verdict", ""))),
        wrote=", ".join(f"{what}: {value}" for what, value in (done.get("wrote") or {}).items()),
        to=str(done.get("recipient") or ""),
        undone=undo.at if undo else None,
        undo=undo.id if undo else "",
    )


def _title(bench: Bench, row: Decision, verdict: Decision | None) -> str:
    """The proposal in one sentence, as it was judged; the action's name once its person was erased."""
    declared = bench.engine.declarations.get(row.action)
    if verdict is None or declared is None or not declared.says or "proposal" not in verdict.private:
        return words(row.action.partition(".")[2])
    proposal = Proposal.model_validate(verdict.private["proposal"])
    try:
        title = title_of(declared, declared.action.model_validate(proposal.arguments))
    except ValueError:  # the action's model has changed since
        return words(row.action.partition(".")[2])
    return _CODE.sub(lambda code: f"“{words(code[1])}”", title)
