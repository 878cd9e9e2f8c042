"""How a governed step begins: nothing runs while it is stopped, and each kind of activity runs its own way."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from baton.cases import store as cases
from baton.governance import rivals, rows, stops
from baton.governance.context import StepContext, entered
from baton.governance.declare import About, Declaration
from baton.governance.desk import StepHeader
from baton.governance.effects import Begun, Effects
from baton.governance.engine import Engine
from baton.governance.judging import judged_before, moves_money
from baton.governance.leaves import leave_on_record
from baton.governance.proposing import about_of, known
from baton.governance.refusals import stopped
from baton.governance.stops import Stop
from baton.telemetry import names, span
from baton.types.actions import Action
from baton.types.canonical import plain
from baton.types.ids import CustomerId, DecisionId, decision_id
from baton.types.people import Actor

Perform = Callable[..., Awaitable[Any]]
Look = Callable[[Connection], Any]


class Governor:
    """Runs activities the governed way. One a worker; it keeps nothing between steps."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._effects = Effects(engine)

    async def run(self, declared: Declaration, argument: BaseModel, header: StepHeader, perform: Perform) -> Any:
        """Run one activity as what it declared itself to be."""
        match declared.kind:
            case "read":
                return await self._read(declared, argument, header, perform)
            case "agent":
                return await self._judgement(declared, argument, header, perform)
            case "effect":
                assert isinstance(argument, Action)
                return await self._effect(declared, argument, header, perform)
            case "engine":
                return await perform(argument)

    def _agent(self, declared: Declaration, header: StepHeader) -> Actor:
        proposer = self._engine.agent(header.process)
        return proposer.model_copy(update={"id": declared.name.split(".")[0]}) if declared.kind == "agent" else proposer

    # -- beginning

    async def _begin(self, declared: Declaration, header: StepHeader, look: Look) -> Any:
        """What `look` sees in the stores, in the same glance that finds nothing stopped. Raises `stopped`."""
        standing, seen = await self._engine.database.run(self._glance, declared, header, look)
        if standing is not None:
            await self._engine.database.transact(self._held, declared, header, standing)
            raise stopped(standing.words, stops.ASK_AGAIN)
        return seen

    def _glance(self, declared: Declaration, header: StepHeader, look: Look) -> tuple[Stop | None, Any]:
        agents = (self._agent(declared, header).id, self._engine.agent(header.process).id)
        with self._engine.database.read() as connection:
            standing = stops.stopping(connection, header.process, agents)
            return standing, None if standing else look(connection)

    def _held(self, declared: Declaration, header: StepHeader, standing: Stop) -> None:
        id = decision_id(header.key, f"stopped:{standing.id}")
        detail = rows.of_step(header, None, declared.name)
        agent = self._agent(declared, header)
        with span(f"{names.STOP} held", case=header.case), self._engine.database.write() as connection:
            self._engine.ledger.append(connection, rows.row("stop", id, agent, "held", detail={"stop": standing.id}, **detail))

    # -- looking up

    async def _read(self, declared: Declaration, argument: BaseModel, header: StepHeader, perform: Perform) -> Any:
        def look(connection: Connection) -> About | None:
            return about_of(connection, header) if declared.wants_about else None

        about = await self._begin(declared, header, look)
        tags = {names.ACTION: declared.name, names.STEP_KEY: header.key, names.STAGE_NAME: header.stage}
        with span(f"{names.STEP} {declared.name}", tags, case=header.case):
            result = await (perform(argument, about) if declared.wants_about else perform(argument))
        if declared.names_customer and result.customer is not None:
            await self._engine.database.transact(self._name_customer, header, result.customer, result.tier)
        return result

    def _name_customer(self, header: StepHeader, customer: CustomerId, tier: str) -> None:
        with self._engine.database.write() as connection:
            cases.name_customer(connection, header.case, customer, tier)

    # -- judging by an agent

    async def _judgement(self, declared: Declaration, argument: BaseModel, header: StepHeader, perform: Perform) -> Any:
        id, agent = decision_id(header.key, "finding"), self._agent(declared, header)
        stored = await self._begin(declared, header, lambda connection: cases.finding(connection, id))
        if stored is not None:
            return stored
        with span(f"{names.INVOKE_AGENT} {agent.id}", {names.AGENT: agent.id, names.DECISION_ID: id}, case=header.case):
            here = StepContext(
                case=header.case, process=header.process, stage=header.stage, step=header.key, decision=id, agent=agent
            )
            with entered(here):
                finding = await perform(argument)
            await self._engine.database.transact(self._keep_finding, declared, header, agent, id, finding)
        return finding

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
            about = about_of(connection, header)
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

    async def _effect(self, declared: Declaration, action: Action, header: StepHeader, perform: Perform) -> Any:
        def look(connection: Connection) -> Begun:
            done = self._engine.ledger.find(decision_id(header.key, "effect"), connection)
            judged = judged_before(self._engine, connection, header)
            leave = leave_on_record(self._engine, connection, header) if header.answer else None
            found = known(connection, header)
            finished = rivals.finished(connection, found.about.customer if moves_money(self._engine, declared) else None)
            return Begun(known=found, done=done, judged=judged, leave=leave, finished=finished)

        tags = {
            names.TOOL: declared.name,
            names.ACTION: declared.name,
            names.STEP_KEY: header.key,
            names.STAGE_NAME: header.stage,
        }
        begun = await self._begin(declared, header, look)
        with span(f"{names.EXECUTE_TOOL} {declared.name}", tags, case=header.case) as opened:
            return await self._effects.run(declared, action, header, begun, perform, opened)
