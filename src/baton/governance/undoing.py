"""Taking an effect back: asked by a person, judged by policy, on record before and after."""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import Connection
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

from baton.errors import BatonError
from baton.governance import caps, permits, rows
from baton.governance.declare import Declaration
from baton.governance.declare import engine as bookkeeping
from baton.governance.engine import Engine
from baton.telemetry import names, span
from baton.types.actions import Done
from baton.types.answers import Stamp
from baton.types.canonical import plain
from baton.types.decisions import Decision
from baton.types.frozen import Frozen
from baton.types.ids import DecisionId, PersonId, StepKey, decision_id
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal


class CannotUndo(BatonError):
    """This effect cannot be taken back, or not by this person."""


class UndoRequest(Frozen):
    """A person wants an effect taken back."""

    decision: DecisionId = Field(description="the effect's row, or the verdict's that allowed it")
    person: PersonId
    reason: str = Field(min_length=1)
    stamp: Stamp


class Undone(Frozen):
    """The effect is taken back."""

    undo: DecisionId
    effect: DecisionId
    how: str
    reference: str


@workflow.defn(name="Undo")
class Undo:
    """Takes one effect back, however often its worker dies on the way."""

    @workflow.run
    async def run(self, request: UndoRequest) -> Undone:
        """Ask, act, record."""
        return await workflow.execute_local_activity(  # type: ignore[no-any-return]  # called by name
            "governance.take_back",
            request,
            result_type=Undone,
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=10)),
        )


class Undoing:
    """Judges undo requests and carries them out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @bookkeeping(timeout=timedelta(minutes=1))
    async def take_back(self, request: UndoRequest) -> Undone:
        """Take an effect back. Refusals are rows; a second request finds the first one's result."""
        try:
            return await self._take_back(request)
        except BatonError as error:
            await asyncio.to_thread(self._refused, request, str(error))
            raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error

    async def _take_back(self, request: UndoRequest) -> Undone:
        self._engine.stamps.check(request, request.stamp)
        effect, proposal, person = await asyncio.to_thread(self._load, request)
        declared = self._engine.declarations[proposal.action]
        if declared.undo.by is None:
            raise CannotUndo(f"`{declared.name}` has no undo: it was declared irreversible")
        assert effect.case is not None
        with span(f"{names.UNDO} {declared.name}", {names.ACTION: declared.name}, case=effect.case):
            allowed = await asyncio.to_thread(self._allow, request, effect, proposal, person, declared)
            if before := await asyncio.to_thread(self._engine.ledger.find, decision_id(StepKey(effect.id), "undone")):
                done = Done.model_validate(before.private["done"], extra="ignore")
                return Undone(undo=allowed, effect=effect.id, how=declared.undo.how, reference=done.reference)
            done = declared.result.model_validate(effect.private["done"])
            permit = permits.issue(allowed, effect.case, declared.action.model_validate(proposal.arguments))
            undone: Done = await declared.undo.by(done, permit)
            return await asyncio.to_thread(self._undone, effect, person, declared, allowed, undone)

    def _load(self, request: UndoRequest) -> tuple[Decision, Proposal, Person]:
        with self._engine.database.read() as connection:
            effect = self._effect(connection, request.decision)
            verdict = self._engine.ledger.find(DecisionId(effect.links["verdict"]), connection)
            person = self._engine.people(connection).get(request.person)
        if verdict is None or "proposal" not in verdict.private:
            raise CannotUndo(f"the verdict behind `{effect.id}` cannot be read any more: its personal data was erased")
        if person is None or not person.active:
            raise CannotUndo(f"nobody active called `{request.person}` is on the staff")
        return effect, Proposal.model_validate(verdict.private["proposal"]), person

    def _effect(self, connection: Connection, id: DecisionId) -> Decision:
        found = self._engine.ledger.find(id, connection)
        if found is not None and found.kind == "verdict" and found.step:
            found = self._engine.ledger.find(decision_id(found.step, "effect"), connection)
        if found is None or found.kind != "effect" or found.outcome != "written":
            raise CannotUndo(f"`{id}` is no effect that stands: `baton explain` lists a case's decisions")
        return found

    def _allow(
        self, request: UndoRequest, effect: Decision, proposal: Proposal, person: Person, declared: Declaration
    ) -> DecisionId:
        """Record that this person may, before anything is taken back."""
        permission = self._engine.policies.may(person, "undo", proposal)
        if not permission.allowed:
            why = "; ".join(clause.words for clause in permission.failed) or "no rule lets them"
            raise CannotUndo(f"{person.name} may not undo this: {why}")
        id = decision_id(StepKey(effect.id), "undo")
        private = {"reason": request.reason, "person": plain(person), "proposal": plain(proposal)}
        self._row(
            id, "allowed", rows.actor(person), effect, rules=permission.rules, detail={"how": declared.undo.how}, private=private
        )
        return id

    def _undone(self, effect: Decision, person: Person, declared: Declaration, allowed: DecisionId, undone: Done) -> Undone:
        id = decision_id(StepKey(effect.id), "undone")
        private = {"done": plain(undone)}
        self._row(id, "undone", rows.actor(person), effect, detail={"how": declared.undo.how}, private=private, release=True)
        return Undone(undo=allowed, effect=effect.id, how=declared.undo.how, reference=undone.reference)

    def _refused(self, request: UndoRequest, error: str) -> None:
        with self._engine.database.read() as connection:
            effect = self._engine.ledger.find(request.decision, connection)
        id = decision_id(StepKey(f"{request.decision}/{request.stamp.signature}"), "undo:refused")
        with span(f"{names.UNDO} refused", case=effect.case if effect else None):
            self._row(id, "refused", Actor(kind="person", id=request.person), effect, detail={"refusal": error})

    def _row(
        self, id: DecisionId, outcome: str, by: Actor, effect: Decision | None, *, release: bool = False, **rest: Any
    ) -> None:
        place: dict[str, Any] = {}
        if effect is not None:
            place = {name: getattr(effect, name) for name in ("case", "process", "stage", "step", "action", "subject")}
            place["links"] = {"undoes": effect.id}
        made = rows.row("undo", id, by, outcome, bundle=self._engine.policies.bundle.hash, **place, **rest)
        with self._engine.database.write() as connection:
            self._engine.ledger.append(connection, made)
            if release and effect is not None and effect.step:
                caps.release(connection, effect.step)
