"""What a person says is judged before it counts: who they are, what they saw, and whether they may."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from baton.cases import store as cases
from baton.cases.clock import now
from baton.cases.requests import Judged
from baton.cases.store import NoTask
from baton.errors import BatonError
from baton.governance import rows
from baton.governance.engine import Engine
from baton.telemetry import names, span
from baton.types.answers import Answer
from baton.types.canonical import plain
from baton.types.cases import Task
from baton.types.decisions import Decision
from baton.types.ids import CaseId, DecisionId, decision_id
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal


class MayNot(BatonError):
    """This person may not say that to this task."""


class Answers:
    """Judges answers. An answer that does not count is a row too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def judge(self, answer: Answer, case: CaseId) -> Judged:
        """Accept or refuse, on record either way, in one transaction."""
        with (
            span(f"{names.ANSWER} {answer.says}", {names.ACTOR_KIND: "person"}, case=case),
            self._engine.database.write() as connection,
        ):
            return self._judge(connection, answer, case)

    def _judge(self, connection: Connection, answer: Answer, case: CaseId) -> Judged:
        id = decision_id(f"{answer.task}/{answer.id}", "answer")  # type: ignore[arg-type]  # a task, not a step
        before = self._engine.ledger.find(id, connection)
        if before is not None:
            # What counts is what was signed then: the same id may come again with other words.
            return _judged(_as_recorded(answer, before), id, before.outcome != "refused", str(before.detail.get("refusal", "")))
        person = self._engine.people(connection).get(answer.person)
        try:
            task = self._checked(connection, answer, person, case)
        except (BatonError, ValueError) as error:
            self._record(connection, id, answer, person, None, case, "refused", {"refusal": str(error)})
            return _judged(answer, id, False, str(error))
        self._record(connection, id, answer, person, task, case, answer.says, {})
        cases.change_task(connection, task.model_copy(update={"status": "decided", "decided": now()}))
        return _judged(answer, id, True, "")

    def _checked(self, connection: Connection, answer: Answer, person: Person | None, case: CaseId) -> Task:
        """The task, when this person may say this to it. Raises a `BatonError` in words for them."""
        if person is None:
            raise MayNot(f"nobody called `{answer.person}` is on the staff")
        self._engine.stamps.check(answer, answer.stamp)
        task = cases.task(connection, answer.task)
        if task.case != case:
            raise NoTask(f"task `{answer.task}` belongs to another case")
        if task.status != "open":
            raise MayNot(self._too_late(connection, task))
        if answer.proposal != task.hash:
            raise MayNot("the proposal has changed since you saw it: look again and answer what stands there now")
        if not person.active:
            raise MayNot(f"{person.name} is not active")
        self._may(connection, answer, person, task)
        return task

    def _too_late(self, connection: Connection, task: Task) -> str:
        rows = (row for row in self._engine.ledger.of_case(task.case, connection) if row.links.get("task") == task.id)
        said = next((row for row in rows if row.kind == "answer" and row.outcome != "refused"), None)
        if said is None:
            return f"this task is {task.status} already: `baton case {task.case}` shows what happened"
        return f"{said.by.id} decided this already ({said.outcome}, {said.at:%H:%M} UTC): `baton explain {said.id}` shows it"

    def _may(self, connection: Connection, answer: Answer, person: Person, task: Task) -> None:
        if person.kind == "integration" and answer.says == "edit":
            raise MayNot(f"`{person.id}` is a program and edits nothing: approve, reject, ask or return")
        if task.proposal is None:
            self._may_answer_question(answer, person, task)
        elif answer.says == "approve":
            self._ask_policy(person, "approve", task)
        else:
            self._may_handle(person, task)
            if answer.says == "edit":
                self._somebody_may(connection, person, task, _edited(answer, task, self._engine))
        if answer.says in ("reject", "return", "ask") and not (answer.reason or answer.code):
            raise MayNot(f"say why: `{answer.says}` needs a reason")

    def _ask_policy(self, person: Person, verb: Any, task: Task) -> None:
        assert task.proposal is not None
        permission = self._engine.policies.may(person, verb, task.proposal)
        if not permission.allowed:
            why = "; ".join(clause.words for clause in permission.failed) or "no rule lets them"
            raise MayNot(f"{person.name} may not {verb} this: {why}")

    def _may_handle(self, person: Person, task: Task) -> None:
        """Whoever may approve it, or works in the department that has it, may edit, reject, ask or return."""
        assert task.proposal is not None
        if self._engine.policies.may(person, "approve", task.proposal).allowed:
            return
        if not self._engine.policies.may_do(person, "baton:answer", {"department": _asked(task, person)}).allowed:
            raise MayNot(f"{person.name} may not decide on tasks of {task.department}")

    def _somebody_may(self, connection: Connection, editor: Person, task: Task, edited: Proposal) -> None:
        """An edit that nobody could let pass would only wait: it is refused at once, with what stands against it."""
        if self._engine.policies.may(editor, "edit", edited).allowed:
            return
        proposal = edited.model_copy(update={"proposer": rows.actor(editor), "answerable": (*edited.answerable, editor.id)})
        verdict = self._engine.policies.judge(proposal, tuple(self._engine.people(connection).values()), stopped=False)
        if not verdict.approvers:
            why = "; ".join(clause.words for clause in verdict.failed) or "no rule permits it"
            raise MayNot(f"nobody could approve this as edited: {why}")

    def _may_answer_question(self, answer: Answer, person: Person, task: Task) -> None:
        if not self._engine.policies.may_do(person, "baton:answer", {"department": _asked(task, person)}).allowed:
            raise MayNot(f"{person.name} may not answer questions of {task.department}")
        if answer.says == "edit":
            raise MayNot("a question has nothing to edit: approve with a choice, reject, ask or return")
        if answer.says == "approve" and task.options and answer.changes.get("option") not in task.options:
            raise MayNot("choose one: " + ", ".join(f'`--set "option={option}"`' for option in task.options))

    def _record(
        self,
        connection: Connection,
        id: DecisionId,
        answer: Answer,
        person: Person | None,
        task: Task | None,
        case: CaseId,
        outcome: str,
        detail: dict[str, Any],
    ) -> None:
        by = rows.actor(person) if person else Actor(kind="person", id=answer.person)
        known = cases.case(connection, case)
        detail |= {
            "seconds": str(answer.seconds),
            "shown": list(answer.shown),
            "code": answer.code,
            "edited": sorted(answer.changes),
            "says": answer.says,
        }
        private: dict[str, Any] = {"changes": answer.changes, "reason": answer.reason}
        if task is not None:
            private |= {"task": task.model_dump(mode="json")}
        made = rows.row(
            "answer",
            id,
            by,
            outcome,
            case=case,
            process=known.process,
            stage=known.stage,
            step=task.step if task else None,
            action=task.proposal.action if task and task.proposal else "",
            proposal=answer.proposal,
            bundle=self._engine.policies.bundle.hash,
            links={"task": answer.task} | ({"verdict": task.verdict} if task and task.verdict else {}),
            detail=detail,
            private=private,
            subject=known.customer or f"case:{case}",
        )
        self._engine.ledger.append(connection, made)


def _asked(task: Task, person: Person) -> str:
    """The department that is asked: the task's own, or that of whoever the ladder put it before."""
    return person.department if person.id == task.assignee else task.department


def _as_recorded(answer: Answer, row: Decision) -> Answer:
    said = {name: row.detail[name] for name in ("says", "code")} | {name: row.private.get(name, "") for name in ("reason",)}
    return answer.model_copy(update=said | {"person": row.by.id, "changes": row.private.get("changes", {})})


def _judged(answer: Answer, id: DecisionId, accepted: bool, refusal: str) -> Judged:
    return Judged(
        task=answer.task,
        accepted=accepted,
        says=answer.says,
        refusal=refusal,
        answer=id,
        by=answer.person,
        reason=answer.reason,
        code=answer.code,
        changes=answer.changes,
    )


def _edited(answer: Answer, task: Task, engine: Engine) -> Proposal:
    """The proposal with its new values. Only the fields marked editable change, never the keys that find facts."""
    assert task.proposal is not None
    may = ", ".join(task.editable) or "nothing"
    if not answer.changes:
        raise MayNot(f"say what changes: `--set field=value`; what may change is {may}")
    if locked := sorted(set(answer.changes) - set(task.editable)):
        raise MayNot(f"{', '.join(locked)} cannot be edited here: what may change is {may}")
    action = engine.declarations[task.proposal.action].action
    try:
        changed = plain(action.model_validate(task.proposal.arguments | answer.changes))
    except ValidationError as error:
        first = error.errors()[0]
        where, what = ".".join(str(part) for part in first["loc"]), str(first["msg"])
        raise MayNot(f"the edited values do not fit: `{where}`: {what[:1].lower()}{what[1:]}") from error
    return task.proposal.model_copy(update={"arguments": changed})
