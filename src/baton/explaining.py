"""One page that a claims handler and an auditor both understand, made from the record alone and without a model."""

from collections.abc import Iterator, Mapping
from typing import Any

from baton.cases import store as cases
from baton.errors import BatonError
from baton.governance.engine import Engine
from baton.governance.policy.engine import policies_of
from baton.governance.policy.changes import spoken
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
    return page.of_step(row) if row and row.step else page.of_case()


def _case(connection: Any, id: CaseId, name: str) -> Case:
    try:
        return cases.case(connection, id)
    except cases.NoCase as error:
        raise NothingToExplain(f"there is no case or decision `{name}`: `baton cases` lists cases") from error


class _Page:
    def __init__(
        self, engine: Engine, case: Case, rows: list[Decision], documents: Mapping[str, str], people: Mapping[str, str]
    ) -> None:
        self._engine, self._case, self._rows = engine, case, rows
        self._documents, self._people = documents, people

    def of_case(self) -> Explanation:
        """The whole case: what was read once, then every step that judged something."""
        steps = list(dict.fromkeys(row.step for row in self._rows if row.kind == "verdict" and row.step))
        sections = [self._asked(), *self._read()]
        for step in steps:
            sections += self._step([row for row in self._rows if row.step == step], brief=True)
        return Explanation(title=f"Case {self._case.id}: {self._case.subject}", summary=self._summary(), sections=tuple(sections))

    def of_step(self, row: Decision) -> Explanation:
        """One decision, with everything that belongs to its step."""
        step = [
            other
            for other in self._rows
            if other.step and row.step and other.step.rpartition("/")[0] == row.step.rpartition("/")[0]
        ]
        sections = [*self._read(), *self._step(step, brief=False)]
        return Explanation(title=f"Decision {row.id} in case {self._case.id}", summary=self._summary(), sections=tuple(sections))

    def _summary(self) -> str:
        outcome = self._case.outcome
        ended = f"ended with: {outcome.result}. {outcome.words}" if outcome else f"is {self._case.status} with {self._case.stage}"
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

    def _step(self, rows: list[Decision], *, brief: bool) -> Iterator[Section]:
        for row in rows:
            match row.kind:
                case "verdict":
                    yield self._verdict(row, brief)
                case "answer":
                    yield self._answer(row)
                case "effect" | "undo":
                    yield self._effect(row)
                case _:
                    continue

    def _verdict(self, row: Decision, brief: bool) -> Section:
        proposal = Proposal.model_validate(row.private["proposal"]) if "proposal" in row.private else None
        lines = [_OUTCOMES.get(row.outcome, row.outcome) + f" (rules: {', '.join(row.rules) or 'none matched'})"]
        if proposal:
            lines.append(
                "proposed: " + ", ".join(f"{_words(name)} {_value(value)}" for name, value in proposal.arguments.items())
            )
            if not brief or row.outcome != "autonomous":
                lines += [f"the records say: {_words(name)}: {_value(value)}" for name, value in proposal.facts.items()]
        lines += [f"did not hold: {clause.words} ({clause.policy})" for clause in row.failed]
        if proposal and row.failed and row.outcome != "approved":
            lines += self._would_change(row, proposal)
        if "objection" in row.detail:
            lines.append(f"the approval did not stand: {row.detail['objection']}")
        lines.append(f"policy version {str(row.bundle)[:12]}, recorded as {row.id} at {row.at:%H:%M:%S} UTC by {self._by(row)}")
        return Section(title=f"Step {str(row.step).split('/')[1]}: {row.action}", lines=tuple(lines))

    def _would_change(self, row: Decision, proposal: Proposal) -> list[str]:
        with self._engine.database.read() as connection:
            bundle = self._engine.bundle(connection, row.bundle) if row.bundle else None
            staff = self._engine.staff(connection, str(row.detail["staff"])) if "staff" in row.detail else ()
        if bundle is None:
            return []
        changes = policies_of(bundle.to_json()).would_change(proposal, staff)
        return [f"alone if: {'; '.join(map(str, change.needs)) or change.clause.words}" for change in changes]

    def _answer(self, row: Decision) -> Section:
        lines = [f"{self._by(row)} said {row.detail.get('says', row.outcome)}"]
        if row.outcome == "refused":
            lines.append(f"refused: {row.detail.get('refusal')}")
        if row.private.get("reason"):
            lines.append(f"reason: {row.private['reason']}")
        if row.private.get("changes"):
            lines.append("changed: " + _value(row.private["changes"]))
        lines.append(f"recorded as {row.id}, after {row.detail.get('seconds')} s")
        return Section(title="What a person said", lines=tuple(lines))

    def _effect(self, row: Decision) -> Section:
        done: dict[str, Any] = row.private.get("done") or {}  # type: ignore[assignment]  # a dumped `Done`
        lines = [f"{what}: {value}" for what, value in done.get("wrote", {}).items()] or [
            f"{row.outcome}: {row.detail.get('error', '')}"
        ]
        if done:
            lines.append(f"reference {done['reference']}, read back from the system")
        if row.kind == "effect" and row.outcome == "written":
            lines.append(self._undo_line(row))
        lines.append(f"recorded as {row.id}")
        return Section(title="What was written" if row.kind == "effect" else f"Undo: {row.outcome}", lines=tuple(lines))

    def _undo_line(self, row: Decision) -> str:
        if any(
            other.kind == "undo" and other.outcome == "undone" and other.links.get("undoes") == row.id for other in self._rows
        ):
            return "this was undone later"
        how = row.detail.get("undo")
        return "cannot be undone" if how == "none" else f"to undo ({how}): baton undo {row.id} --as PERSON --reason TEXT"

    def _by(self, row: Decision) -> str:
        name = self._people.get(row.by.id, row.by.id)
        return f"{name} ({', '.join(row.by.roles)})" if row.by.kind == "person" else f"agent {name}"


_OUTCOMES = {
    "autonomous": "The agent may do this alone",
    "needs_approval": "A person has to approve this",
    "forbidden": "Nobody may do this",
    "approved": "Done with a person's approval, after the records were looked at again",
}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, dict) and "currency" not in value:
        return ", ".join(f"{_words(key)} {_value(item)}" for key, item in value.items()) or "nothing"
    return "unknown" if value is None else spoken(value)


def _files(attachments: tuple[Any, ...]) -> str:
    return ", ".join(attachment.name for attachment in attachments) or "nothing attached"
