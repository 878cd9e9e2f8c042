"""The casebook as it stands in Baton's own database: every entry once, under its permit's key."""

import os
from functools import cache
from pathlib import Path
from typing import Final

from temporalio import activity
from temporalio.service import RPCError

from activities.casebook.messages import examples_text, part_of
from activities.casebook.models import AddMessage, CaseOpened, ChoiceRemembered, MessageAdded, OpenCase, RememberChoice
from baton.cases import arrivals, store
from baton.documents.store import DocumentStore, open_store
from baton.errors import BatonError
from baton.governance.declare import About, Permit
from baton.intake import start
from baton.ledger import Keys, Ledger
from baton.routing.examples import Example
from baton.routing.shelf import Shelf
from baton.runtime.bootstrap import ENGINE_MODULES, prefix
from baton.runtime.project import Process, discover
from baton.runtime.settings import load
from baton.store import Database
from baton.types.actions import Done
from baton.types.decisions import Decision
from baton.types.documents import Message
from baton.types.ids import CaseId

_NAMED: Final = ("BATON_HOME", "BATON_PROJECT", "BATON_DATABASE_URL")


class CannotOpen(BatonError):
    """The case cannot be opened, or not any more."""


class Casebook:
    """Cases as the door sees them."""

    def __init__(self, database: Database, home: Path, processes: dict[str, Process]) -> None:
        self.database, self.processes = database, processes
        self.ledger = Ledger(database, Keys(home))
        self.documents: DocumentStore = open_store(home)
        self.shelf = Shelf(home)

    # -- cases

    async def open_case(self, action: OpenCase, permit: Permit, about: About) -> CaseOpened:
        """Register a case once and have the server run it. Raises `CannotOpen` for a process that is none."""
        permit.covers(action)
        process = self.processes.get(action.process)
        if process is None:
            raise CannotOpen(f"there is no process `{action.process}`: choose one of {', '.join(sorted(self.processes))}")
        message = part_of(self.message(about), action, self.documents)
        case = await self.database.transact(self._register, process.name, message, permit.key, about.case)
        await start(activity.client(), process.temporal_name, message, case, activity.info().task_queue)
        await self.database.transact(self._started, permit.key)
        done = self.look_up(permit.key)
        assert isinstance(done, CaseOpened)
        return done

    async def cancel(self, done: Done, permit: Permit) -> Done:
        """Cancel an opened case; one that has ended stays as it is."""
        try:
            await activity.client().get_workflow_handle(done.reference).cancel()
        except RPCError as error:
            raise CannotOpen(f"case `{done.reference}` cannot be cancelled: {error}; it may have ended already") from error
        self._undone(CaseId(done.reference))
        return Done(reference=done.reference, wrote={"case": f"{done.reference}, cancelled"})

    async def add_message(self, action: AddMessage, permit: Permit, about: About) -> MessageAdded:
        """File the message with the case and let the case hear of it; heard twice it counts once."""
        permit.covers(action)
        message, case = self.message(about), CaseId(action.case)
        await self.database.transact(self._file, message, permit.key, about.case, case)
        try:
            await activity.client().get_workflow_handle(case).signal("message", message)
        except RPCError as error:
            raise CannotOpen(f"case `{case}` does not hear any more: {error}; look at the message yourself") from error
        await self.database.transact(self._started, permit.key)
        done = self.look_up(permit.key)
        assert isinstance(done, MessageAdded)
        return done

    def take_out(self, done: Done, permit: Permit) -> Done:
        """The message leaves the case's file."""
        with self.database.write() as connection:
            store.unfile_messages(connection, CaseId(done.reference), permit.case)
        self._undone(CaseId(done.reference))
        return Done(reference=done.reference, wrote={"taken out of": done.reference})

    def look_up(self, key: str) -> Done | None:
        """What was opened or added under this key, once the server has it; None before."""
        with self.database.read() as connection:
            found = arrivals.opening(connection, key)
            if found is None or not found.started:
                return None
            process = store.case(connection, found.case).process
        if found.how == "joined":
            return MessageAdded(reference=found.case, wrote={"added to": found.case})
        words = process.replace("_", " ")
        return CaseOpened(reference=found.case, wrote={"case": f"{found.case}, {words}"}, process=process)

    def message(self, about: About) -> Message:
        """The message that this case of intake is about."""
        with self.database.read() as connection:
            return store.messages(connection, about.case)[0]

    def answers(self, about: About) -> list[Decision]:
        """What people said in this case."""
        return [row for row in self.ledger.of_case(about.case) if row.kind == "answer" and row.outcome == "approve"]

    def chosen(self, about: About) -> set[str]:
        """Every option that a person chose for this message."""
        changes = (row.private.get("changes") for row in self.answers(about))
        return {str(said["option"]) for said in changes if isinstance(said, dict) and "option" in said}

    # -- what people chose

    def remember(self, action: RememberChoice, permit: Permit, about: About) -> ChoiceRemembered:
        """Keep an example once."""
        permit.covers(action)
        if self.remembered(permit.key) is None:
            by = next((row.by.id for row in self.answers(about)), "somebody")
            text = examples_text(self.message(about), action.spans, self.documents)
            self.shelf.choose(Example(text=text, kind=action.kind, by=by, key=permit.key))
        done = self.remembered(permit.key)
        assert isinstance(done, ChoiceRemembered)
        return done

    def remembered(self, key: str) -> Done | None:
        """The example under this key, or None."""
        found = next((one for one in self.shelf.choices() if one.key == key), None)
        if found is None:
            return None
        return ChoiceRemembered(reference=key, kind=found.kind, wrote={"example of": found.kind or "no known kind"})

    def forget(self, done: Done) -> Done:
        """Drop an example."""
        self.shelf.forget(done.reference)
        return Done(reference=done.reference, wrote={"example": "dropped"})

    # -- pieces of a transaction

    def _register(self, process: str, message: Message, key: str, arrived: CaseId) -> CaseId:
        with self.database.write() as connection:
            if known := arrivals.opening(connection, key):
                return known.case
            case, _ = store.register(connection, process, prefix(process), message)
            arrivals.note(connection, key, arrived, case, "opened", started=False)
            return case

    def _file(self, message: Message, key: str, arrived: CaseId, case: CaseId) -> None:
        with self.database.write() as connection:
            store.file_message(connection, case, message)
            arrivals.note(connection, key, arrived, case, "joined", started=False)

    def _started(self, key: str) -> None:
        with self.database.write() as connection:
            arrivals.mark_started(connection, key)

    def _undone(self, case: CaseId) -> None:
        with self.database.write() as connection:
            arrivals.mark_undone_of(connection, case)


def casebook() -> Casebook:
    """The casebook of this process's environment; opened once for each."""
    return _opened(tuple(os.environ.get(name, "") for name in _NAMED))


@cache
def _opened(named: tuple[str, ...]) -> Casebook:
    settings = load()
    return Casebook(Database(settings.database_url), settings.home, discover(settings.project, ENGINE_MODULES).processes)
