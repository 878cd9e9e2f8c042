"""How one governed step runs: judged before it acts, recorded before it acts, read back after it acted."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel
from temporalio.exceptions import ApplicationError

from baton.cases import store as cases
from baton.errors import BatonError
from baton.governance import caps, permits, rivals, rows, stops
from baton.governance.context import StepContext, entered
from baton.governance.declare import Declaration, FateUnknown
from baton.governance.desk import StepHeader
from baton.governance.engine import Engine
from baton.governance.judging import Ruling, allowed_before, judge, judged_before, key_of, moves_money
from baton.governance.leaves import Leave, leave_on_record
from baton.governance.proposing import Known, known, propose
from baton.governance.refusals import FATE_UNKNOWN, Forbidden, Waiting, needs_approval, stopped
from baton.telemetry import names, span
from baton.types.actions import Action, Done
from baton.types.canonical import plain
from baton.types.decisions import Decision
from baton.types.ids import CustomerId, DecisionId, PersonId, decision_id
from baton.types.people import Actor

T = TypeVar("T")
Perform = Callable[..., Awaitable[Any]]


class Begun(BaseModel, arbitrary_types_allowed=True):
    """What the stores said when the step began."""

    known: Known
    done: Decision | None
    judged: Decision | None
    leave: Leave | None
    finished: frozenset[str]


class Governor:
    """Runs activities the governed way. One a worker; it keeps nothing between steps."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def run(self, declared: Declaration, argument: BaseModel, header: StepHeader, perform: Perform) -> Any:
        """Run one activity as what it declared itself to be."""
        agent = self._agent(declared, header)
        await self._unless_stopped(header, agent, declared)
        match declared.kind:
            case "read":
                return await self._read(declared, argument, header, perform)
            case "agent":
                return await self._agent_step(declared, argument, header, agent, perform)
            case "effect":
                assert isinstance(argument, Action)
                return await self._effect(declared, argument, header, perform)
            case "engine":
                return await perform(argument)

    def _agent(self, declared: Declaration, header: StepHeader) -> Actor:
        proposer = self._engine.agent(header.process)
        return proposer.model_copy(update={"id": declared.name.split(".")[0]}) if declared.kind == "agent" else proposer

    # -- stopping

    async def _unless_stopped(self, header: StepHeader, agent: Actor, declared: Declaration) -> None:
        if declared.kind == "engine":
            return
        words = await self._engine.database.run(self._stopped, header, agent, declared)
        if words:
            raise stopped(words, stops.ASK_AGAIN)

    def _stopped(self, header: StepHeader, agent: Actor, declared: Declaration) -> str:
        agents = (agent.id, self._engine.agent(header.process).id)
        with self._engine.database.read() as connection:
            standing = stops.stopping(connection, header.process, agents)
        if standing is None:
            return ""
        id = decision_id(header.key, f"stopped:{standing.id}")
        detail = rows.of_step(header, None, declared.name)
        with span(f"{names.STOP} held", case=header.case), self._engine.database.write() as connection:
            self._engine.ledger.append(connection, rows.row("stop", id, agent, "held", detail={"stop": standing.id}, **detail))
        return standing.words

    # -- looking up

    async def _read(self, declared: Declaration, argument: BaseModel, header: StepHeader, perform: Perform) -> Any:
        tags = {names.ACTION: declared.name, names.STEP_KEY: header.key, names.STAGE_NAME: header.stage}
        with span(f"{names.STEP} {declared.name}", tags, case=header.case):
            if not declared.wants_about:
                return await perform(argument)
            found = await self._engine.database.run(self._known, header)
            result = await perform(argument, found.about)
        if declared.names_customer and result.customer is not None:
            await self._engine.database.run(self._name_customer, header, result.customer, result.tier)
        return result

    def _known(self, header: StepHeader) -> Known:
        with self._engine.database.read() as connection:
            return known(connection, header)

    def _name_customer(self, header: StepHeader, customer: CustomerId, tier: str) -> None:
        with self._engine.database.write() as connection:
            cases.name_customer(connection, header.case, customer, tier)

    # -- judging by an agent

    async def _agent_step(
        self, declared: Declaration, argument: BaseModel, header: StepHeader, agent: Actor, perform: Perform
    ) -> Any:
        id = decision_id(header.key, "finding")
        stored = await self._engine.database.run(self._stored_finding, header, id)
        if stored is not None:
            return stored
        with span(f"{names.INVOKE_AGENT} {agent.id}", {names.AGENT: agent.id, names.DECISION_ID: id}, case=header.case):
            here = StepContext(
                case=header.case, process=header.process, stage=header.stage, step=header.key, decision=id, agent=agent
            )
            with entered(here):
                finding = await perform(argument)
            await self._engine.database.run(self._keep_finding, declared, header, agent, id, finding)
        return finding

    def _stored_finding(self, header: StepHeader, id: DecisionId) -> dict[str, Any] | None:
        with self._engine.database.read() as connection:
            found = cases.findings(connection, header.case)
        return next((body for finding, _, body in found if finding == id), None)

    def _keep_finding(self, declared: Declaration, header: StepHeader, agent: Actor, id: DecisionId, finding: Any) -> None:
        body = plain(finding)
        detail = {
            "fields": {
                field["name"]: {key: field[key] for key in ("agreement", "grounded", "confirmed", "confidence")}
                for field in body["fields"]
            },
            "instruction_like_text": body["instruction_like_text"],
            "made_with": body["made_with"],
        }
        with self._engine.database.write() as connection:
            about = known(connection, header).about
            made = rows.row(
                "finding",
                id,
                agent,
                "found",
                detail=detail,
                private={"finding": body},
                **rows.of_step(header, about, declared.name),
            )
            self._engine.ledger.append(connection, made)
            cases.keep_finding(connection, id, header.case, type(finding.values).__name__, body)

    # -- changing the world

    async def _effect(self, declared: Declaration, action: Action, header: StepHeader, perform: Perform) -> Done:
        tags = {
            names.TOOL: declared.name,
            names.ACTION: declared.name,
            names.STEP_KEY: header.key,
            names.STAGE_NAME: header.stage,
        }
        with span(f"{names.EXECUTE_TOOL} {declared.name}", tags, case=header.case) as opened:
            begun = await self._engine.database.run(self._begin, declared, header)
            if begun.done is not None:
                return self._again(declared, begun.done)
            if begun.judged is not None and (found := await self._looked_up(declared, header, begun)):
                return found
            facts = await declared.facts(action, begun.known.about)  # type: ignore[misc]  # an effect always has one
            ruling = await self._engine.database.run(self._judge, declared, header, action, facts, begun)
            opened.set(names.DECISION_ID, ruling.row)
            opened.set(names.VERDICT, ruling.outcome)
            opened.set(names.POLICY_VERSION, ruling.verdict.bundle)
            self._only_when_allowed(ruling)
            return await self._act(declared, action, header, begun, ruling, perform)

    def _begin(self, declared: Declaration, header: StepHeader) -> Begun:
        with self._engine.database.read() as connection:
            done = self._engine.ledger.find(decision_id(header.key, "effect"), connection)
            judged = judged_before(self._engine, connection, header)
            leave = leave_on_record(self._engine, connection, header) if header.answer else None
            found = known(connection, header)
            finished = rivals.finished(connection, found.about.customer if moves_money(self._engine, declared) else None)
            return Begun(known=found, done=done, judged=judged, leave=leave, finished=finished)

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
                task=task.id, title=task.title, department=task.department, verdict=ruling.row, approvers=task.approvers
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
            done = await (perform(action, permit, begun.known.about) if declared.wants_about else perform(action, permit))
            await self._read_back(declared, ruling.key, done)
        except FateUnknown as error:
            await self._engine.database.run(self._failed, declared, header, begun, ruling.row, "unknown", str(error))
            raise ApplicationError(str(error), type=FATE_UNKNOWN, non_retryable=True) from error
        except BatonError as error:
            await self._engine.database.run(self._failed, declared, header, begun, ruling.row, "failed", str(error))
            raise ApplicationError(str(error), type="failed", non_retryable=True) from error
        await self._engine.database.run(self._written, declared, header, begun, ruling.row, done)
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
            await self._engine.database.run(self._failed, declared, header, begun, begun.judged.id, "unknown", str(error))
            raise ApplicationError(str(error), type=FATE_UNKNOWN, non_retryable=True) from error
        if found is not None:
            allowed = await self._engine.database.run(allowed_before, self._engine, header) or begun.judged.id
            await self._engine.database.run(self._written, declared, header, begun, allowed, found, found_again=True)
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
