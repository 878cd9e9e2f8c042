"""How an effect runs: judged before it acts, recorded before it acts, read back after it acted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from temporalio.exceptions import ApplicationError

from baton.errors import BatonError
from baton.governance import caps, permits, rivals, rows
from baton.governance.declare import Declaration, FateUnknown
from baton.governance.desk import StepHeader
from baton.governance.engine import Engine
from baton.governance.judging import Ruling, allowed_before, judge, key_of
from baton.governance.leaves import Leave
from baton.governance.proposing import Known, propose
from baton.governance.refusals import FATE_UNKNOWN, Forbidden, Waiting, needs_approval
from baton.telemetry import names, span
from baton.telemetry.spans import Open
from baton.types.actions import Action, Done
from baton.types.canonical import plain
from baton.types.decisions import Decision
from baton.types.ids import DecisionId, PersonId, decision_id

Perform = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Begun:
    """What the stores said when the step began."""

    known: Known
    done: Decision | None
    judged: Decision | None
    leave: Leave | None
    finished: frozenset[str]


class Effects:
    """Runs actions that change the world."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def run(
        self, declared: Declaration, action: Action, header: StepHeader, begun: Begun, perform: Perform, opened: Open
    ) -> Done:
        """Act when the verdict lets it, at most once; what stands already is returned as it stands."""
        if begun.done is not None:
            return self._again(declared, begun.done)
        if begun.judged is not None and (found := await self._looked_up(declared, header, begun)):
            return found
        facts = await declared.facts(action, begun.known.about)  # type: ignore[misc]  # an effect always has one
        ruling = await self._engine.database.transact(self._judge, declared, header, action, facts, begun)
        opened.set(names.DECISION_ID, ruling.row)
        opened.set(names.VERDICT, ruling.outcome)
        opened.set(names.POLICY_VERSION, ruling.verdict.bundle)
        self._only_when_allowed(ruling)
        return await self._act(declared, action, header, begun, ruling, perform)

    def _judge(self, declared: Declaration, header: StepHeader, action: Action, facts: Any, begun: Begun) -> Ruling:
        proposal = propose(declared, header, action, facts, begun.known, **self._who(header, begun.leave))
        with span(f"{names.POLICY} {declared.name}", {names.ACTION: declared.name}, case=header.case) as judging:
            with self._engine.database.write() as connection:
                given = (begun.known, begun.leave, begun.finished)
                ruling = judge(self._engine, connection, declared, header, action, proposal, *given)
            judging.set(names.VERDICT, ruling.outcome)
            judging.set(names.DECISION_ID, ruling.row)
        return ruling

    def _who(self, header: StepHeader, leave: Leave | None) -> dict[str, Any]:
        if leave is None or leave.task.proposal is None:
            return {"proposer": self._engine.agent(header.process)}
        before = leave.task.proposal
        if leave.says == "approve":
            return {"proposer": before.proposer, "answerable": before.answerable}
        editors: tuple[PersonId, ...] = tuple(dict.fromkeys((*before.answerable, leave.person)))
        return {"proposer": leave.answer.by, "answerable": editors}

    def _only_when_allowed(self, ruling: Ruling) -> None:
        if ruling.task is not None:
            task = ruling.task
            waiting = Waiting(
                task=task.id,
                title=task.title,
                department=task.department,
                verdict=ruling.row,
                approvers=task.approvers,
                next_due=task.first_due,
            )
            raise needs_approval(waiting)
        if ruling.outcome == "forbidden":
            why = "; ".join((*ruling.verdict.errors, *(clause.words for clause in ruling.verdict.failed))) or "no rule permits it"
            raise Forbidden(f"policy forbids this ({', '.join(ruling.verdict.rules) or 'nothing matched'}): {why}", ruling.row)

    async def _act(
        self, declared: Declaration, action: Action, header: StepHeader, begun: Begun, ruling: Ruling, perform: Perform
    ) -> Done:
        try:
            permit = permits.issue(ruling.key, header.case, action)
            about = begun.known.about.model_copy(update={"approved_by": begun.leave.person if begun.leave else ""})
            done = await (perform(action, permit, about) if declared.wants_about else perform(action, permit))
            await self._read_back(declared, ruling.key, done)
        except FateUnknown as error:
            await self._engine.database.transact(self._failed, declared, header, begun, ruling.row, "unknown", str(error))
            raise ApplicationError(str(error), type=FATE_UNKNOWN, non_retryable=True) from error
        except BatonError as error:
            await self._engine.database.transact(self._failed, declared, header, begun, ruling.row, "failed", str(error))
            raise ApplicationError(str(error), type="failed", non_retryable=True) from error
        await self._engine.database.transact(self._written, declared, header, begun, ruling.row, done)
        return done  # type: ignore[no-any-return]  # an effect returns `Done`

    async def _read_back(self, declared: Declaration, key: str, done: Any) -> None:
        assert declared.look_up is not None
        found = await declared.look_up(key)
        if found != done:
            raise FateUnknown(
                f"`{declared.name}` reads back differently from what it wrote: check `{key}` in the system of record"
            )

    async def _looked_up(self, declared: Declaration, header: StepHeader, begun: Begun) -> Done | None:
        """A step that was judged before may have acted before: find its effect by our reference rather than act again."""
        assert declared.look_up is not None
        assert begun.judged is not None
        try:
            found = await declared.look_up(key_of(header))
        except FateUnknown as error:
            await self._engine.database.transact(self._failed, declared, header, begun, begun.judged.id, "unknown", str(error))
            raise ApplicationError(str(error), type=FATE_UNKNOWN, non_retryable=True) from error
        if found is not None:
            allowed = await self._engine.database.run(allowed_before, self._engine, header) or begun.judged.id
            await self._engine.database.transact(self._written, declared, header, begun, allowed, found, found_again=True)
        return found

    def _again(self, declared: Declaration, row: Decision) -> Done:
        """The effect stands on record already: the same answer, and no second act."""
        if row.action != declared.name:
            raise Forbidden(f"this step did `{row.action}` already", row.id)
        if row.outcome != "written":
            raise ApplicationError(str(row.detail.get("error", row.outcome)), type=row.outcome, non_retryable=True)
        return declared.result.model_validate(row.private["done"])  # type: ignore[no-any-return]  # the declared type

    def _written(
        self, declared: Declaration, header: StepHeader, begun: Begun, verdict: DecisionId, done: Any, found_again: bool = False
    ) -> None:
        detail = {"undo": declared.undo.how, "read_back": True, "found_again": found_again}
        private = {"done": plain(done), "type": type(done).__name__}
        self._effect_row(declared, header, begun, verdict, "written", detail, private)

    def _failed(
        self, declared: Declaration, header: StepHeader, begun: Begun, verdict: DecisionId, outcome: str, error: str
    ) -> None:
        self._effect_row(declared, header, begun, verdict, outcome, {"error": error}, {})

    def _effect_row(
        self,
        declared: Declaration,
        header: StepHeader,
        begun: Begun,
        verdict: DecisionId,
        outcome: str,
        detail: dict[str, Any],
        private: dict[str, Any],
    ) -> None:
        by = begun.leave.answer.by if begun.leave else self._engine.agent(header.process)
        links = {"verdict": verdict, "key": key_of(header)} | ({"answer": header.answer} if header.answer else {})
        made = rows.row(
            "effect",
            decision_id(header.key, "effect"),
            by,
            outcome,
            links=links,
            detail=detail,
            private=private,
            **rows.of_step(header, begun.known.about, declared.name),
        )
        with self._engine.database.write() as connection:
            self._engine.ledger.append(connection, made)
            if outcome == "failed":
                caps.release(connection, header.key)
            rivals.end(connection, header.key)
