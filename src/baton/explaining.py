"""One page that a claims handler and an auditor both understand, made from the record alone and without a model."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from baton.cases import store as cases
from baton.errors import BatonError
from baton.governance.engine import Engine
from baton.governance.policy.changes import Change, spoken
from baton.governance.policy.engine import policies_of
from baton.governance.proposing import title_of
from baton.types.cases import Case
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DecisionId
from baton.types.verdicts import Proposal


class NothingToExplain(BatonError):
    """Neither a case nor a decision has this name."""


class Section(Frozen):
    """One heading and what stands under it."""

    title: str
    lines: tuple[str, ...]


class Explanation(Frozen):
    """The page."""

    title: str
    summary: str
    sections: tuple[Section, ...]


def explain(engine: Engine, name: str) -> Explanation:
    """Explain a case (`WC-1001`) or one decision (`d-...`). Raises `NothingToExplain`."""
    row = engine.ledger.find(DecisionId(name)) if name.startswith("d-") else None
    case_id = row.case if row else CaseId(name)
    if case_id is None:
        raise NothingToExplain(f"decision `{name}` belongs to no case: `baton ledger proof {name} -o FILE` shows it whole")
    rows = engine.ledger.of_case(case_id)
    with engine.database.read() as connection:
        case = _case(connection, case_id, name)
        names: dict[str, str] = {document.id: document.name for document in cases.documents(connection, case_id)}
        people: dict[str, str] = {person.id: person.name for person in cases.people(connection)}
    page = _Page(engine, case, rows, names, people)
    if row is None:
        return page.of_case()
    return page.of_step(row) if row.step else page.of_row(row)


def told(
    engine: Engine,
    row: Decision,
    case: Case,
    rows: list[Decision],
    documents: Mapping[str, str],
    people: Mapping[str, str],
    changes: Mapping[str, Sequence[Change]],
) -> Explanation:
    """The same of one decision, for whoever has its case at hand and shows what was read and what the records say themselves.

    `changes`: what would have changed a verdict, by its id, where that is known already.
    """
    page = _Page(engine, case, rows, documents, people, changes)
    return page.of_step(row, alone=True) if row.step else page.of_row(row)


def _case(connection: Any, id: CaseId, name: str) -> Case:
    try:
        return cases.case(connection, id)
    except cases.NoCase as error:
        raise NothingToExplain(f"there is no case or decision `{name}`: `baton cases` lists cases") from error


class _Page:
    def __init__(
        self,
        engine: Engine,
        case: Case,
        rows: list[Decision],
        documents: Mapping[str, str],
        people: Mapping[str, str],
        changes: Mapping[str, Sequence[Change]] = MappingProxyType({}),
    ) -> None:
        self._engine, self._case, self._rows, self._changes = engine, case, rows, changes
        self._documents, self._people = documents, people

    def of_case(self) -> Explanation:
        """The whole case: what was read and what the records said once, then every step in a few lines."""
        steps = [step for step in self._steps() if any(row.kind in ("verdict", "undo") for row in step)]
        sections = [self._asked(), *self._read(), *self._facts(steps), *(self._brief(step) for step in steps)]
        return Explanation(title=f"Case {self._case.id}: {self._case.subject}", summary=self._summary(), sections=tuple(sections))

    def of_step(self, row: Decision, alone: bool = False) -> Explanation:
        """One decision, with everything that belongs to its step; `alone`, without what the step rests on."""
        step = next(step for step in self._steps() if any(other.id == row.id for other in step))
        rests_on = [] if alone else [*self._read(), *self._facts([step])]
        sections = [*rests_on, *self._whole(step)]
        return Explanation(title=f"Decision {row.id} in case {self._case.id}", summary=self._summary(), sections=tuple(sections))

    def of_row(self, row: Decision) -> Explanation:
        """A decision that belongs to no step: a handoff, a return, an escalation."""
        said = [f"{_words(name)}: {_value(value)}" for name, value in row.detail.items() if value not in (None, "")]
        lines = (f"{row.at:%d %B %Y, %H:%M:%S} UTC, by {self._by(row)}", *said)
        section = Section(title=f"{row.kind.title()}: {row.outcome}", lines=lines)
        title = f"Decision {row.id} in case {self._case.id}"
        return Explanation(title=title, summary=self._summary(), sections=(section,))

    def _steps(self) -> list[list[Decision]]:
        """The rows of each step, its revisions together."""
        numbers = dict.fromkeys(row.step.split("/")[1] for row in self._rows if row.step)
        return [[row for row in self._rows if row.step and row.step.split("/")[1] == number] for number in numbers]

    def _facts(self, steps: list[list[Decision]]) -> Iterator[Section]:
        """What the records said when the step with the most to weigh was judged last."""
        proposals = [(row, found) for step in steps for row in step if (found := _proposal(row))]
        if proposals:
            row, weighed = max(proposals, key=lambda pair: (len(pair[1].facts), pair[0].outcome != "autonomous", pair[0].at))
            facts = [f"{_words(name)}: {_value(value)}" for name, value in weighed.facts.items() if value != ""]
            yield Section(title=f"What the records say (for {row.action}, at {row.at:%H:%M:%S} UTC)", lines=tuple(facts))

    def _brief(self, step: list[Decision]) -> Section:
        first = next(row for row in step if row.kind in ("verdict", "undo"))
        lines = [line for row in step for line in self._lines(row, brief=True)]
        return Section(title=f"Step {str(first.step).split('/')[1]}: {self._title(first)}", lines=tuple(lines))

    def _whole(self, step: list[Decision]) -> Iterator[Section]:
        for row in step:
            if lines := list(self._lines(row, brief=False)):
                yield Section(
                    title=f"{row.kind.title()} {row.id}, {row.at:%d %B %Y, %H:%M:%S} UTC: {self._title(row)}", lines=tuple(lines)
                )

    def _title(self, row: Decision) -> str:
        proposal, declared = _proposal(row), self._engine.declarations.get(row.action)
        if proposal is None or declared is None or not declared.says:
            return row.action
        return title_of(declared, declared.action.model_validate(proposal.arguments))

    def _lines(self, row: Decision, *, brief: bool) -> Iterator[str]:
        match row.kind:
            case "verdict":
                yield from self._verdict(row, brief)
            case "answer":
                yield from self._answer(row)
            case "effect" | "undo":
                yield from self._effect(row)
            case _:
                return

    def _summary(self) -> str:
        outcome = self._case.outcome
        ended = (
            f"ended with: {outcome.result} ({outcome.words.rstrip('.')})."
            if outcome
            else f"is {self._case.status} with {self._case.stage}."
        )
        owner = self._people.get(self._case.owner or "", "nobody yet")
        return f"The case {ended} Its owner is {owner}. It was opened {self._case.opened:%d %B %Y, %H:%M} UTC."

    def _asked(self) -> Section:
        with self._engine.database.read() as connection:
            messages = cases.messages(connection, self._case.id)
        lines = [
            f"{message.received:%d %B %Y, %H:%M}: {message.subject or '(no subject)'}, with {_files(message.attachments)}"
            for message in messages
        ]
        problems = [f"not filed: {problem}" for message in messages for problem in message.problems]
        return Section(title="What the customer sent", lines=tuple(lines + problems))

    def _read(self) -> Iterator[Section]:
        found = [row for row in self._rows if row.kind == "finding"]
        lines = [line for row in found for line in self._fields(row)]
        if lines:
            yield Section(title="What was read, and where", lines=tuple(dict.fromkeys(lines)))

    def _fields(self, row: Decision) -> Iterator[str]:
        finding: dict[str, Any] = row.private.get("finding") or {}  # type: ignore[assignment]  # a dumped finding
        for field in finding.get("fields", ()):
            if field["agreement"] == "missing":
                yield f"{_words(field['name'])}: not found"
                continue
            where = self._where(field.get("evidence"))
            trust = (
                "two readings differ"
                if field["agreement"] == "disputed"
                else "confirmed"
                if field["confirmed"]
                else field["agreement"]
            )
            yield f"{_words(field['name'])}: {_value(field['value'])} ({where}; {trust})"
        for note in finding.get("notes", ()):
            yield f"note: {note}"
        if finding.get("instruction_like_text"):
            yield "note: a document tells the reader what to do; it was reported and not obeyed"

    def _where(self, evidence: dict[str, Any] | None) -> str:
        if evidence is None:
            return "no place in a document carries it"
        name = self._documents.get(evidence["document"], "a document")
        return f'"{evidence["text"][:80]}" on page {evidence["page"]} of {name}'

    def _verdict(self, row: Decision, brief: bool) -> Iterator[str]:
        proposal = _proposal(row)
        rules = ", ".join(row.rules) or "nothing matched"
        yield f"{_OUTCOMES.get(row.outcome, row.outcome)}: {rules} ({row.id}, policy {str(row.bundle)[:12]})"
        if "objection" in row.detail:
            yield f"the answer did not stand: {row.detail['objection']}"
        if row.outcome == "approved" and brief:
            return
        if proposal and not brief:
            yield "proposed: " + ", ".join(f"{_words(name)} {_value(value)}" for name, value in proposal.arguments.items())
        yield from (f"did not hold: {clause.words} ({clause.policy})" for clause in row.failed)
        if proposal and row.failed and row.outcome != "approved":
            yield from self._would_change(row, proposal)

    def _would_change(self, row: Decision, proposal: Proposal) -> list[str]:
        known = self._changes.get(row.id)
        changes = self._asked_again(row, proposal) if known is None else known
        return [f"alone if: {'; '.join(map(str, change.needs)) or change.clause.words}" for change in changes]

    def _asked_again(self, row: Decision, proposal: Proposal) -> Sequence[Change]:
        with self._engine.database.read() as connection:
            bundle = self._engine.bundle(connection, row.bundle) if row.bundle else None
            staff = self._engine.staff(connection, str(row.detail["staff"])) if "staff" in row.detail else ()
        return () if bundle is None else policies_of(bundle.to_json()).would_change(proposal, staff)

    def _answer(self, row: Decision) -> Iterator[str]:
        refused = f", refused: {row.detail.get('refusal')}" if row.outcome == "refused" else ""
        reason = f': "{row.private["reason"]}"' if row.private.get("reason") else ""
        yield f"{self._by(row)} said {row.detail.get('says', row.outcome)}{reason}{refused} ({row.id})"
        if row.private.get("changes"):
            yield "changed: " + _value(row.private["changes"])

    def _effect(self, row: Decision) -> Iterator[str]:
        done: dict[str, Any] = row.private.get("done") or {}  # type: ignore[assignment]  # a dumped `Done`
        wrote = ", ".join(f"{what}: {value}" for what, value in done.get("wrote", {}).items()) or done.get("reference", "")
        if row.kind == "undo":
            what = wrote or row.detail.get("refusal") or row.detail.get("how")
            yield f"undo {row.outcome} by {self._by(row)}: {what} ({row.id})"
            return
        error = f": {row.detail['error']}" if "error" in row.detail else ""
        yield f"{row.outcome} and read back: {wrote} ({row.id})" if done else f"{row.outcome}{error} ({row.id})"
        if row.outcome == "written":
            yield self._undo_line(row)

    def _undo_line(self, row: Decision) -> str:
        if any(
            other.kind == "undo" and other.outcome == "undone" and other.links.get("undoes") == row.id for other in self._rows
        ):
            return "this was undone later"
        how = row.detail.get("undo")
        return "cannot be undone" if how == "none" else f"to undo ({how}): baton undo {row.id} --as PERSON --reason TEXT"

    def _by(self, row: Decision) -> str:
        name = self._people.get(row.by.id, row.by.id)
        return f"{name} ({', '.join(row.by.roles)})" if row.by.kind == "person" else f"{row.by.kind} {name}"


_OUTCOMES = {
    "autonomous": "the agent may do this alone",
    "needs_approval": "a person has to approve this, and may by",
    "forbidden": "nobody may do this",
    "approved": "approved, after the records were looked at again, by",
}


def _proposal(row: Decision) -> Proposal | None:
    """What was judged, while its personal data is readable."""
    return Proposal.model_validate(row.private["proposal"]) if row.kind == "verdict" and "proposal" in row.private else None


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, dict) and "currency" not in value:
        return ", ".join(f"{_words(key)} {_value(item)}" for key, item in value.items()) or "nothing"
    return "unknown" if value is None else spoken(value)


def _files(attachments: tuple[Any, ...]) -> str:
    return ", ".join(attachment.name for attachment in attachments) or "nothing attached"
