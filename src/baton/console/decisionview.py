"""One decision as an auditor opens it: why, on which facts, by which rules of then, who approved, what came of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from baton.cases import store
from baton.cases.store import NoCase
from baton.console.access import viewable
from baton.console.bench import Bench
from baton.console.i18n import _
from baton.console.ledgerhead import opened
from baton.console.ruletext import RuleText, rules_of
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.staff import staff
from baton.console.told import Answered, Approver, Did, Fact, Place, Read, told_answer, told_effect
from baton.console.wording import said, words
from baton.explaining import Explanation, Section, told
from baton.governance.policy.changes import Change
from baton.governance.policy.engine import policies_of
from baton.governance.proposing import title_of
from baton.ledger import UnknownDecision, checkpoints
from baton.ledger.proofs import Inclusion
from baton.types.cases import Case
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId
from baton.types.people import Person
from baton.types.verdicts import Proposal, Verdict


class Record(Frozen):
    """Where the decision stands in the ledger, recomputed just now."""

    inclusion: Inclusion
    signed: int
    """How many entries the newest signed checkpoint covers."""
    key: str


class DecisionLook(Frozen):
    """Everything on the page of one decision."""

    row: Decision
    title: str
    case: Case | None
    names: dict[str, str]
    summary: str
    sections: tuple[Section, ...]
    verdict: Decision | None
    """The verdict of its step: its own, or the one that it followed from."""
    erased: bool
    facts: tuple[Fact, ...] = ()
    facts_from: str = ""
    fields: tuple[Read, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    rules: tuple[RuleText, ...] = ()
    changes: tuple[Change, ...] = ()
    again: bool | None = None
    """Whether it comes out the same under the policies and the staff of then; None where that cannot be asked."""
    approvers: tuple[Approver, ...] = ()
    answers: tuple[Answered, ...] = ()
    effects: tuple[Did, ...] = ()
    record: Record | None = None
    """None while the decision waits to enter the tree."""


def seen_by(connection: Connection, visitor: Visitor, id: str) -> Decision:
    """The decision, for auditors and for whoever may look at its case. Raises `UnknownDecision` or `NotAllowed`."""
    row = visitor.bench.engine.ledger.find(DecisionId(id), connection)
    if row is None:
        raise UnknownDecision(_("Nothing is on record under `%(id)s`.") % {"id": id})
    if not visitor.may("baton:audit"):
        if row.case is None:
            raise NotAllowed(_("This decision belongs to no case: only an auditor may look at it."))
        viewable(connection, visitor, row.case)
    return row


def look(visitor: Visitor, id: str) -> DecisionLook:
    """The decision with everything that belongs to its step."""
    bench = visitor.bench
    with visitor.reading() as connection:
        row = seen_by(connection, visitor, id)
        case = _case(connection, row)
        names = staff(connection).names
        rows = bench.engine.ledger.of_case(row.case, connection) if row.case else [row]
        documents: dict[str, str] = {one.id: one.name for one in store.documents(connection, case.id)} if case else {}
        record = _record(bench, connection, row)
    step = [one for one in rows if row.step and one.step and _number(one) == _number(row)] or [row]
    verdict = _verdict(row, step)
    judged = {} if verdict is None else _judged(visitor, verdict, names)
    known: dict[str, Sequence[Change]] = {verdict.id: judged["changes"]} if verdict and "changes" in judged else {}
    shown = _explained(row, names) if case is None else told(bench.engine, row, case, rows, documents, names, known)
    base = DecisionLook(
        row=row,
        title=_title(bench, row, verdict, names),
        case=case,
        names=names,
        summary=shown.summary,
        sections=shown.sections,
        verdict=verdict,
        erased=verdict is not None and "proposal" not in verdict.private,
        fields=tuple(_fields(rows, documents)) if row.step else (),
        answers=tuple(told_answer(one, names) for one in step if one.kind == "answer"),
        effects=tuple(told_effect(one, step, names) for one in step if one.kind in ("effect", "undo")),
        record=record,
    )
    return base.model_copy(update=judged)


def _case(connection: Connection, row: Decision) -> Case | None:
    try:
        return store.case(connection, row.case) if row.case else None
    except NoCase:
        return None


def _number(row: Decision) -> str:
    return str(row.step).split("/")[1]


def _verdict(row: Decision, step: Sequence[Decision]) -> Decision | None:
    if row.kind == "verdict":
        return row
    linked = next((one for one in step if one.id == row.links.get("verdict")), None)
    return linked or next((one for one in reversed(step) if one.kind == "verdict" and one.at <= row.at), None)


def _explained(row: Decision, names: dict[str, str]) -> Explanation:
    lines = [f"{words(name)}: {said(value)}" for name, value in row.detail.items() if value not in (None, "")]
    if asked := row.private.get("asked"):
        lines.append(_("Searched for: %(asked)s") % {"asked": asked})
    by = f"{names.get(row.by.id, row.by.id)} ({', '.join(row.by.roles) or row.by.kind})"
    section = Section(title=f"{words(row.kind)}: {row.outcome}", lines=(f"{row.at:%d %B %Y, %H:%M:%S} UTC, {by}", *lines))
    return Explanation(title=row.id, summary=_("This decision belongs to no case."), sections=(section,))


def _title(bench: Bench, row: Decision, verdict: Decision | None, names: dict[str, str]) -> str:
    proposal, declared = _proposal(verdict), bench.engine.declarations.get(row.action)
    if proposal is not None and declared is not None and declared.says:
        try:
            return title_of(declared, declared.action.model_validate(proposal.arguments))
        except ValueError:  # the action's model has changed since
            return words(row.action.partition(".")[2])
    if row.action.startswith("baton:"):
        return f"{names.get(row.by.id, row.by.id)}: {row.outcome} {row.detail.get('what', '')}"
    if row.kind == "stop":
        what = row.detail.get("process") or row.detail.get("agent") or _("everything")
        return f"{words(row.outcome)}: {what}"
    return words(row.action.partition(".")[2]) if row.action else f"{words(row.kind)}: {row.outcome}"


def _proposal(verdict: Decision | None) -> Proposal | None:
    if verdict is None or "proposal" not in verdict.private:
        return None
    return Proposal.model_validate(verdict.private["proposal"])


def _judged(visitor: Visitor, verdict: Decision, names: dict[str, str]) -> dict[str, Any]:
    """Rules, facts and changes of a verdict, under the policies of then."""
    bench, engine, proposal = visitor.bench, visitor.bench.engine, _proposal(verdict)
    with visitor.reading() as connection:
        bundle = engine.bundle(connection, verdict.bundle) if verdict.bundle else None
        staff = engine.staff(connection, str(verdict.detail["staff"])) if "staff" in verdict.detail else ()
    if bundle is None:
        return {}
    stored = bundle.to_json()
    texts = rules_of(stored)
    ids = dict.fromkeys((*verdict.rules, *(clause.policy for clause in verdict.failed)))
    found: dict[str, Any] = {"rules": tuple(texts[id] for id in ids if id in texts)}
    if proposal is None:
        return found
    policies = policies_of(stored)
    again = policies.judge(proposal, staff)
    found |= {
        "facts": tuple(_facts(bench, verdict, proposal)),
        "facts_from": _loader(bench, verdict.action),
        "arguments": tuple((words(name), said(value)) for name, value in proposal.arguments.items()),
        "again": _same(verdict, again),
        "approvers": tuple(_approvers(again, staff, names)),
    }
    return found | {"changes": policies.wanted_by(proposal, again.failed) if verdict.failed else ()}


def _same(verdict: Decision, again: Verdict) -> bool:
    """An answer that led to this verdict was a person's: then only what failed can come out the same."""
    if verdict.failed != again.failed:
        return False
    return "answer" in verdict.links or (verdict.outcome, verdict.rules) == (again.outcome, again.rules)


def _approvers(again: Verdict, staff: Sequence[Person], names: dict[str, str]) -> Iterator[Approver]:
    roles = {person.id: sorted(person.roles) for person in staff}
    for id in again.approvers:
        yield Approver(id=id, name=names.get(id, id), roles=tuple(roles.get(id, ())))


def _facts(bench: Bench, verdict: Decision, proposal: Proposal) -> Iterator[Fact]:
    declared = bench.engine.declarations.get(verdict.action)
    meant = declared.facts_type.model_fields if declared and declared.facts else {}
    cited = {cite.removeprefix("facts.").split(".")[0]: clause for clause in verdict.failed for cite in clause.cites}
    for name, value in proposal.facts.items():
        clause = cited.get(name)
        meaning = (meant[name].description or "") if name in meant else ""
        yield Fact(label=words(name), value=said(value), meaning=meaning, failed=clause.words if clause else "")


def _loader(bench: Bench, action: str) -> str:
    """Which code asked which system, as in `erp: gift_card_facts`."""
    declared = bench.engine.declarations.get(action)
    if declared is None or declared.facts is None:
        return ""
    return f"{declared.facts.__module__.removeprefix('activities.')}.{declared.facts.__name__}"


def _fields(rows: Sequence[Decision], documents: dict[str, str]) -> Iterator[Read]:
    """What was read last into each form."""
    latest: dict[str, tuple[Decision, dict[str, Any]]] = {}
    for row in rows:
        finding: Any = row.private.get("finding")
        if row.kind == "finding" and isinstance(finding, dict):
            latest[row.action] = (row, finding)
    for row, finding in latest.values():
        for field in finding.get("fields", ()):
            if field["agreement"] != "missing":
                yield Read(
                    label=words(field["name"]),
                    value=said(field["value"]),
                    trust=_("confirmed by the records") if field["confirmed"] else words(field["agreement"]),
                    disputed=field["agreement"] == "disputed",
                    place=_place(field.get("evidence"), documents),
                    readers=tuple(f"{one['reader']}: {said(one['value'])}" for one in field.get("readings", ())),
                    finding=row.id,
                )


def _place(evidence: dict[str, Any] | None, documents: dict[str, str]) -> Place | None:
    if evidence is None:
        return None
    name = documents.get(evidence["document"], "")
    quote = " ".join(str(evidence["text"]).split())[:120]
    return Place(document=evidence["document"], name=name, page=evidence["page"], quote=quote)


def _record(bench: Bench, connection: Connection, row: Decision) -> Record | None:
    ledger = bench.engine.ledger
    try:
        inclusion = ledger.inclusion(row.id, connection)
    except UnknownDecision:
        return None
    note = _newest_note(connection)
    key = str(ledger.keys.verifier)
    return Record(inclusion=inclusion, signed=opened(note, key).size if note else 0, key=key)


def newest_note(bench: Bench) -> str:
    """The newest signed checkpoint; empty before the first."""
    with bench.database.read() as connection:
        return _newest_note(connection)


def _newest_note(connection: Connection) -> str:
    found = checkpoints.last(connection)
    return found[1] if found else ""
