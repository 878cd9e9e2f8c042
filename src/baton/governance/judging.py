"""One proposal, one transaction: the verdict, its row, what it reserves, and the task it opens."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from baton.cases import store as cases
from baton.cases.clock import now
from baton.cases.store import insert_once
from baton.cases.tables import approval_use
from baton.governance import caps, rivals, rows
from baton.governance.declare import Declaration
from baton.governance.desk import StepHeader
from baton.governance.engine import Engine
from baton.governance.leaves import Leave
from baton.governance.policy import Permission
from baton.governance.proposing import Known, amount_of, title_of
from baton.governance.refusals import busy
from baton.types.actions import Action
from baton.types.canonical import Json, plain
from baton.types.cases import Task
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId, PersonId, TaskId, decision_id
from baton.types.people import Actor, Person
from baton.types.verdicts import Clause, Proposal, Verdict


class Ruling(Frozen):
    """What follows from the verdict: act under `key`, wait for a task, or neither."""

    outcome: str
    key: DecisionId
    verdict: Verdict
    task: Task | None = None
    row: DecisionId


def key_of(header: StepHeader) -> DecisionId:
    """The step's decision id: the idempotency key of its effect, the same on every retry."""
    return decision_id(header.key, "verdict")


def with_leave_id(header: StepHeader, answer: DecisionId) -> DecisionId:
    """The id of the verdict that follows a person's answer."""
    return decision_id(header.key, f"verdict:{answer}")


def judged_before(engine: Engine, connection: Connection, header: StepHeader) -> Decision | None:
    """The verdict that may have let an earlier attempt act: alone, or with the answer that this attempt has too."""
    alone = engine.ledger.find(key_of(header), connection)
    if alone is not None or not header.answer:
        return alone
    return engine.ledger.find(with_leave_id(header, DecisionId(header.answer)), connection)


def allowed_before(engine: Engine, header: StepHeader) -> DecisionId | None:
    """The verdict under which an earlier attempt acted: the step's last that let it."""
    verdicts = [row for row in engine.ledger.of_case(header.case) if row.kind == "verdict" and row.step == header.key]
    return next((row.id for row in reversed(verdicts) if row.outcome in ("autonomous", "approved")), None)


def task_of(header: StepHeader) -> TaskId:
    """The step's task id."""
    return TaskId("t-" + decision_id(header.key, "task")[2:])


def judge(
    engine: Engine,
    connection: Connection,
    declared: Declaration,
    header: StepHeader,
    action: Action,
    proposal: Proposal,
    known: Known,
    leave: Leave | None,
    finished: frozenset[str] = frozenset(),
) -> Ruling:
    """Judge, record and reserve, all in the caller's transaction: nothing follows that is not on record.

    `finished`: the rivals whose effects the facts already know. Raises `busy` where there are others.
    """
    people = engine.people(connection)
    amount = amount_of(declared, action)
    totals = caps.spent(connection, header.key, known.about.customer, header.process, amount)
    proposal = proposal.model_copy(update={"spent": totals})
    verdict = engine.policies.judge(proposal, tuple(people.values()), stopped=False)
    case = _Case(engine, connection, declared, header, action, proposal, known, verdict, people)
    ruling = case.with_leave(leave) if leave else case.alone()
    if ruling.outcome in ("autonomous", "approved"):
        caps.reserve(connection, header.key, known.about.customer, header.process, amount)
        if moves_money(engine, declared):
            _alone_at_it(connection, header, known, finished)
    return ruling


def moves_money(engine: Engine, declared: Declaration) -> bool:
    """Whether two of these at once could give more than one after the other."""
    shape = engine.policies.shapes.of(declared.name)
    return shape is not None and shape.money is not None


def _alone_at_it(connection: Connection, header: StepHeader, known: Known, finished: frozenset[str]) -> None:
    customer = known.about.customer
    if rivals.met(connection, header.key, customer, finished):
        raise busy("another step for this customer is just being done", rivals.ASK_AGAIN)
    rivals.begin(connection, header.key, customer)


class _Case:
    """The pieces one ruling is made of."""

    def __init__(
        self,
        engine: Engine,
        connection: Connection,
        declared: Declaration,
        header: StepHeader,
        action: Action,
        proposal: Proposal,
        known: Known,
        verdict: Verdict,
        people: dict[str, Person],
    ) -> None:
        self.engine, self.connection, self.declared, self.header = engine, connection, declared, header
        self.action, self.proposal, self.known, self.verdict = action, proposal, known, verdict
        self.people = people

    def alone(self) -> Ruling:
        """No person has spoken: the verdict decides."""
        id = self._fresh_id(key_of(self.header), self.verdict.outcome)
        self._record(id, self.proposal.proposer, self.verdict.outcome)
        task = self._open_task(id) if self.verdict.outcome == "needs_approval" else None
        return self._ruling(self.verdict.outcome, id, task)

    def with_leave(self, leave: Leave) -> Ruling:
        """A person said yes or edited: their leave stands if nothing that mattered has changed, and only once."""
        own = with_leave_id(self.header, leave.answer.id)
        if self.verdict.outcome == "forbidden":
            id = self._fresh_id(own, "forbidden")
            self._record(id, self.proposal.proposer, "forbidden", answer=leave.answer.id)
            return self._ruling("forbidden", id, None)
        objection = self._objection(leave, self.people.get(leave.person))
        if objection:
            return self._reopen(self._fresh_id(own, "needs_approval"), leave, objection)
        id = self._fresh_id(own, "approved")
        by = rows.actor(self.people[leave.person])
        self.verdict = self.verdict.model_copy(update={"rules": self._permission(leave, self.people[leave.person]).rules})
        self._record(
            id, by, "approved", answer=leave.answer.id, private={"person": self.people[leave.person].model_dump(mode="json")}
        )
        return self._ruling("approved", id, None)

    def _objection(self, leave: Leave, person: Person | None) -> str:
        if person is None:
            return "the person who answered is not on record any more"
        if self.proposal.arguments != self._meant(leave):
            return "the approval was given for other arguments"
        if not self._first_use(leave):
            return "the approval was used already"
        permission = self._permission(leave, person)
        if not permission.allowed:
            return f"{person.name} may not {leave.says} this: " + "; ".join(clause.words for clause in permission.failed)
        return self._changed_since(leave.task) if leave.says == "approve" else ""

    def _permission(self, leave: Leave, person: Person) -> Permission:
        return self.engine.policies.may(person, "approve" if leave.says == "approve" else "edit", self.proposal)

    def _meant(self, leave: Leave) -> dict[str, Json] | None:
        """The arguments that the person saw, with what they changed; None where they saw another action."""
        seen = leave.task.proposal
        if seen is None or seen.action != self.declared.name:
            return None
        if leave.says == "approve":
            return seen.arguments
        changes = leave.answer.private.get("changes")
        edited = seen.arguments | (changes if isinstance(changes, dict) else {})
        return dict(plain(self.declared.action.model_validate(edited)))

    def _changed_since(self, task: Task) -> str:
        """The facts that failed clauses cite must be as they were, and no new clause may fail."""
        assert task.proposal is not None
        before = {(clause.policy, clause.position) for clause in task.failed}
        new = [clause.words for clause in self.verdict.failed if (clause.policy, clause.position) not in before]
        if new:
            return "since it was approved, this no longer holds: " + "; ".join(new)
        changed = [name for name in _cited(task.failed) if task.proposal.facts.get(name) != self.proposal.facts.get(name)]
        return f"changed since it was approved: {', '.join(changed)}" if changed else ""

    def _first_use(self, leave: Leave) -> bool:
        if insert_once(self.connection, approval_use, answer=leave.answer.id, step=self.header.key):
            return True
        used = approval_use.select().where(approval_use.c.answer == leave.answer.id)
        return bool(self.connection.execute(used).one().step == self.header.key)

    def _reopen(self, id: DecisionId, leave: Leave, objection: str) -> Ruling:
        """The leave does not stand: the task shows what changed and waits for a person again."""
        self._record(id, self.proposal.proposer, "needs_approval", answer=leave.answer.id, detail={"objection": objection})
        task = self._open_task(id, note=objection)
        return self._ruling("needs_approval", id, task)

    def _record(self, id: DecisionId, by: Actor, outcome: str, *, answer: str = "", **rest: Any) -> None:
        links = {"answer": answer} if answer else {}
        if outcome != "autonomous":
            rest["detail"] = {"staff": self.engine.keep_staff(self.connection, self.people)} | rest.get("detail", {})
        made = rows.verdict_row(id, by, self.proposal, self.verdict, outcome, self.known.about, links=links, **rest)
        self.engine.ledger.append(self.connection, made)

    def _fresh_id(self, id: DecisionId, outcome: str) -> DecisionId:
        """The step's own id; the next one when a retry finds the world changed since it was judged."""
        before = self.engine.ledger.find(id, self.connection)
        if before is None or (before.outcome, before.proposal) == (outcome, self.proposal.hash):
            return id
        return decision_id(self.header.key, f"verdict:again:{now().isoformat()}")

    def _open_task(self, verdict: DecisionId, note: str = "") -> Task:
        task = Task(
            id=task_of(self.header),
            kind="proposal",
            case=self.header.case,
            process=self.header.process,
            stage=self.header.stage,
            step=self.header.key,
            department=self._department(),
            title=title_of(self.declared, self.action),
            proposal=self.proposal,
            hash=self.proposal.hash,
            verdict=verdict,
            failed=self.verdict.failed,
            approvers=self.verdict.approvers,
            assignee=self._assignee(),
            editable=self.declared.editable,
            opened=now(),
            due=self._due(),
            note=note,
        )
        if cases.open_task(self.connection, task):
            return task
        standing = cases.task(self.connection, task.id)
        if standing.verdict == task.verdict:
            # A retry: somebody may have answered meanwhile, and what they said stands.
            return standing
        cases.change_task(self.connection, task)
        return task

    def _department(self) -> str:
        """Where the task waits: with the department of whoever it is assigned to, else with the stage's own."""
        assigned = self.people.get(self._assignee() or "")
        return assigned.department if assigned else self.header.stage

    def _assignee(self) -> PersonId | None:
        """The holder of the stage when they may approve it, else the approver with the fewest open cases."""
        approvers = self.verdict.approvers
        holder = cases.case(self.connection, self.header.case).holder
        if holder in approvers:
            return holder
        load = cases.load_of(self.connection)
        return min(approvers, key=lambda person: (load.get(person, 0), person), default=None)

    def _due(self) -> datetime | None:
        return cases.case(self.connection, self.header.case).due

    def _ruling(self, outcome: str, row: DecisionId, task: Task | None) -> Ruling:
        return Ruling(outcome=outcome, key=key_of(self.header), verdict=self.verdict, task=task, row=row)


def _cited(failed: tuple[Clause, ...]) -> list[str]:
    """The names of the facts that the failed clauses read."""
    cited = {name.removeprefix("facts.").split(".")[0] for clause in failed for name in clause.cites if name.startswith("facts.")}
    return sorted(cited)
