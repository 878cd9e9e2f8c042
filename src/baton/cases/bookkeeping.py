"""The engine's own activities: they keep the case store and the ledger in step, and never touch the outside world."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection
from temporalio import activity

from baton.cases import naming, stages
from baton.cases import requests as ask
from baton.cases import store as cases
from baton.cases.clock import now
from baton.governance import rows
from baton.governance.answering import Answers
from baton.governance.declare import engine as bookkeeping
from baton.governance.engine import ENGINE, Engine
from baton.telemetry import names, root_span, span
from baton.types.answers import Answer
from baton.types.canonical import hash_of
from baton.types.cases import Case, Task
from baton.types.ids import CaseId, PersonId, TaskId, decision_id

T = TypeVar("T")


class Bookkeeping:
    """What every case asks of the engine. Each method is one local activity and one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._answers = Answers(engine)

    def activities(self) -> list[Callable[..., Any]]:
        """All of them, for a worker."""
        return [getattr(self, name) for name in vars(type(self)) if hasattr(getattr(self, name), "__baton__")]

    async def _write(self, name: str, case: CaseId, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with span(f"{names.STEP} {name}", case=case), self._engine.database.write() as connection:
                return work(connection)

        return await self._engine.database.transact(run)

    # -- the case

    @bookkeeping()
    async def catch_up(self, request: ask.CatchUp) -> ask.Nothing:
        """What happened since the last request goes on record."""
        await self._write(
            "catch_up", request.case, lambda connection: self._meanwhile(connection, request.case, request.meanwhile)
        )
        return ask.Nothing()

    def _meanwhile(self, connection: Connection, case: CaseId, meanwhile: ask.Meanwhile) -> None:
        if meanwhile.opened:
            owner = _owner(self._engine, connection)
            cases.name_owner(connection, case, owner)
            self._handoff_row(connection, case, 0, "opened", {"owner": owner, "message": hash_of(meanwhile.opened.message)})
        for left in meanwhile.left:
            stages.leave_stage(connection, case, left.position, left.at, left.returned)
            if left.returned:
                self._handoff_row(connection, case, left.position, "returned", {"code": left.returned})

    @bookkeeping()
    async def close(self, request: ask.CloseCase) -> ask.Nothing:
        """The case ends; its trace gets its root."""

        def work(connection: Connection) -> Case:
            self._meanwhile(connection, request.case, request.meanwhile)
            cases.close(connection, request.case, request.outcome)
            self._handoff_row(connection, request.case, 9999, "closed", {"result": request.outcome.result})
            return cases.case(connection, request.case)

        closed = await self._write("close", request.case, work)
        root_span(closed.id, closed.opened, now(), {names.PROCESS: closed.process, names.CASE_OUTCOME: request.outcome.result})
        return ask.Nothing()

    @bookkeeping()
    async def stuck(self, request: ask.CaseStuck) -> ask.Nothing:
        """The process ended with an error nobody foresaw: shown, alerted, and put before the case's owner."""

        def work(connection: Connection) -> None:
            self._meanwhile(connection, request.case, request.meanwhile)
            mark_stuck(self._engine, connection, request)

        await self._write("stuck", request.case, work)
        return ask.Nothing()

    @bookkeeping()
    async def wait(self, request: ask.Await) -> ask.Nothing:
        """The case waits for its customer, or goes on."""
        status = "waiting" if request.waiting else "open"
        await self._write("wait", request.case, lambda connection: cases.set_status(connection, request.case, status))
        return ask.Nothing()

    # -- stages

    @bookkeeping()
    async def enter_stage(self, request: ask.EnterStage) -> ask.Entered:
        """A handoff: somebody of the receiving department is named and the clock starts."""

        def work(connection: Connection) -> ask.Entered:
            self._meanwhile(connection, request.case, request.meanwhile)
            known = cases.case(connection, request.case)
            holder = naming.of_department(self._engine.people(connection), request.stage, cases.load_of(connection))
            clock = self._engine.clock(request.process, request.stage, known.tier)
            due = request.at + (timedelta(hours=clock.hours) if clock else request.within)
            stages.enter_stage(
                connection, request.case, request.position, request.stage, request.before, holder, due, request.package
            )
            if known.status == "stuck":
                cases.set_status(connection, request.case, "open")
            detail = {"from": request.before, "to": request.stage, "holder": holder, "package": hash_of(request.package)}
            self._handoff_row(connection, request.case, request.position, "handed over" if holder else "unassigned", detail)
            return ask.Entered(holder=holder, due=due)

        return await self._write("enter_stage", request.case, work)

    # -- tasks

    @bookkeeping()
    async def open_question(self, request: ask.OpenQuestion) -> ask.Opened:
        """A question becomes a task of a department."""

        def work(connection: Connection) -> ask.Opened:
            task = question(self._engine, connection, request)
            if not cases.open_task(connection, task):
                task = cases.task(connection, task.id)
            return ask.Opened(task=task.id, next_due=task.first_due)

        return await self._write("open_question", request.case, work)

    @bookkeeping()
    async def judge_answer(self, answer: Answer) -> ask.Judged:
        """Accept or refuse what a person says."""
        case = _this_case()
        with self._engine.courtesy.answering():
            return await self._engine.database.transact(self._answers.judge, answer, case)

    @bookkeeping()
    async def close_task(self, request: ask.CloseTask) -> ask.Nothing:
        """Nobody needs to decide this any more."""
        case = _this_case()

        def work(connection: Connection) -> None:
            task = cases.task(connection, request.task)
            cases.change_task(connection, task.model_copy(update={"status": "closed", "note": request.why}))

        await self._write("close_task", case, work)
        return ask.Nothing()

    @bookkeeping()
    async def escalate(self, request: ask.Escalate) -> ask.Escalated:
        """A clock ran out: the next named person has the task now, and everybody can see it."""
        return await self._write("escalate", request.case, lambda connection: escalate(self._engine, connection, request))

    def _handoff_row(self, connection: Connection, case: CaseId, position: int, outcome: str, detail: dict[str, Any]) -> None:
        known = cases.case(connection, case)
        made = rows.plain_row(
            "handoff", case, f"{position}/{outcome}", ENGINE, outcome, process=known.process, stage=known.stage, detail=detail
        )
        self._engine.ledger.append(connection, made)


def _owner(engine: Engine, connection: Connection) -> PersonId | None:
    """Who stays with the customer to the end."""
    return naming.of_department(engine.people(connection), "customer-service", cases.load_of(connection))


def _this_case() -> CaseId:
    """The case whose workflow runs this activity."""
    return CaseId(activity.info().workflow_id or "")


def question(engine: Engine, connection: Connection, request: ask.OpenQuestion) -> Task:
    """The task for a question, assigned to the stage's holder or to whoever of the department has time."""
    known = cases.case(connection, request.case)
    people = engine.people(connection)
    holder = people.get(known.holder or "")
    inside = holder.id if holder and holder.department == request.department else None
    return Task(
        id=TaskId("t-" + decision_id(request.step, "task")[2:]),
        kind="stuck" if request.kind == "stuck" else "question",
        case=request.case,
        process=request.process,
        stage=request.stage,
        step=request.step,
        department=request.department,
        title=request.question,
        hash=hash_of({"question": request.question, "options": list(request.options), "evidence": request.evidence}),
        assignee=inside or naming.of_department(people, request.department, cases.load_of(connection)),
        options=request.options,
        evidence=request.evidence,
        opened=now(),
        due=known.due,
    )


def escalate(engine: Engine, connection: Connection, request: ask.Escalate) -> ask.Escalated:
    """Climb one rung: the ladder's role for this stage, then the last role again and again."""
    task, rung = cases.task(connection, request.task), request.rung
    known = cases.case(connection, task.case)
    clock = engine.clock(task.process, task.stage, known.tier)
    ladder = clock.ladder if clock else ()
    role = ladder[min(rung, len(ladder)) - 1] if ladder else ""
    people = engine.people(connection)
    named: PersonId | None = naming.of_role(people, role, cases.load_of(connection)) if role else None
    step = timedelta(hours=clock.hours if clock else 8) / 2
    upcoming = request.at + step if rung < len(ladder) + 3 else None
    changed = task.model_copy(update={"assignee": named or task.assignee, "rung": rung, "due": upcoming or task.due})
    if task.status == "open":
        cases.change_task(connection, changed)
    words = f"task {task.id} of case {task.case} is late: {named or 'nobody'} ({role or 'no ladder'}) has it now"
    cases.alert(connection, f"{task.id}/late/{rung}", task.case, words)
    detail = {"task": task.id, "rung": rung, "role": role, "to": named, "from": task.assignee}
    made = rows.plain_row(
        "handoff", task.case, f"{task.id}/late/{rung}", ENGINE, "escalated", process=task.process, stage=task.stage, detail=detail
    )
    engine.ledger.append(connection, made)
    return ask.Escalated(assignee=named or task.assignee, next_due=upcoming)


def mark_stuck(engine: Engine, connection: Connection, request: ask.CaseStuck) -> None:
    """Show a case as stuck, alert, and put it before its owner. Safe to repeat."""
    known = cases.case(connection, request.case)
    if known.status == "closed":
        return
    cases.set_status(connection, request.case, "stuck", request.trouble)
    if known.owner is None:
        cases.name_owner(connection, request.case, _owner(engine, connection))
    what = f"stuck/{hash_of(request.trouble)[:12]}"
    if not cases.alert(connection, f"{request.case}/{what}", request.case, f"case {request.case} is stuck: {request.trouble}"):
        return
    made = rows.plain_row(
        "handoff",
        request.case,
        what,
        ENGINE,
        "stuck",
        process=known.process,
        stage=known.stage,
        detail={"trouble": hash_of(request.trouble)},
    )
    engine.ledger.append(connection, made)
