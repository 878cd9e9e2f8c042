"""The one place that wires concrete things together: stores, policies, engine, activities."""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module

from temporalio.worker import Interceptor

from baton.cases import store as cases
from baton.cases.bookkeeping import Bookkeeping
from baton.documents.store import DocumentStore, open_store
from baton.governance.engine import Engine
from baton.governance.interceptors import Governance
from baton.governance.policy import Bundle, Policies
from baton.governance.stamps import StampCheck
from baton.governance.undoing import Undo, Undoing
from baton.ledger import Keys, Ledger
from baton.runtime.project import Activity, Project, discover
from baton.runtime.settings import Settings
from baton.store import Database
from baton.types.people import Person

ENGINE_MODULES: tuple[str, ...] = ("baton.documents.pages", "baton.doors.polling")
"""Baton's own modules that hold activities; every company's `activities/` and `agents/` are found without a list."""

ENGINE_WORKFLOWS: tuple[tuple[str, str], ...] = (("baton.doors.polling", "Poll"),)
"""Baton's own workflows that stand above the runtime: named, not imported."""


@dataclass
class Runtime:
    """Everything a worker or the command line needs, made once a process."""

    settings: Settings
    project: Project
    database: Database
    engine: Engine
    documents: DocumentStore
    interceptors: Sequence[Interceptor] = ()
    closing: ExitStack = field(default_factory=ExitStack)

    def activities(self, queue: str) -> list[Activity]:
        """What the workers of this queue can do; the engine's own bookkeeping runs with the cases."""
        found = self.project.on(queue)
        if queue != "work":
            return found
        return [*found, *Bookkeeping(self.engine).activities(), Undoing(self.engine).take_back]

    @property
    def workflows(self) -> list[type]:
        """Every process, and the engine's own undo."""
        return [*self.project.workflows, Undo, *(getattr(import_module(module), name) for module, name in ENGINE_WORKFLOWS)]

    def close(self) -> None:
        """Close what was opened, the last first."""
        self.closing.close()


def build(settings: Settings) -> Runtime:
    """Open the stores, load the policies and wire the engine. Raises a `BatonError` naming what does not fit."""
    project = discover(settings.project, ENGINE_MODULES)
    closing = ExitStack()
    database = Database(settings.database_url)
    closing.callback(database.close)
    engine = Engine(
        database=database,
        ledger=Ledger(database, Keys(settings.home)),
        policies=load_policies(project),
        stamps=StampCheck.at(settings.home),
        declarations=project.declarations,
        prefixes={name: prefix(name) for name in project.processes},
    )
    return Runtime(settings, project, database, engine, open_store(settings.home), [Governance(engine)], closing)


def prepare(runtime: Runtime) -> None:
    """What has to stand before the first case: the staff, and the text of the policies that will judge."""
    runtime.engine.keep_bundle()
    if staff := _directory():
        with runtime.database.write() as connection:
            cases.keep_people(connection, staff())


def prefix(process: str) -> str:
    """`warranty_claim` has cases `WC-1001`, `WC-1002`, ..."""
    return "".join(word[0] for word in process.split("_")).upper().ljust(2, process[-1].upper())


def load_policies(project: Project) -> Policies:
    """The policies of a project, checked. Raises `PolicyProblem` naming file and line."""
    effects = [declared for declared in project.declarations.values() if declared.kind == "effect"]
    return Policies(Bundle.load(project.root / "policies"), effects)


def _directory() -> Callable[[], list[Person]] | None:
    """The company's staff directory: the one function in `activities/` that is marked so."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("activities.")]
    found = [item for module in modules for item in vars(module).values() if hasattr(item, "__baton_directory__")]
    return found[0] if found else None
